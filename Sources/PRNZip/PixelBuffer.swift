import ImagePlanes

/// Pixels in memory, as most programs have them: rows from the top, in each the pixels from the
/// left, of each pixel its samples.
///
///     let pixels = try PixelBuffer(width: 2, height: 1, kind: .gray, depth: 8, bytes: [0, 255])
public struct PixelBuffer: Equatable, Sendable {
  /// What the samples of a pixel stand for.
  public enum Kind: String, CaseIterable, Sendable {
    /// Gray.
    case gray
    /// Gray, alpha.
    case grayAlpha
    /// Red, green, blue.
    case rgb
    /// Red, green, blue, alpha; colours are not multiplied by alpha.
    case rgba

    /// Samples of a pixel, 1 to 4.
    public var channelCount: Int { channels.count }

    var channels: Channels {
      switch self {
      case .gray: .gray
      case .grayAlpha: .grayAlpha
      case .rgb: .rgb
      case .rgba: .rgba
      }
    }
  }

  /// Columns, 1 to 2^31 - 1.
  public let width: Int
  /// Rows, 1 to 2^31 - 1.
  public let height: Int
  /// The samples of a pixel.
  public let kind: Kind
  /// Bits of a sample: 8 or 16.
  public let depth: Int
  /// [row][column][sample], of 16 bits first the high byte: `width * height * bytesPerPixel`.
  public let bytes: [UInt8]

  /// Pixels.
  ///
  /// - Parameters:
  ///   - width: columns, 1 to 2^31 - 1.
  ///   - height: rows, 1 to 2^31 - 1.
  ///   - kind: the samples of a pixel.
  ///   - depth: bits of a sample, 8 or 16.
  ///   - bytes: the samples, as many as the others say.
  /// - Throws: `PRNZipError.unsuitablePixels` where a size or the depth is out of range, or there
  ///   are more or fewer bytes.
  public init(
    width: Int, height: Int, kind: Kind, depth: Int, bytes: [UInt8]
  ) throws(PRNZipError) {
    guard (1..<1 << 31).contains(width), (1..<1 << 31).contains(height) else {
      throw .unsuitablePixels("\(width) x \(height) of them")
    }
    guard depth == 8 || depth == 16 else {
      throw .unsuitablePixels("samples of \(depth) bits, not 8 or 16")
    }
    let rowBytes = width * kind.channelCount * (depth / 8)
    let (size, overflow) = rowBytes.multipliedReportingOverflow(by: height)
    guard !overflow, size == bytes.count else {
      throw .unsuitablePixels(
        "\(bytes.count) bytes for \(width) x \(height) of \(rowBytes / width) bytes each")
    }
    self.init(unchecked: bytes, width: width, height: height, kind: kind, depth: depth)
  }

  /// Pixels of which the sizes are right.
  init(unchecked bytes: [UInt8], width: Int, height: Int, kind: Kind, depth: Int) {
    self.width = width
    self.height = height
    self.kind = kind
    self.depth = depth
    self.bytes = bytes
  }

  /// Bytes of a pixel: 1 to 8.
  public var bytesPerPixel: Int { kind.channelCount * (depth / 8) }

  /// Bytes of a row.
  public var bytesPerRow: Int { width * bytesPerPixel }

  /// Of what kind an image of these pixels is.
  var format: PixelFormat { PixelFormat(kind.channels, depth: depth) }

  /// Some rows as an image.
  ///
  /// Complexity: O(pixels of them).
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func image(rows: Range<Int>) throws(PRNZipError) -> Image {
    var image = try Image.black(format, width: width, height: rows.count)
    let range = rows.lowerBound * bytesPerRow..<rows.upperBound * bytesPerRow
    bytes.withUnsafeBufferPointer {
      image.setRows(from: 0, interleaved: UnsafeBufferPointer(rebasing: $0[range]))
    }
    return image
  }
}

/// A rectangle of an image's pixels.
public struct PixelRegion: Equatable, Sendable {
  /// The column of its first pixels, from 0.
  public var x: Int
  /// The row of its first pixels, from 0.
  public var y: Int
  /// Columns, 1 or more.
  public var width: Int
  /// Rows, 1 or more.
  public var height: Int

  /// A rectangle; who is given it checks whether it lies in the image.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Checks that it lies in an image of this size and has pixels.
  ///
  /// - Throws: `PRNZipError.unsuitableRegion`.
  func check(width imageWidth: Int, height imageHeight: Int) throws(PRNZipError) {
    guard width > 0, height > 0, x >= 0, y >= 0, width <= imageWidth, height <= imageHeight,
      x <= imageWidth - width, y <= imageHeight - height
    else { throw .unsuitableRegion(self, width: imageWidth, height: imageHeight) }
  }
}
