import Bytes
import Container
import ImagePlanes
import PNGFile

// The frames of an animation, from films: some of them, one below the other, in an image.

/// A film that was decoded.
struct DecodedFilm: Equatable {
  let image: Image
  let layout: FilmLayout
}

extension Decompressor {
  /// The films of a file, checked.
  ///
  /// - Parameters:
  ///   - sections: where they are.
  ///   - header: of the file.
  ///   - metadata: of the file.
  ///   - prn: the file.
  ///   - progress: is told the share done.
  /// - Returns: the films, which hold all frames that the metadata has.
  /// - Throws: `PRNZipError.container`, `limitExceeded`, `outOfMemory`, `unknownModel`,
  ///   `cancelled`.
  func films(
    _ sections: [Section], of header: Header, _ metadata: Metadata, _ prn: [UInt8],
    _ progress: (Double) -> Void
  ) throws(PRNZipError) -> [DecodedFilm] {
    guard !sections.isEmpty else { return [] }
    guard let sizes = Animation.sizes(of: metadata.chunks) else {
      throw .container(.corrupt(reason: "films of no animation"))
    }
    let all = sizes.map { FilmLayout.Size(width: $0.width, height: $0.height) }
    var films: [DecodedFilm] = []
    var pixels = header.width * header.height
    for (number, section) in sections.enumerated() {
      try options.cancellation.check()
      let film = try Self.inFilm(number) { () throws(PRNZipError) in
        guard Memory.canAllocate(section.payload.count) else {
          throw .outOfMemory(OutOfMemory(bytes: section.payload.count))
        }
        let bytes = Array(prn[section.payload])
        let first = films.last?.layout.frames.upperBound ?? 0
        let film = try PRNZipError.container { () throws(ContainerError) in
          try Self.start(of: bytes, like: header)
        }
        guard
          let layout = FilmLayout(
            of: all, from: first, width: film.width, height: film.height)
        else { throw .container(.corrupt(reason: "frames of another size")) }
        pixels += film.width * film.height
        try check(pixels: pixels, planes: header.channelCount)
        return DecodedFilm(image: try self.film(bytes, metadata), layout: layout)
      }
      films.append(film)
      progress(Double(number + 1) / Double(sections.count))
    }
    guard films.last?.layout.frames.upperBound == all.count else {
      throw .container(.corrupt(reason: "fewer frames in films than in the metadata"))
    }
    return films
  }

  /// The image of a film, decoded and verified.
  ///
  /// - Parameters:
  ///   - bytes: its prn file.
  ///   - metadata: of the file around it, which has the palette.
  /// - Returns: the image.
  /// - Throws: `PRNZipError`.
  func film(_ bytes: [UInt8], _ metadata: Metadata) throws(PRNZipError) -> Image {
    let file = try PRNZipError.container { () throws(ContainerError) in try PRNFile(bytes) }
    guard file.metadata == nil else {
      throw .container(.corrupt(reason: "metadata of its own"))
    }
    let image = try image(file, metadata, bytes, nil)
    try verify(file.header, Digest.of(image))
    return image
  }

  /// The chunks of an animation with its frames; all chunks if there are no films.
  ///
  /// - Throws: `PRNZipError.png`, `outOfMemory`, `cancelled`.
  func chunks(
    _ metadata: Metadata, _ films: [DecodedFilm], isInterlaced: Bool
  ) throws(PRNZipError) -> [PNGChunk] {
    guard !films.isEmpty, let sizes = Animation.sizes(of: metadata.chunks) else {
      return metadata.chunks
    }
    var places = films.flatMap { film in
      zip(film.layout.frames, film.layout.rows).map { (film.image, $0, $1) }
    }[...]
    do throws(PNGError) {
      return try Animation.encode(
        metadata.chunks, isInterlaced: isInterlaced, level: options.level
      ) { () throws(PNGError) in
        guard let (film, frame, row) = places.popFirst() else {
          throw .illegalMetadata("a frame without an image")
        }
        do throws(OutOfMemory) {
          return try film.crop(
            TileRectangle(
              row: row, column: 0, height: sizes[frame].height, width: sizes[frame].width))
        } catch {
          throw .outOfMemory(error)
        }
      }
    } catch {
      throw PRNZipError(error)
    }
  }

  /// The header of a film, which has to be one of such pixels.
  private static func start(
    of bytes: [UInt8], like header: Header
  ) throws(ContainerError) -> Header {
    let film = try Header.decode(bytes).header
    guard film.contentKind == .modelled, !film.isPNM, !film.isInterlaced, film.filmCount == 0,
      film.colourType == header.colourType, film.sampleDepth == header.sampleDepth
    else { throw .corrupt(reason: "pixels of another kind") }
    return film
  }

  /// Checks how many pixels an image and its films have together.
  private func check(pixels: Int, planes: Int) throws(PRNZipError) {
    guard pixels <= options.limits.maximumPixels else {
      throw .limitExceeded(what: "pixels", value: pixels, limit: options.limits.maximumPixels)
    }
    // Samples of 16 bits have two planes.
    let bytes = 2 * planes * pixels
    guard bytes <= options.limits.maximumBytes else {
      throw .limitExceeded(
        what: "bytes of memory", value: bytes, limit: options.limits.maximumBytes)
    }
  }

  /// Says of what is wrong in a film that it is there.
  private static func inFilm<Result>(
    _ number: Int, _ body: () throws(PRNZipError) -> Result
  ) throws(PRNZipError) -> Result {
    do throws(PRNZipError) {
      return try body()
    } catch {
      switch error {
      case .limitExceeded, .outOfMemory, .unknownModel, .cancelled: throw error
      default: throw .container(.corrupt(reason: "film \(number): \(error)"))
      }
    }
  }
}
