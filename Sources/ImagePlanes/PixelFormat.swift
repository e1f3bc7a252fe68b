/// What the samples of a pixel stand for.
public enum Channels: Hashable, Sendable, CaseIterable {
  /// Gray.
  case gray
  /// Gray, alpha.
  case grayAlpha
  /// Red, green, blue.
  case rgb
  /// Red, green, blue, alpha.
  case rgba
  /// A colour's number in a palette, which is not part of the image.
  case palette

  /// Samples of a pixel.
  public var count: Int {
    switch self {
    case .gray, .palette: 1
    case .grayAlpha: 2
    case .rgb: 3
    case .rgba: 4
    }
  }
}

/// Of what kind the pixels of an image are.
public struct PixelFormat: Hashable, Sendable {
  /// The samples of a pixel.
  public let channels: Channels
  /// Bits of a sample, 1 to 16.
  public let depth: Int

  /// A format; depths out of range count as 1 or 16.
  public init(_ channels: Channels, depth: Int) {
    self.channels = channels
    self.depth = min(max(depth, 1), 16)
  }

  /// Gray of 8 bits.
  public static let gray8 = PixelFormat(.gray, depth: 8)
  /// Black (0) and white (1).
  public static let gray1 = PixelFormat(.gray, depth: 1)
  /// Red, green and blue of 8 bits each.
  public static let rgb8 = PixelFormat(.rgb, depth: 8)

  /// Planes of bytes that an image has: one for each channel, or two if its depth is above 8, first
  /// that of the high bytes.
  public var planeCount: Int { channels.count * (depth > 8 ? 2 : 1) }
}
