import Container
import ImagePlanes
import PNGFile

// The frames of an animation, coded as films: some of them, one below the other, in an image.

/// What is coded of a file instead of the chunks of its animation.
struct CodedFilms {
  /// The chunks of the file, without the data of the frames.
  var metadata: Metadata
  /// Of each film the prn file.
  var films: [[UInt8]]
}

extension Compressor {
  /// Films end before a frame with which they would have more pixels.
  private static let filmPixels = 1 << 24
  /// Bytes of frames that are coded among the chunks, to compare: coding takes time.
  private static let codedFrames = 1 << 16
  /// So many pixels may be beside narrow frames, before a film has twice the pixels of its frames.
  private static let freePixels = 1 << 16

  /// The frames of an animation as films.
  ///
  /// Complexity: that of coding the frames.
  ///
  /// - Parameters:
  ///   - information: of the file.
  ///   - heldBytes: of what is held meanwhile.
  ///   - progress: is told the share done, 0 to 1.
  /// - Returns: the films; nil where there is no animation, or its chunks are kept as they are:
  ///   they break the rules, cannot be decoded, are over the limits, or are no larger than films.
  /// - Throws: `PRNZipError`.
  func films(
    of information: InputInformation, heldBytes: Int, _ progress: (Double) -> Void
  ) throws(PRNZipError) -> CodedFilms? {
    guard let (animation, png) = information.animation else { return nil }
    let sizes = animation.frames.map { FilmLayout.Size(width: $0.width, height: $0.height) }
    let layouts = FilmLayout.layouts(
      of: sizes, most: Self.filmPixels, free: Self.freePixels)
    guard areAllowed(layouts, of: information) else { return nil }
    var metadata = Metadata(animation.chunks)
    metadata.trailing = information.metadata.trailing
    let all = Double(layouts.reduce(0) { $0 + $1.pixels })
    var done = 0.0
    var coded = CodedFilms(metadata: metadata, films: [])
    for layout in layouts {
      try options.cancellation.check()
      guard let film = film(layout, animation, png),
        let file = try file(of: film, metadata, heldBytes: heldBytes)
      else { return nil }
      coded.films.append(file)
      done += Double(layout.pixels)
      progress(done / all)
    }
    let size = coded.films.reduce(0) { $0 + Section.size(payload: $1.count) }
    return try size < sizeOfFrames(animation, information, coded) ? coded : nil
  }

  /// Bytes that the data of frames takes among the chunks.
  private func sizeOfFrames(
    _ animation: Animation, _ information: InputInformation, _ coded: CodedFilms
  ) throws(PRNZipError) -> Int {
    let size = animation.frames.reduce(0) { $0 + $1.dataSize }
    // What is deflated becomes no smaller, but for small frames that are alike.
    guard size <= Self.codedFrames else { return size }
    return try MetadataCoding.encode(information.metadata).payload.count
      - MetadataCoding.encode(coded.metadata).payload.count
  }

  /// Whether a decoder with the same limits takes them.
  private func areAllowed(_ layouts: [FilmLayout], of information: InputInformation) -> Bool {
    let limits = options.limits
    var pixels = information.width * information.height
    for layout in layouts {
      let (film, overflow) = layout.width.multipliedReportingOverflow(by: layout.height)
      guard !overflow, film <= options.wholePixels, film <= limits.maximumPixels - pixels else {
        return false
      }
      pixels += film
    }
    return pixels <= limits.maximumBytes / information.format.planeCount / 2
  }

  /// The image of a film; nil where a frame cannot be decoded.
  private func film(
    _ layout: FilmLayout, _ animation: Animation, _ png: PNGInformation
  ) -> Image? {
    guard
      var film = try? Image(png.pixelFormat, width: layout.width, height: layout.height)
    else { return nil }
    for (index, row) in zip(layout.frames, layout.rows) {
      let frame = animation.frames[index]
      guard let image = try? animation.image(of: frame, png, limits: options.limits.png) else {
        return nil
      }
      film.paste(image, row: row, column: 0)
    }
    return film
  }

  /// The prn file of a film, whose palette is that of `metadata`; nil where nothing codes it, or a
  /// decoder would refuse it.
  private func file(
    of film: Image, _ metadata: Metadata, heldBytes: Int
  ) throws(PRNZipError) -> [UInt8]? {
    guard let coded = try Layouts(film, metadata, options, heldBytes: heldBytes).smallest(nil),
      coded.isInProportion(to: film)
    else { return nil }
    let information = InputInformation(
      plain: film.format, width: film.width, height: film.height)
    let file = try file(of: film, information, Metadata(), coded)
    if options.verify {
      let decompressor = Decompressor(decompressorOptions)
      guard try decompressor.film(file, metadata) == film else { throw .verificationFailed }
    }
    return file
  }
}
