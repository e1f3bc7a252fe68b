import CAdaptive
import EntropyCoding
import ImagePlanes
import Platform
import TileCoding

/// Codes tiles of pictures with few colours, flat areas, text and repeats (FORMAT.md, section 11).
package struct GraphicsTileCodec: TileCodec {
  /// How hard it tries, 1 to `levels`.
  package let level: UInt8
  /// How many colours there are if the one plane numbers them, 1 to 256; else 0.
  package let colours: Int
  /// The planes in the order in which a pixel's values are coded: alpha first, green before red.
  private let order: [Int]
  private let hasAlpha: Bool
  /// The version of the arithmetic; all give the same bytes.
  private let instructions: InstructionSet

  /// How many levels there are.
  package static let levels = UInt8(PRN_GRAPHICS_LEVELS)

  /// - Parameters:
  ///   - planes: how many, in the order gray or red, green, blue, then alpha; 1 to 4.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - colours: how many the one plane numbers, 1 to 256; 0 for values.
  ///   - level: 1 to `levels`.
  ///   - instructions: the version of the arithmetic.
  package init(
    planes: Int, hasAlpha: Bool, colours: Int = 0, level: UInt8,
    instructions: InstructionSet = .current
  ) {
    self.level = level
    self.colours = colours
    self.hasAlpha = hasAlpha && planes > 1
    self.instructions = instructions
    let values = planes - (self.hasAlpha ? 1 : 0)
    order =
      (self.hasAlpha ? [planes - 1] : []) + (values == 3 ? [1, 0, 2] : Array(0..<max(values, 0)))
  }

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  private func shape(rows: Int, columns: Int) -> prn_graphics_shape {
    prn_graphics_shape(
      rows: Int32(clamping: rows), columns: Int32(clamping: columns),
      channels: Int32(clamping: order.count), has_alpha: hasAlpha ? 1 : 0,
      colours: Int32(clamping: colours), level: Int32(level))
  }

  package func memory(rows: Int, columns: Int) -> Int {
    var shape = shape(rows: rows, columns: columns)
    return prn_graphics_memory(&shape)
      + Tile.memory(rows: rows, columns: columns, colours: order.count)
  }

  /// Whether a tile that numbers colours has no number beyond them, as the bits of a damaged stream
  /// may give.
  private func numbersAreOfColours(_ tile: Tile) -> Bool {
    guard colours > 0, colours < 256 else { return true }
    let plane = UnsafeBufferPointer(start: tile.plane(0), count: tile.rows * tile.columns)
    return plane.allSatisfy { Int($0) < colours }
  }

  private func codec(of tile: Tile) throws(EntropyCodingError) -> OpaquePointer {
    var shape = shape(rows: tile.rows, columns: tile.columns)
    guard let codec = prn_graphics_create(&shape, instructions.rawValue) else {
      throw .outOfMemory
    }
    return codec
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    let encoder = RangeEncoder()
    for rectangle in tiles {
      guard let tile = Tile(image, rectangle), image.planes.count == order.count else {
        throw .outOfMemory
      }
      let codec = try codec(of: tile)
      defer { prn_graphics_destroy(codec) }
      let planes = order.map { UnsafePointer(tile.plane($0)) as UnsafePointer<UInt8>? }
      planes.withUnsafeBufferPointer {
        prn_graphics_encode(codec, encoder.state, $0.baseAddress, nil, nil)
      }
    }
    return [try encoder.finish()]
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, threads: Int,
    take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    let decoder = RangeDecoder(stream)
    if decoder.lacksMemory { throw .outOfMemory }
    for rectangle in tiles {
      guard
        let tile = Tile(rows: rectangle.height, columns: rectangle.width, colours: order.count)
      else { throw .outOfMemory }
      let codec = try codec(of: tile)
      defer { prn_graphics_destroy(codec) }
      let planes = order.map { tile.plane($0) as UnsafeMutablePointer<UInt8>? }
      let status = planes.withUnsafeBufferPointer {
        prn_graphics_decode(codec, decoder.state, $0.baseAddress, nil)
      }
      guard status == Int32(PRN_GRAPHICS_DONE), numbersAreOfColours(tile) else {
        throw .outsideAnyInterval
      }
      take(tile, rectangle)
    }
    try decoder.finish()
  }
}
