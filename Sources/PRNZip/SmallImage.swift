import Mixing
import Container
import EntropyCoding
import ImagePlanes
import PixelNetwork

/// The coding of an image's small image, which a multi-scale network is given (FORMAT.md, sections 1.2 and 5.6).
struct SmallImage: Sendable {
  /// Its tiles, as wide and high as the image's.
  let grid: TileGrid
  /// Its model.
  let network: PixelCNN
  /// Which of them share a section.
  let sections: TileSections
  private let scale: Int

  /// nil where a network's `scale` is 1.
  ///
  /// - Parameters:
  ///   - network: the image's.
  ///   - grid: the image's.
  ///   - tilesPerSection: the image's.
  init?(of network: PixelCNN, _ grid: TileGrid, tilesPerSection: Int) {
    guard let small = network.small else { return nil }
    let architecture = network.architecture
    self.network = small
    scale = architecture.scale
    self.grid = TileGrid(
      width: architecture.smallExtent(grid.width), height: architecture.smallExtent(grid.height),
      tileWidth: grid.tileWidth, tileHeight: grid.tileHeight)
    sections = TileSections(tiles: tilesPerSection, of: self.grid.count)
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
  /// - Returns: the range coder's bytes of each section.
  /// - Throws: `PRNZipError.limitExceeded`, `.corruptSmallTile` (out of memory).
  func encode(
    _ image: Image, threads: Int, limits: Limits
  ) throws(PRNZipError) -> [[UInt8]] {
    let streams = Collected(
      [[UInt8]](repeating: [], count: sections.count), total: sections.count, progress: nil)
    try forEachSection(threads: threads, limits) { codec, index throws(EntropyCodingError) in
      let tiles = sections[index].lazy.map { image.crop(grid[$0]) }
      let stream = try codec.streams(tiles, mixings: [codec.mixing])[0]
      streams.add(pixels: 0) { $0[index] = stream }
    }
    return streams.take(leaving: [])
  }

  /// - Parameters:
  ///   - prn: the file.
  ///   - payloads: where in it the range coder's bytes of each section are.
  ///   - threads: 1 or more.
  ///   - limits: of memory.
  /// - Returns: the small image.
  /// - Throws: `PRNZipError.limitExceeded`, `.corruptSmallTile`; `.container(.corrupt)` for another number of sections.
  func decode(
    _ prn: [UInt8], _ payloads: [Range<Int>], threads: Int, limits: Limits
  ) throws(PRNZipError) -> Image {
    guard payloads.count == sections.count else {
      throw .container(
        .corrupt(
          reason: "\(payloads.count) sections of a small image instead of \(sections.count)"))
    }
    let image = Collected(
      Image(width: grid.width, height: grid.height, colours: network.architecture.colours),
      total: grid.count, progress: nil)
    try forEachSection(threads: threads, limits) { codec, index throws(EntropyCodingError) in
      let tiles = sections[index]
      try codec.decode(
        Array(prn[payloads[index]]), sizes: tiles.lazy.map { (grid[$0].height, grid[$0].width) }
      ) { number, tile in
        let rectangle = grid[tiles.lowerBound + number]
        image.add(pixels: 0) { $0.paste(tile, row: rectangle.row, column: rectangle.column) }
      }
    }
    return image.take(leaving: Image(width: 0, height: 0))
  }

  private func forEachSection(
    threads: Int, _ limits: Limits,
    _ body: @Sendable (TileCodec, Int) throws(EntropyCodingError) -> Void
  ) throws(PRNZipError) {
    try limits.check(tileOf: network, [MixingParameters(.pure)], grid)
    try limits.check(tiles: grid)
    try TileSchedule(
      count: sections.count, threads: threads,
      sharesTiles: !network.architecture.body.isSequential
    ).run {
      (index, threads) throws(PRNZipError) in
      do {
        try body(TileCodec(model: network, threads: threads), index)
      } catch {
        throw PRNZipError(tile: sections[index].lowerBound, isSmall: true, error)
      }
    }
  }
}
