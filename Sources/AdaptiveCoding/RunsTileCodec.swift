import CAdaptive
import EntropyCoding
import ImagePlanes
import TileCoding

/// Codes tiles of pictures with few colours, flat areas, text and repeats, fast (FORMAT.md, section
/// 18). Its code is the same on every machine: there is one version of it.
package struct RunsTileCodec: TileCodec {
  private let picture: PictureShape

  /// - Parameters:
  ///   - planes: how many, in the order gray or red, green, blue, then alpha; 1 to 4.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - colours: how many the one plane numbers, 1 to 256; 0 for values.
  package init(planes: Int, hasAlpha: Bool, colours: Int = 0) {
    picture = PictureShape(planes: planes, hasAlpha: hasAlpha, colours: colours)
  }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  private var planes: Int { picture.order.count }

  private func shape(rows: Int, columns: Int) -> prn_runs_shape {
    prn_runs_shape(
      rows: Int32(clamping: rows), columns: Int32(clamping: columns),
      channels: Int32(clamping: planes), has_alpha: picture.hasAlpha ? 1 : 0,
      colours: Int32(clamping: picture.colours))
  }

  package func memory(rows: Int, columns: Int) -> Int {
    var shape = shape(rows: rows, columns: columns)
    return prn_runs_memory(&shape) + Tile.memory(rows: rows, columns: columns, colours: planes)
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let stream = try encodeTiles(image, tiles, planes: planes, stop: stop) {
      tile, encoder, bounds in
      var shape = shape(rows: tile.rows, columns: tile.columns)
      let values = picture.order.map { UnsafePointer<UInt8>?(tile.plane($0)) }
      return prn_runs_encode(encoder.state, &shape, values, &bounds) == PRN_RUNS_DONE
    }
    return [stream]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: planes, wanted: wanted, costs: costs, order: picture.order, stop: stop,
      take: take
    ) { tile, _, decoder, bounds in
      var shape = shape(rows: tile.rows, columns: tile.columns)
      let values = picture.order.map { UnsafeMutablePointer<UInt8>?(tile.plane($0)) }
      switch prn_runs_decode(decoder.state, &shape, values, &bounds) {
      case PRN_RUNS_DONE: return picture.numbersAreOfColours(tile) ? .done : .corrupt
      case PRN_RUNS_OUT_OF_MEMORY: return .outOfMemory
      default: return .corrupt
      }
    }
  }
}
