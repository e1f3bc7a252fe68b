import ImagePlanes

extension Channels {
  /// PNG's colour type (ISO/IEC 15948, section 11.2.1).
  public var pngColourType: UInt8 {
    switch self {
    case .gray: 0
    case .rgb: 2
    case .palette: 3
    case .grayAlpha: 4
    case .rgba: 6
    }
  }
}

extension PixelFormat {
  /// The format of a PNG header; nil if PNG has none such.
  ///
  /// - Parameters:
  ///   - pngColourType: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGBA.
  ///   - depth: 1, 2, 4, 8 or 16: bits of a sample, or of a palette index.
  public init?(pngColourType: UInt8, depth: Int) {
    let channels = Channels.allCases.first { $0.pngColourType == pngColourType }
    guard let channels, channels.pngDepths.contains(depth) else { return nil }
    self.init(channels, depth: depth)
  }

  /// Whether PNG has it.
  var isOfPNG: Bool { channels.pngDepths.contains(depth) }

  /// Bytes of a row of so many pixels in a PNG's image data, without the filter's.
  func pngRowBytes(width: Int) -> Int { (channels.count * depth * width + 7) / 8 }
}

extension Channels {
  fileprivate var pngDepths: [Int] {
    switch self {
    case .gray: [1, 2, 4, 8, 16]
    case .palette: [1, 2, 4, 8]
    case .grayAlpha, .rgb, .rgba: [8, 16]
    }
  }
}
