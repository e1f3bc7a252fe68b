import CAdaptive
import EntropyCoding
import ImagePlanes
import Platform
import TileCoding

/// Codes tiles of pictures with few colours, flat areas, text and repeats (FORMAT.md, section 11).
package struct GraphicsTileCodec: TileCodec {
  private let picture: PictureShape
  /// What the decoder knows of the image, and need not be coded.
  private let known: KnownPixels?
  /// The version of the arithmetic that was asked for, if any; all give the same bytes.
  private let instructions: InstructionSet?

  /// - Parameters:
  ///   - planes: how many, in the order gray or red, green, blue, then alpha; 1 to 4.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - colours: how many the one plane numbers, 1 to 256; 0 for values.
  ///   - known: what the decoder knows of the image; then the image has to be one tile.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init(
    planes: Int, hasAlpha: Bool, colours: Int = 0, known: KnownPixels? = nil,
    instructions: InstructionSet? = .current
  ) {
    picture = PictureShape(planes: planes, hasAlpha: hasAlpha, colours: colours)
    self.known = known
    self.instructions = instructions
  }

  package var stop: StopFlag?

  package var sharesTiles: Bool { false }

  package var variants: Int { 1 }

  package var costs: CostPlanes?

  private var order: [Int] { picture.order }

  private func version(_ tile: Tile) -> Int32 {
    Arithmetic.graphics.version(instructions, samples: tile.rows * tile.columns * tile.colours)
  }

  private func shape(rows: Int, columns: Int) -> prn_graphics_shape {
    prn_graphics_shape(
      rows: Int32(clamping: rows), columns: Int32(clamping: columns),
      channels: Int32(clamping: order.count), has_alpha: picture.hasAlpha ? 1 : 0,
      colours: Int32(clamping: picture.colours))
  }

  package func memory(rows: Int, columns: Int) -> Int {
    var shape = shape(rows: rows, columns: columns)
    return prn_graphics_memory(&shape)
      + Tile.memory(rows: rows, columns: columns, colours: order.count + 1)
  }

  private func codec(of tile: Tile) throws(EntropyCodingError) -> OpaquePointer {
    var shape = shape(rows: tile.rows, columns: tile.columns)
    guard let codec = prn_graphics_create(&shape, version(tile)) else {
      throw .outOfMemory
    }
    return codec
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    [try encode(image, tiles, costs: nil)]
  }

  /// Codes an image as one tile, and tells what each block of it took.
  ///
  /// - Returns: bits with 8 fraction bits, [row of blocks][column of blocks], of blocks of
  ///   `blockSide` pixels a side; and the bytes.
  /// - Throws: `EntropyCodingError.outOfMemory`, `cancelled`.
  package func costs(
    _ image: Image
  ) throws(EntropyCodingError) -> (costs: [UInt64], bytes: [UInt8]) {
    let side = Self.blockSide
    let blocks = ((image.width + side - 1) / side) * ((image.height + side - 1) / side)
    var costs = [UInt64](repeating: 0, count: blocks)
    let whole = TileRectangle(row: 0, column: 0, height: image.height, width: image.width)
    var result: Result<[UInt8], EntropyCodingError> = .success([])
    costs.withUnsafeMutableBufferPointer { costs in
      do throws(EntropyCodingError) {
        result = .success(try encode(image, [whole], costs: costs.baseAddress))
      } catch {
        result = .failure(error)
      }
    }
    try stop?.check()
    return (costs, try result.get())
  }

  /// Pixels of the side of a block that a cost is told of.
  package static let blockSide = Int(PRN_GRAPHICS_BLOCK)

  private func encode(
    _ image: Image, _ tiles: [TileRectangle], costs: UnsafeMutablePointer<UInt64>?
  ) throws(EntropyCodingError) -> [UInt8] {
    let encoder = RangeEncoder()
    var bounds = prn_bounds(rows: .max, stop: stop?.pointer)
    for rectangle in tiles {
      guard let tile = Tile(image, rectangle), image.planes.count == order.count else {
        throw .outOfMemory
      }
      let codec = try codec(of: tile)
      defer { prn_graphics_destroy(codec) }
      let planes = order.map { UnsafePointer(tile.plane($0)) as UnsafePointer<UInt8>? }
      let mask = known?.mask(rectangle) ?? []
      planes.withUnsafeBufferPointer { planes in
        mask.withUnsafeBufferPointer { mask in
          prn_graphics_encode(
            codec, encoder.state, planes.baseAddress, mask.isEmpty ? nil : mask.baseAddress, costs,
            &bounds)
        }
      }
    }
    return try encoder.finish()
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decodeTiles(
      stream, tiles, planes: order.count, wanted: wanted, costs: costs, order: order, stop: stop,
      take: take
    ) {
      (tile, rectangle, decoder, bounds) throws(EntropyCodingError) in
      let codec = try codec(of: tile)
      defer { prn_graphics_destroy(codec) }
      let planes = order.map { tile.plane($0) as UnsafeMutablePointer<UInt8>? }
      let mask = known?.mask(rectangle) ?? []
      known?.place(in: tile)
      let status = planes.withUnsafeBufferPointer { planes in
        mask.withUnsafeBufferPointer { mask in
          prn_graphics_decode(
            codec, decoder.state, planes.baseAddress, mask.isEmpty ? nil : mask.baseAddress,
            &bounds)
        }
      }
      return status == Int32(PRN_GRAPHICS_DONE) && picture.numbersAreOfColours(tile)
        ? .done : .corrupt
    }
  }
}
