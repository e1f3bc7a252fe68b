import Bytes
import Container
import ImagePlanes
import PNGFile

// The frames of an animation, from films: some of them, one below the other, in an image.

/// The frames of an animation, as films have them.
struct DecodedFilms: Equatable {
  /// Where each frame comes from.
  let sources: FrameSources
  /// The films, and where their frames are.
  var films: [(image: Image, layout: FilmLayout)] = []

  static func == (a: DecodedFilms, b: DecodedFilms) -> Bool {
    a.sources == b.sources && a.films.map(\.image) == b.films.map(\.image)
  }

  /// The image of a frame; nil where it is that of the file, or there is no such frame.
  func image(_ number: Int) throws(OutOfMemory) -> Image? {
    guard sources.sources.indices.contains(number),
      case .film(let index) = sources.sources[number],
      let film = films.first(where: { $0.layout.frames.contains(index) })
    else { return nil }
    let size = sources.sizes[index]
    return try film.image.crop(
      TileRectangle(
        row: film.layout.rows[index - film.layout.frames.lowerBound], column: 0,
        height: size.height, width: size.width))
  }
}

extension Decompressor.Modelled {
  /// The image of a frame of the animation; nil if there is none.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func frame(_ number: Int) throws(PRNZipError) -> Image? {
    guard let films, films.sources.sources.indices.contains(number) else { return nil }
    if films.sources.sources[number] == .image { return image }
    do throws(OutOfMemory) {
      return try films.image(number)
    } catch {
      throw .outOfMemory(error)
    }
  }
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
  /// - Returns: the films, which hold all frames that the metadata has; nil if there are none.
  /// - Throws: `PRNZipError.container`, `limitExceeded`, `outOfMemory`, `unknownModel`,
  ///   `cancelled`.
  func films(
    _ sections: [Section], of header: Header, _ metadata: Metadata, _ prn: [UInt8],
    _ progress: (Double) -> Void
  ) throws(PRNZipError) -> DecodedFilms? {
    guard header.filmCount != nil else { return nil }
    guard let frames = Animation.frames(of: metadata.chunks),
      let sources = FrameSources(frames, width: header.width, height: header.height)
    else { throw .container(.corrupt(reason: "films of no animation")) }
    try check(frames, of: header)
    // All of them are looked at before one is decoded.
    var layouts: [FilmLayout] = []
    var pixels = header.width * header.height
    for (number, section) in sections.enumerated() {
      let film = try Self.inFilm(number) { () throws(PRNZipError) in
        try PRNZipError.container { () throws(ContainerError) in
          try Self.start(of: prn[section.payload], like: header)
        }
      }
      let layout = FilmLayout(
        of: sources.sizes, from: layouts.last?.frames.upperBound ?? 0, width: film.width,
        height: film.height)
      guard let layout else {
        throw .container(.corrupt(reason: "film \(number) has frames of another size"))
      }
      layouts.append(layout)
      pixels += film.width * film.height
      try check(pixels: pixels, planes: header.channelCount)
    }
    guard layouts.last?.frames.upperBound ?? 0 == sources.sizes.count else {
      throw .container(.corrupt(reason: "fewer frames in films than in the metadata"))
    }
    var films = DecodedFilms(sources: sources)
    for (number, (section, layout)) in zip(sections, layouts).enumerated() {
      try options.cancellation.check()
      let image = try Self.inFilm(number) { () throws(PRNZipError) in
        try film(prn[section.payload], metadata)
      }
      films.films.append((image, layout))
      progress(Double(number + 1) / Double(sections.count))
    }
    return films
  }

  /// The image of a film, decoded and verified. `payload` is its prn file, `metadata` those of the
  /// file around it, which have the palette.
  private func film(
    _ payload: ArraySlice<UInt8>, _ metadata: Metadata
  ) throws(PRNZipError) -> Image {
    guard Memory.canAllocate(payload.count) else {
      throw .outOfMemory(OutOfMemory(bytes: payload.count))
    }
    let bytes = Array(payload)
    let file = try PRNZipError.container { () throws(ContainerError) in try PRNFile(bytes) }
    guard file.metadata == nil else {
      throw .container(.corrupt(reason: "metadata of its own"))
    }
    let image = try image(file, metadata, bytes, nil)
    try verify(file.header, Digest.of(image))
    return image
  }

  /// The chunks of a file, with the frames of its animation.
  ///
  /// Complexity: O(pixels of the films), and the bytes of the chunks.
  ///
  /// - Throws: `PRNZipError.png`, `limitExceeded`, `outOfMemory`, `cancelled`.
  func chunks(of content: Modelled) throws(PRNZipError) -> [PNGChunk] {
    let chunks = content.metadata.chunks
    guard let films = content.films else { return chunks }
    // A frame that comes again is deflated once.
    var streams: [FrameSources.Source: [UInt8]] = [:]
    var bytes = 0
    return try Animation.encode(chunks) { number throws(PRNZipError) in
      try options.cancellation.check()
      let source = films.sources.sources[number]
      let stream: [UInt8]
      if let made = streams[source] {
        stream = made
      } else {
        stream = try self.stream(of: number, in: content)
        streams[source] = stream
      }
      bytes += stream.count
      guard bytes <= options.limits.maximumBytes else {
        throw .limitExceeded(
          what: "bytes of memory", value: bytes, limit: options.limits.maximumBytes)
      }
      guard Memory.canAllocate(2 * stream.count) else {
        throw .outOfMemory(OutOfMemory(bytes: 2 * stream.count))
      }
      return stream
    }
  }

  private func stream(
    of number: Int, in content: Modelled
  ) throws(PRNZipError) -> [UInt8] {
    guard let frame = try content.frame(number) else {
      throw .container(.corrupt(reason: "frame \(number) is missing"))
    }
    return try PRNZipError.png { () throws(PNGError) in
      try Animation.stream(
        of: frame, content.metadata.chunks, isInterlaced: content.isInterlaced,
        level: options.level)
    }
  }

  /// The header of a film, which has to be one of such pixels.
  private static func start(
    of film: ArraySlice<UInt8>, like header: Header
  ) throws(ContainerError) -> Header {
    let film = try Header.decode(Array(film.prefix(Header.mostBytes + 64))).header
    guard film.contentKind == .modelled, !film.isPNM, !film.isInterlaced, film.filmCount == nil,
      film.colourType == header.colourType, film.sampleDepth == header.sampleDepth
    else { throw .corrupt(reason: "pixels of another kind") }
    return film
  }

  /// Checks how many pixels all frames have, however often they come: all are written.
  private func check(_ frames: [Animation.Frame], of header: Header) throws(PRNZipError) {
    var pixels = header.width * header.height
    for frame in frames {
      let (frame, overflow) = frame.width.multipliedReportingOverflow(by: frame.height)
      pixels += overflow ? 0 : min(frame, Header.largestPixelCount)
      guard !overflow, pixels <= options.limits.maximumPixels else {
        throw .limitExceeded(
          what: "pixels", value: overflow ? .max : pixels, limit: options.limits.maximumPixels)
      }
    }
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
