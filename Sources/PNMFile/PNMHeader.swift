import ImagePlanes

/// The header of a PBM (P4), PGM (P5), PPM (P6) or PAM (P7) file, with its very bytes.
///
/// The samples that follow it are bytes of the file: one for each, or two, the high one first,
/// where `maximum` is above 255; of P4, a bit for each, of which 1 is black, in rows of whole
/// bytes. They may be larger than `maximum`.
///
/// Source: the manual pages pbm(5), pgm(5), ppm(5) and pam(5) of Netpbm.
public struct PNMHeader: Equatable, Sendable {
  /// All bytes up to the first sample.
  public let bytes: [UInt8]
  /// Of what kind the pixels are: P4 has gray of 1 bit, the others 8 or 16 bits.
  public let format: PixelFormat
  /// Columns, 1 or more.
  public let width: Int
  /// Rows, 1 or more.
  public let height: Int
  /// The sample of full intensity, 1 to 65535.
  public let maximum: Int

  /// The most bytes that a header may have.
  public static let mostBytes = 1 << 16
  private static let largestSide = 1 << 31 - 1

  /// Whether samples are bits.
  public var isBits: Bool { bytes.starts(with: [0x50, 0x34]) }

  /// Bytes of a row of samples.
  public var rowBytes: Int { isBits ? (width + 7) / 8 : width * format.planeCount }

  /// Reads the header that some bytes begin with. O(bytes of the header).
  ///
  /// - Parameter start: the first `mostBytes` bytes of a file, or all of a shorter one.
  /// - Throws: `PNMError.notAPNM`, `isPlain`, `header`, `unsupported`, `truncated`.
  public init(start: [UInt8]) throws(PNMError) {
    guard start.count >= 3, start[0] == 0x50, (0x31...0x37).contains(start[1]),
      Self.isSpace(start[2]) || start[2] == Self.comment
    else { throw .notAPNM }
    let digit = Int(start[1] - 0x30)
    if digit < 4 { throw .isPlain(digit) }
    var reader = PNMTokens(start, from: 2)
    var channels = digit == 6 ? 3 : 1
    if digit == 7 {
      let fields = try reader.pamFields()
      (width, height, maximum) = (fields.width, fields.height, fields.maximum)
      channels = fields.depth
    } else {
      width = try reader.number("width")
      height = try reader.number("height")
      maximum = digit == 4 ? 1 : try reader.number("maxval")
      try reader.endOfHeader()
    }
    let sides = 1...Self.largestSide
    guard sides.contains(width), sides.contains(height) else {
      throw .header("a size of \(width) x \(height)")
    }
    guard (1...65535).contains(maximum) else { throw .header("a maxval of \(maximum)") }
    let kinds: [Channels] = [.gray, .grayAlpha, .rgb, .rgba]
    guard (1...kinds.count).contains(channels) else {
      throw .unsupported("\(channels) samples a pixel; 1 to 4 are")
    }
    let depth = digit == 4 ? 1 : maximum > 255 ? 16 : 8
    format = PixelFormat(kinds[channels - 1], depth: depth)
    bytes = Array(start[..<reader.position])
  }

  static let comment: UInt8 = 0x23

  /// Blank, tab, line feed, vertical tab, form feed, carriage return.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension PNMHeader {
  /// A new header for an image of this kind: P4, P5 or P6, or P7 with alpha.
  ///
  /// - Throws: `PNMError.unsupported` for what PNM does not have.
  public init(_ format: PixelFormat, width: Int, height: Int) throws(PNMError) {
    let maximum = 1 << format.depth - 1
    let text: String
    switch (format.channels, format.depth) {
    case (.gray, 1): text = "P4\n\(width) \(height)\n"
    case (.gray, 8), (.gray, 16): text = "P5\n\(width) \(height)\n\(maximum)\n"
    case (.rgb, 8), (.rgb, 16): text = "P6\n\(width) \(height)\n\(maximum)\n"
    case (.grayAlpha, 8), (.grayAlpha, 16), (.rgba, 8), (.rgba, 16):
      let kind = format.channels == .rgba ? "RGB_ALPHA" : "GRAYSCALE_ALPHA"
      text =
        "P7\nWIDTH \(width)\nHEIGHT \(height)\nDEPTH \(format.channels.count)\n"
        + "MAXVAL \(maximum)\nTUPLTYPE \(kind)\nENDHDR\n"
    default: throw .unsupported("\(format.channels) of \(format.depth) bits")
    }
    try self.init(start: Array(text.utf8))
  }
}
