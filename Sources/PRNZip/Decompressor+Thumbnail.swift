import Bytes
import ImagePlanes
import PNGFile

extension Decompressor {
  /// Decodes and verifies a prn file, and scales its picture down.
  ///
  /// Complexity: that of decoding.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - side: the most pixels of a side of the result, 1 or more.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: a PNG file of 8 bits, gray or RGB, with alpha if the image has any.
  /// - Throws: `PRNZipError`.
  public func thumbnail(
    of prn: [UInt8], side: Int, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let small = try pixels(of: prn, progress: progress).reduced(toFit: side)
    let image = try small.image(rows: 0..<small.height)
    return try PRNZipError.png { () throws(PNGError) in
      try PNGFile.encode(image, level: nil, filters: .tried)
    }
  }
}

extension PixelBuffer {
  /// The picture with at most `side` pixels on a side, of 8 bits. Each of its pixels is the mean of
  /// those that it covers; transparent ones have no part in its colour.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameter side: 1 or more.
  /// - Returns: the picture; one that fits already keeps its size.
  /// - Throws: `PRNZipError.unsuitablePixels` for a side below 1.
  public func reduced(toFit side: Int) throws(PRNZipError) -> PixelBuffer {
    guard side > 0 else { throw .unsuitablePixels("a side of \(side) of them") }
    let longest = max(width, height)
    func extent(_ own: Int) -> Int { longest > side ? max(own * side / longest, 1) : own }
    let (columns, rows) = (extent(width), extent(height))
    let (channels, size) = (kind.channelCount, depth / 8)
    let hasAlpha = [.grayAlpha, .rgba].contains(kind)
    var result: [UInt8] = []
    result.reserveCapacity(columns * rows * channels)
    bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<rows {
        let ys = row * height / rows..<max((row + 1) * height / rows, row * height / rows + 1)
        for column in 0..<columns {
          let start = column * width / columns
          let xs = start..<max((column + 1) * width / columns, start + 1)
          var sums = (0, 0, 0, 0)
          for y in ys {
            for x in xs {
              let pixel = (y * width + x) * channels * size
              // The high bytes are enough for 8 bits.
              let alpha = hasAlpha ? Int(bytes[pixel + (channels - 1) * size]) : 255
              sums.0 += Int(bytes[pixel]) * alpha
              if channels > 2 {
                sums.1 += Int(bytes[pixel + size]) * alpha
                sums.2 += Int(bytes[pixel + 2 * size]) * alpha
              }
              sums.3 += alpha
            }
          }
          func mean(_ sum: Int, _ weight: Int) -> UInt8 {
            UInt8(clamping: weight > 0 ? (sum + weight / 2) / weight : 0)
          }
          result.append(mean(sums.0, sums.3))
          if channels > 2 { result += [mean(sums.1, sums.3), mean(sums.2, sums.3)] }
          if hasAlpha { result.append(mean(sums.3, xs.count * ys.count)) }
        }
      }
    }
    return try PixelBuffer(width: columns, height: rows, kind: kind, depth: 8, bytes: result)
  }
}
