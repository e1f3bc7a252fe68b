import EntropyCoding
import ImagePlanes
import Platform

extension SectionRunner {
  /// Codes an image.
  ///
  /// - Returns: the streams: [variant][section].
  package func encode(
    _ image: Image, _ sections: TileSections, with codec: some TileCodec
  ) throws(SectionError) -> [[[UInt8]]] {
    var codec = codec
    codec.stop = stop
    let streams = try run(Work(codec, sections)) {
      [codec] index, threads throws(EntropyCodingError) in
      try codec.encode(image, sections.tiles(of: index), threads: threads)
    }
    return (0..<codec.variants).map { variant in streams.map { $0[variant] } }
  }

  /// Decodes an image, or a part of it.
  ///
  /// - Parameters:
  ///   - file: the bytes that the streams are in.
  ///   - streams: where each section's is.
  ///   - sections: as many.
  ///   - codec: as it was coded with.
  ///   - small: the small image, for a codec that is given one.
  ///   - part: the pixels that are wanted; nil for all. Sections without any are left out.
  ///   - image: where the values go: of the grid's size or of the part's, with the tiles' planes.
  ///   - onTile: is told of each tile that has been decoded, at least in part; from any thread.
  /// - Throws: `SectionError`; what the image holds then is worth nothing.
  package func decode(
    _ file: [UInt8], _ streams: [Range<Int>], _ sections: TileSections, with codec: some TileCodec,
    small: Image? = nil, part: TileRectangle? = nil, into image: inout Image,
    onTile: (@Sendable (TileRectangle) -> Void)? = nil
  ) throws(SectionError) {
    var codec = codec
    codec.stop = stop
    let target = Target(image)
    // So that the target is the image's only owner.
    image.planes = []
    defer { image = target.take() }
    let needed = (0..<sections.count).filter { index in
      part.map { part in sections.tiles(of: index).contains { $0.intersection(part) != nil } }
        ?? true
    }
    let isWhole = image.width == sections.grid.width && image.height == sections.grid.height
    let (row, column) = isWhole ? (0, 0) : (part?.row ?? 0, part?.column ?? 0)
    do throws(SectionError) {
      _ = try run(Work(codec, sections, needed: needed)) {
        [codec] index, threads throws(EntropyCodingError) in
        try codec.decode(
          file[streams[needed[index]]], sections.tiles(of: needed[index]), small: small,
          wanted: part, threads: threads
        ) { tile, rectangle in
          target.add(tile, row: rectangle.row - row, column: rectangle.column - column)
          onTile?(rectangle)
        }
      }
    } catch {
      throw SectionError(section: needed[error.section], error: error.error)
    }
  }
}

extension SectionRunner {
  /// Decodes as much of an image as can be: a section that fails costs no other one.
  ///
  /// - Parameters: as `decode`; `streams` has nil for a section that is not there.
  /// - Returns: the sections that were not there or have failed, the latter with their error. Their
  ///   tiles are 0.
  package func decodeEach(
    _ file: [UInt8], _ streams: [Range<Int>?], _ sections: TileSections,
    with codec: some TileCodec, small: Image? = nil, into image: inout Image
  ) -> [(section: Int, error: EntropyCodingError?)] {
    let target = Target(image)
    image.planes = []
    defer { image = target.take() }
    let outcomes = try? run(
      Work(codec, sections)
    ) { index, threads throws(EntropyCodingError) -> Outcome in
      guard index < streams.count, let stream = streams[index] else { return .missing }
      var tiles: [(Tile, TileRectangle)] = []
      do throws(EntropyCodingError) {
        try codec.decode(
          file[stream], sections.tiles(of: index), small: small, wanted: nil, threads: threads
        ) { tile, rectangle in tiles.append((tile, rectangle)) }
      } catch {
        return .failed(error)
      }
      for (tile, rectangle) in tiles {
        target.add(tile, row: rectangle.row, column: rectangle.column)
      }
      return .done
    }
    // The body throws nothing.
    return (outcomes ?? []).enumerated().compactMap { index, outcome in
      switch outcome {
      case .done: nil
      case .missing: (index, nil)
      case .failed(let error): (index, error)
      }
    }
  }

  private enum Outcome: Sendable {
    case done
    case missing
    case failed(EntropyCodingError)
  }
}

/// An image that several threads put tiles into.
private final class Target: @unchecked Sendable {
  private let lock = Lock()
  private var image: Image

  init(_ image: Image) { self.image = image }

  func add(_ tile: Tile, row: Int, column: Int) {
    lock.withLock { tile.write(to: &image, row: row, column: column) }
  }

  func take() -> Image {
    lock.withLock {
      let taken = image
      image.planes = []
      return taken
    }
  }
}
