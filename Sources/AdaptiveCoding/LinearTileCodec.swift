import CAdaptive
import EntropyCoding
import ImagePlanes
import Platform
import TileCoding

/// Codes tiles of 1 to 3 planes of photographs, fast (FORMAT.md, section 17).
package struct LinearTileCodec: TileCodec {
  /// How many planes there are, 1 to 3.
  package let planes: Int
  /// The version of the arithmetic that was asked for, if any; all give the same bytes.
  private let instructions: InstructionSet?

  /// The most planes.
  package static let mostPlanes = Int(PRN_LINEAR_PLANES)

  /// - Parameters:
  ///   - planes: 1 to 3: gray or red, green, blue.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init(planes: Int, instructions: InstructionSet? = .current) {
    self.planes = planes
    self.instructions = instructions
  }

  /// The planes in the order in which they are coded: green before red and blue.
  private var order: [Int] { planes == 3 ? [1, 0, 2] : Array(0..<max(planes, 0)) }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  private func version(_ tile: Tile) -> Int32 {
    Arithmetic.linear.version(instructions, samples: tile.rows * tile.columns * tile.colours)
  }

  package func memory(rows: Int, columns: Int) -> Int {
    prn_linear_memory(Int32(clamping: columns), Int32(clamping: rows), Int32(clamping: planes))
      + Tile.memory(rows: rows, columns: columns, colours: planes)
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let stream = try encodeTiles(image, tiles, planes: planes, stop: stop) {
      tile, encoder, bounds in
      let samples = order.map { UnsafePointer<UInt8>?(tile.plane($0)) }
      return prn_linear_encode(
        encoder.state, Int32(tile.columns), Int32(tile.rows), Int32(clamping: planes), samples,
        version(tile), &bounds) == PRN_LINEAR_DONE
    }
    return [stream]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: planes, wanted: wanted, costs: costs, order: order, stop: stop,
      take: take
    ) { tile, _, decoder, bounds in
      let samples = order.map { UnsafeMutablePointer<UInt8>?(tile.plane($0)) }
      let result = prn_linear_decode(
        decoder.state, Int32(tile.columns), Int32(tile.rows), Int32(clamping: planes), samples,
        version(tile), &bounds)
      switch result {
      case PRN_LINEAR_DONE: return .done
      case PRN_LINEAR_OUT_OF_MEMORY: return .outOfMemory
      default: return .corrupt
      }
    }
  }
}
