import Container
import EntropyCoding
import ImagePlanes
import PixelModels

/// The coding of an image's small image, which a multi-scale network is given (FORMAT.md, sections 1.2 and 5.6).
struct SmallImage: Sendable {
  /// Its tiles, as wide and high as the image's.
  let grid: TileGrid
  /// Its model.
  let network: PixelCNN
  private let scale: Int

  /// nil where a network's `scale` is 1.
  ///
  /// - Parameters:
  ///   - network: the image's.
  ///   - grid: the image's.
  init?(of network: PixelCNN, _ grid: TileGrid) {
    guard let small = network.small else { return nil }
    let architecture = network.architecture
    self.network = small
    scale = architecture.scale
    self.grid = TileGrid(
      width: architecture.smallExtent(grid.width), height: architecture.smallExtent(grid.height),
      tileWidth: grid.tileWidth, tileHeight: grid.tileHeight)
  }

  /// The part of it that lies under a tile of the image.
  ///
  /// - Parameters:
  ///   - tile: its row and column are multiples of the scale.
  ///   - image: the small image.
  /// - Returns: its rectangle.
  func part(under tile: TileRectangle, of image: Image) -> Image {
    image.crop(
      TileRectangle(
        row: tile.row / scale, column: tile.column / scale,
        height: (tile.height + scale - 1) / scale, width: (tile.width + scale - 1) / scale))
  }

  /// Always with the softmax alone.
  ///
  /// - Returns: the range coder's bytes of each tile.
  /// - Throws: `PRNZipError.limitExceeded`, `.corruptSmallTile` (out of memory).
  func encode(
    _ image: Image, threads: Int, limits: Limits
  ) throws(PRNZipError) -> [[UInt8]] {
    let tiles = Collected(
      [[UInt8]](repeating: [], count: grid.count), total: grid.count, progress: nil)
    try forEachTile(threads: threads, limits) { codec, index throws(EntropyCodingError) in
      let stream = try codec.encode(image.crop(grid[index]))
      tiles.add(pixels: 0) { $0[index] = stream }
    }
    return tiles.take(leaving: [])
  }

  /// - Parameters:
  ///   - prn: the file.
  ///   - payloads: where in it the range coder's bytes of each tile are.
  ///   - threads: 1 or more.
  ///   - limits: of memory.
  /// - Returns: the small image.
  /// - Throws: `PRNZipError.limitExceeded`, `.corruptSmallTile`; `.container(.corrupt)` for another number of tiles.
  func decode(
    _ prn: [UInt8], _ payloads: [Range<Int>], threads: Int, limits: Limits
  ) throws(PRNZipError) -> Image {
    guard payloads.count == grid.count else {
      throw .container(
        .corrupt(reason: "\(payloads.count) tiles of a small image instead of \(grid.count)"))
    }
    let image = Collected(
      Image(width: grid.width, height: grid.height, colours: network.architecture.colours),
      total: grid.count, progress: nil)
    try forEachTile(threads: threads, limits) { codec, index throws(EntropyCodingError) in
      let rectangle = grid[index]
      let tile = try codec.decode(
        Array(prn[payloads[index]]), rows: rectangle.height, columns: rectangle.width)
      image.add(pixels: 0) { $0.paste(tile, row: rectangle.row, column: rectangle.column) }
    }
    return image.take(leaving: Image(width: 0, height: 0))
  }

  private func forEachTile(
    threads: Int, _ limits: Limits,
    _ body: @Sendable (TileCodec, Int) throws(EntropyCodingError) -> Void
  ) throws(PRNZipError) {
    try limits.check(tileOf: network, .pure, grid)
    try TileSchedule(
      count: grid.count, threads: threads,
      sharesTiles: !network.architecture.body.isSequential
    ).run {
      (index, threads) throws(PRNZipError) in
      do {
        try body(TileCodec(model: network, threads: threads), index)
      } catch {
        throw PRNZipError(tile: index, isSmall: true, error)
      }
    }
  }
}
