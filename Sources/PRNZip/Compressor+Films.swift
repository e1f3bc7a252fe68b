import Container
import ImagePlanes
import PNGFile

// The frames of an animation, coded as films: some of them, one below the other, in an image.

/// What is coded of a file instead of the chunks of its animation.
struct CodedFilms {
  /// The animation that is coded.
  let animation: Animation
  /// The chunks of the file, without the data of the frames.
  let metadata: Metadata
  /// Of each film the prn file.
  var films: [[UInt8]] = []

  /// Bytes of the films.
  var size: Int { films.reduce(0) { $0 + Section.size(payload: $1.count) } }
}

extension Compressor {
  /// Films end before a frame with which they would have more pixels.
  private static let filmPixels = 1 << 24
  /// So many pixels may be beside narrow frames, before a film has twice the pixels of its frames.
  private static let freePixels = 1 << 16

  /// The frames of an animation as films.
  ///
  /// Complexity: that of coding the frames.
  ///
  /// - Parameters:
  ///   - animation: of the file.
  ///   - png: the file.
  ///   - image: of the file.
  ///   - trailing: what is behind its end.
  ///   - heldBytes: of what is held meanwhile.
  ///   - progress: is told the share done, 0 to 1.
  /// - Returns: the films; nil where the chunks are kept as they are: frames cannot be decoded, or
  ///   are over the limits, or the chunks are no larger.
  /// - Throws: `PRNZipError`.
  func films(
    of animation: Animation, _ png: PNGInformation, _ image: Image, trailing: [UInt8],
    heldBytes: Int, _ progress: (Double) -> Void
  ) throws(PRNZipError) -> CodedFilms? {
    guard areAllowed(animation.frames, beside: image) else { return nil }
    let reader = FrameReader(animation: animation, png: png, limits: options.limits.png)
    let sources = try FrameSources(animation.frames) { frame throws(PRNZipError) in
      try options.cancellation.check()
      return frame.width == image.width && frame.height == image.height
        && reader.image(of: frame) == image
    }
    let layouts = FilmLayout.layouts(
      of: sources.sizes, most: Self.filmPixels, free: Self.freePixels)
    guard areAllowed(layouts, beside: image) else { return nil }
    var metadata = Metadata(Animation.replacing(animation.chunks, with: sources.data))
    metadata.trailing = trailing
    var coded = CodedFilms(animation: animation, metadata: metadata)
    let frames = zip(animation.frames, sources.data).filter { $1.isEmpty }.map(\.0)
    let rows = layouts.reduce(0) { $0 + $1.height }
    var done = 0
    for layout in layouts {
      try options.cancellation.check()
      guard let film = reader.film(layout, of: frames),
        let file = try file(ofFilm: film, metadata, heldBytes: heldBytes)
      else { return nil }
      coded.films.append(file)
      done += layout.height
      progress(Double(done) / Double(rows))
    }
    return try isSmaller(coded, than: Metadata(png)) ? coded : nil
  }

  /// Whether films and their metadata are smaller than the chunks as they are.
  private func isSmaller(
    _ coded: CodedFilms, than kept: Metadata
  ) throws(PRNZipError) -> Bool {
    // Coding them takes time. What is deflated becomes no smaller, unless it is there twice.
    let distinct = Set(coded.animation.frames.map(\.data)).reduce(0) { $0 + $1.count }
    let all = coded.animation.frames.reduce(0) { $0 + $1.data.count }
    if distinct == all, coded.size + Self.certainGain <= all { return true }
    let size = try MetadataCoding.encode(coded.metadata).payload.count + coded.size
    return try size < MetadataCoding.encode(kept).payload.count
  }

  /// More than fcTL chunks may take.
  private static let certainGain = 1 << 16

  /// Whether a decoder with the same limits takes so many pixels.
  private func areAllowed(_ frames: [Animation.Frame], beside image: Image) -> Bool {
    let most = Double(min(options.limits.maximumPixels, 1 << 50))
    let pixels = frames.reduce(Double(image.width) * Double(image.height)) {
      $0 + Double($1.width) * Double($1.height)
    }
    return pixels <= most
  }

  /// Whether a decoder with the same limits takes them.
  private func areAllowed(_ layouts: [FilmLayout], beside image: Image) -> Bool {
    let limits = options.limits
    var pixels = image.width * image.height
    for layout in layouts {
      let (film, overflow) = layout.width.multipliedReportingOverflow(by: layout.height)
      guard !overflow, film <= options.wholePixels, film <= limits.maximumPixels - pixels else {
        return false
      }
      pixels += film
    }
    return pixels <= limits.maximumBytes / image.format.channels.count / 2
  }

  /// The prn file of a film, whose palette is that of `metadata`; nil where nothing codes it within
  /// the limits, or a decoder would refuse it.
  private func file(
    ofFilm film: Image, _ metadata: Metadata, heldBytes: Int
  ) throws(PRNZipError) -> [UInt8]? {
    do throws(PRNZipError) {
      guard let coded = try Layouts(film, metadata, options, heldBytes: heldBytes).smallest(nil),
        coded.isInProportion(to: film)
      else { return nil }
      let information = InputInformation(
        plain: film.format, width: film.width, height: film.height)
      return try file(of: film, information, Metadata(), coded)
    } catch .limitExceeded, .outOfMemory {
      return nil
    } catch {
      throw error
    }
  }

  /// Whether decoded films have the frames of an animation.
  ///
  /// - Throws: `PRNZipError.verificationFailed`.
  func verify(
    _ content: Decompressor.Modelled, has animation: Animation, _ png: PNGInformation
  ) throws(PRNZipError) {
    let reader = FrameReader(animation: animation, png: png, limits: options.limits.png)
    for (number, frame) in animation.frames.enumerated() {
      guard let decoded = try content.frame(number), decoded == reader.image(of: frame) else {
        throw .verificationFailed
      }
    }
  }
}

/// Decodes frames of a PNG file.
private struct FrameReader {
  let animation: Animation
  let png: PNGInformation
  let limits: PNGLimits

  /// The image of a frame; nil where it cannot be decoded.
  func image(of frame: Animation.Frame) -> Image? {
    try? animation.image(of: frame, png, limits: limits)
  }

  /// The image of a film; nil where a frame cannot be decoded.
  func film(_ layout: FilmLayout, of frames: [Animation.Frame]) -> Image? {
    guard var film = try? Image(png.pixelFormat, width: layout.width, height: layout.height) else {
      return nil
    }
    for (frame, row) in zip(frames[layout.frames], layout.rows) {
      guard let image = image(of: frame) else { return nil }
      film.paste(image, row: row, column: 0)
    }
    return film
  }
}
