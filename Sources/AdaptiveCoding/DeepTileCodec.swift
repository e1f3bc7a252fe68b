import CAdaptive
import EntropyCoding
import ImagePlanes
import Platform
import TileCoding

/// Codes tiles of samples of up to 16 bits (FORMAT.md, section 14): of each channel a plane of high
/// bytes, and one of low ones.
package struct DeepTileCodec: TileCodec {
  /// How many values each channel has, in the order of the planes.
  private let counts: [Int]
  /// The channels in the order in which a pixel's values are coded: green before red and blue.
  private let order: [Int]
  /// The version of the arithmetic that was asked for, if any; all give the same bytes.
  private let instructions: InstructionSet?

  /// - Parameters:
  ///   - counts: how many values each channel has, 1 to 65536; 1 to 4 channels, gray or red, green,
  ///     blue, then alpha.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init(counts: [Int], hasAlpha: Bool, instructions: InstructionSet? = .current) {
    self.counts = counts
    self.instructions = instructions
    let colours = counts.count - (hasAlpha && counts.count > 1 ? 1 : 0)
    order = colours == 3 ? [1, 0, 2] + Array(3..<counts.count) : Array(counts.indices)
  }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  private func version(_ tile: Tile) -> Int32 {
    Arithmetic.deep.version(instructions, samples: tile.rows * tile.columns * tile.colours)
  }

  package func memory(rows: Int, columns: Int) -> Int {
    prn_deep_memory(Int32(clamping: columns), Int32(clamping: rows), Int32(counts.count))
      + 2 * Tile.memory(rows: rows, columns: columns, colours: 2 * counts.count)
  }

  private var orderedCounts: [UInt32] { order.map { UInt32(counts[$0]) } }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let encoder = RangeEncoder()
    var bounds = prn_bounds(rows: .max, stop: stop?.pointer)
    for rectangle in tiles {
      guard let tile = Tile(image, rectangle), tile.colours == 2 * counts.count else {
        throw .outOfMemory
      }
      let size = tile.rows * tile.columns
      var samples = [UInt16](repeating: 0, count: size * counts.count)
      for (place, channel) in order.enumerated() {
        let (high, low) = (tile.plane(2 * channel), tile.plane(2 * channel + 1))
        for i in 0..<size { samples[place * size + i] = UInt16(high[i]) << 8 | UInt16(low[i]) }
      }
      let result = prn_deep_encode(
        encoder.state, samples, Int32(tile.columns), Int32(tile.rows), Int32(counts.count),
        orderedCounts, version(tile), nil, &bounds)
      guard result == PRN_DEEP_DONE else { throw .outOfMemory }
    }
    return [try encoder.finish()]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: 2 * counts.count, wanted: wanted, costs: costs, order: order,
      stop: stop,
      take: take
    ) { tile, _, decoder, bounds in
      let size = tile.rows * tile.columns
      var samples = [UInt16](repeating: 0, count: size * counts.count)
      let result = prn_deep_decode(
        decoder.state, &samples, Int32(tile.columns), Int32(tile.rows), Int32(counts.count),
        orderedCounts, version(tile), &bounds)
      guard result == PRN_DEEP_DONE else {
        return result == PRN_DEEP_OUT_OF_MEMORY ? .outOfMemory : .corrupt
      }
      for (place, channel) in order.enumerated() {
        let (high, low) = (tile.plane(2 * channel), tile.plane(2 * channel + 1))
        for i in 0..<size {
          high[i] = UInt8(samples[place * size + i] >> 8)
          low[i] = UInt8(truncatingIfNeeded: samples[place * size + i])
        }
      }
      return .done
    }
  }
}
