import Bytes
import Container
import ImagePlanes

/// The pixels of an image, or of a region of it, as viewers show them: put together of parts.
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
  /// What is wanted of the image.
  private let region: PixelRegion
  private var bytes: [UInt8]

  /// - Parameters:
  ///   - format: of the image.
  ///   - metadata: its chunks.
  ///   - region: inside the image.
  ///   - limit: of the bytes.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  init(
    _ format: PixelFormat, _ metadata: Metadata, _ region: PixelRegion, limit: Int
  ) throws(PRNZipError) {
    self.region = region
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
    let pixels = region.width * region.height
    let (size, overflow) = pixels.multipliedReportingOverflow(
      by: kind.channelCount * (depth / 8))
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

  /// Takes in what a part of the image has of the region.
  ///
  /// Complexity: O(pixels of both).
  ///
  /// - Parameters:
  ///   - part: some of the image, of its format.
  ///   - x: the column of the part's first pixels in the image.
  ///   - y: their row.
  mutating func add(_ part: Image, x: Int = 0, y: Int = 0) {
    let columns =
      max(
        x, region.x)..<max(
        min(x + part.width, region.x + region.width), max(x, region.x))
    let rows =
      max(
        y, region.y)..<max(
        min(y + part.height, region.y + region.height), max(y, region.y))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let step = kind.channelCount * (depth / 8)
    let sources = sources, clear = clear, region = region
    bytes.withUnsafeMutableBufferPointer { bytes in
      for row in rows {
        let from = (row - y) * part.width + columns.lowerBound - x
        let to = ((row - region.y) * region.width + columns.lowerBound - region.x) * step
        for (k, source) in sources.enumerated() where source.plane < part.planes.count {
          part.planes[source.plane].samples.withUnsafeBufferPointer { samples in
            let count = min(columns.count, max(samples.count - from, 0))
            guard let values = source.values else {
              for i in 0..<count { bytes[to &+ step &* i &+ k] = samples[from &+ i] }
              return
            }
            for i in 0..<count { bytes[to &+ step &* i &+ k] = values[Int(samples[from &+ i])] }
          }
        }
        guard let clear else { continue }
        for i in 0..<columns.count {
          let isClear = clear.indices.allSatisfy { part.planes[$0].samples[from + i] == clear[$0] }
          for k in sources.count..<step { bytes[to + step * i + k] = isClear ? 0 : 255 }
        }
      }
    }
  }

  /// The pixels.
  consuming func finish() -> PixelBuffer {
    PixelBuffer(
      unchecked: bytes, width: region.width, height: region.height, kind: kind, depth: depth)
  }
}
