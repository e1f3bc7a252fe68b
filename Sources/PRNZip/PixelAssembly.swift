import Bytes
import Container
import ImagePlanes

/// The pixels of an image as viewers show them, put together of strips of rows.
///
/// Palettes are looked up, samples of fewer bits are spread over 0 to 255, and what tRNS makes
/// transparent has an alpha of 0.
struct PixelAssembly {
  /// Where a byte of each pixel comes from.
  private struct Source {
    /// The image's plane.
    let plane: Int
    /// What each of its values stands for; nil for itself.
    var values: [UInt8]?
  }

  private let kind: PixelBuffer.Kind
  private let depth: Int
  /// Of each byte of a pixel but those of alpha that `clear` tells of.
  private let sources: [Source]
  /// The colour that is transparent, a byte of each plane.
  private let clear: [UInt8]?
  private let width: Int
  private let height: Int
  private var bytes: [UInt8]

  /// - Parameters:
  ///   - format: of the image.
  ///   - metadata: its chunks.
  ///   - width: of the image, 1 or more.
  ///   - height: of the image, 1 or more.
  ///   - limit: of the bytes.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  init(
    _ format: PixelFormat, _ metadata: Metadata, width: Int, height: Int, limit: Int
  ) throws(PRNZipError) {
    self.width = width
    self.height = height
    let transparency = metadata.data("tRNS")
    var clear: [UInt8]?
    switch format.channels {
    case .palette:
      let palette = metadata.palette ?? ([], [])
      kind = transparency == nil ? .rgb : .rgba
      sources = (0..<kind.channelCount).map { channel in
        Source(plane: 0, values: Self.values(of: channel, palette))
      }
    case .gray, .rgb:
      let count = format.channels.count
      if let transparency, transparency.count == 2 * count {
        let mask = UInt8(truncatingIfNeeded: 1 << min(format.depth, 8) - 1)
        clear =
          format.depth > 8 ? transparency : (0..<count).map { transparency[2 * $0 + 1] & mask }
      }
      let isGray = format.channels == .gray
      kind = isGray ? (clear == nil ? .gray : .grayAlpha) : (clear == nil ? .rgb : .rgba)
      let white = 1 << min(format.depth, 8) - 1
      let values =
        format.depth < 8
        ? (0...255).map { UInt8(truncatingIfNeeded: min($0, white) * 255 / white) } : nil
      sources = (0..<format.planeCount).map { Source(plane: $0, values: values) }
    case .grayAlpha, .rgba:
      kind = format.channels == .grayAlpha ? .grayAlpha : .rgba
      sources = (0..<format.planeCount).map { Source(plane: $0) }
    }
    self.clear = clear
    depth = format.depth > 8 ? 16 : 8
    let (size, overflow) = (width * kind.channelCount * (depth / 8))
      .multipliedReportingOverflow(by: height)
    guard !overflow, size <= limit else {
      throw .limitExceeded(
        what: "bytes of memory", value: overflow ? .max : size, limit: limit)
    }
    do throws(OutOfMemory) {
      try Memory.check(size)
    } catch {
      throw .outOfMemory(error)
    }
    bytes = [UInt8](repeating: 0, count: size)
  }

  /// What the entries of a palette have in a channel, 3 being alpha; others than there are, are
  /// black.
  private static func values(
    of channel: Int, _ palette: (plte: [UInt8], trns: [UInt8])
  ) -> [UInt8] {
    (0..<256).map { entry in
      if channel == 3 { return entry < palette.trns.count ? palette.trns[entry] : 255 }
      let at = 3 * entry + channel
      return at < palette.plte.count ? palette.plte[at] : 0
    }
  }

  /// Takes in some rows.
  ///
  /// Complexity: O(pixels of them).
  ///
  /// - Parameters:
  ///   - strip: rows of the image, of its format and width.
  ///   - row: the number of the first one.
  mutating func add(_ strip: Image, row: Int) {
    let step = kind.channelCount * (depth / 8)
    let count = min(strip.height, height - row) * width
    guard strip.width == width, row >= 0, count > 0 else { return }
    let first = row * width * step
    let sources = sources
    let clear = clear
    bytes.withUnsafeMutableBufferPointer { bytes in
      for (k, source) in sources.enumerated() where source.plane < strip.planes.count {
        strip.planes[source.plane].samples.withUnsafeBufferPointer { samples in
          let count = min(count, samples.count)
          guard let values = source.values else {
            for i in 0..<count { bytes[first &+ step &* i &+ k] = samples[i] }
            return
          }
          for i in 0..<count { bytes[first &+ step &* i &+ k] = values[Int(samples[i])] }
        }
      }
      guard let clear else { return }
      for i in 0..<count {
        let isClear = clear.indices.allSatisfy { strip.planes[$0].samples[i] == clear[$0] }
        for k in sources.count..<step { bytes[first + step * i + k] = isClear ? 0 : 255 }
      }
    }
  }

  /// The pixels.
  consuming func finish() -> PixelBuffer {
    PixelBuffer(
      unchecked: bytes, width: width, height: height, kind: kind, depth: depth)
  }
}
