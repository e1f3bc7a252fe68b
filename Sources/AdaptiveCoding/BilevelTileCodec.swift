import CAdaptive
import EntropyCoding
import ImagePlanes
import Platform
import TileCoding

/// Codes tiles of one plane of values of 1, 2 or 4 bits (FORMAT.md, section 13).
package struct BilevelTileCodec: TileCodec {
  /// Bits of a value: 1, 2 or 4.
  package let depth: UInt8
  /// The version of the arithmetic that was asked for, if any; all give the same bytes.
  private let instructions: InstructionSet?

  /// - Parameters:
  ///   - depth: bits of a value: 1, 2 or 4.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init(depth: UInt8, instructions: InstructionSet? = .current) {
    self.depth = depth
    self.instructions = instructions
  }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  private func version(_ tile: Tile) -> Int32 {
    Arithmetic.bilevel.version(instructions, samples: tile.rows * tile.columns * tile.colours)
  }

  package func memory(rows: Int, columns: Int) -> Int {
    prn_bilevel_memory(Int32(clamping: columns), Int32(clamping: rows), Int32(depth))
      + Tile.memory(rows: rows, columns: columns, colours: 1)
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let encoder = RangeEncoder()
    var bounds = prn_bounds(rows: .max, stop: stop?.pointer)
    for rectangle in tiles {
      guard let tile = Tile(image, rectangle) else { throw .outOfMemory }
      let result = prn_bilevel_encode(
        encoder.state, Int32(tile.columns), Int32(tile.rows), Int32(depth), tile.plane(0),
        tile.columns, version(tile), &bounds)
      guard result == PRN_BILEVEL_DONE else { throw .outOfMemory }
    }
    return [try encoder.finish()]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: 1, wanted: wanted, costs: costs, order: [0], stop: stop,
      take: take
    ) { tile, _, decoder, bounds in
      let result = prn_bilevel_decode(
        decoder.state, Int32(tile.columns), Int32(tile.rows), Int32(depth), tile.plane(0),
        tile.columns, version(tile), &bounds)
      switch result {
      case PRN_BILEVEL_DONE: return .done
      case PRN_BILEVEL_OUT_OF_MEMORY: return .outOfMemory
      default: return .corrupt
      }
    }
  }
}
