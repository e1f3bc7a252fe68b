import CAdaptive
import EntropyCoding
import ImagePlanes
import TileCoding

/// Codes tiles of 1 to 3 planes of bytes that are nearly all 0 (FORMAT.md, section 16).
package struct SparseTileCodec: TileCodec {
  /// How many planes there are, 1 to 3.
  package let planes: Int

  /// The most planes.
  package static let mostPlanes = Int(PRN_SPARSE_PLANES)

  /// - Parameter planes: 1 to 3.
  package init(planes: Int) { self.planes = planes }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  package func memory(rows: Int, columns: Int) -> Int {
    prn_sparse_memory(Int32(clamping: columns), Int32(clamping: rows), Int32(clamping: planes))
      + Tile.memory(rows: rows, columns: columns, colours: planes)
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let stream = try encodeTiles(image, tiles, planes: planes, stop: stop) {
      tile, encoder, bounds in
      let values = (0..<planes).map { UnsafePointer<UInt8>?(tile.plane($0)) }
      return prn_sparse_encode(
        encoder.state, Int32(tile.columns), Int32(tile.rows), Int32(clamping: planes), values,
        &bounds) == PRN_SPARSE_DONE
    }
    return [stream]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: planes, wanted: wanted, costs: costs, order: Array(0..<planes),
      stop: stop,
      take: take
    ) { tile, _, decoder, bounds in
      let values = (0..<planes).map { UnsafeMutablePointer<UInt8>?(tile.plane($0)) }
      let result = prn_sparse_decode(
        decoder.state, Int32(tile.columns), Int32(tile.rows), Int32(clamping: planes), values,
        &bounds)
      switch result {
      case PRN_SPARSE_DONE: return .done
      case PRN_SPARSE_OUT_OF_MEMORY: return .outOfMemory
      default: return .corrupt
      }
    }
  }
}
