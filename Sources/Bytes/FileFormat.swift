/// What kind of file some bytes begin, by their signature. It serves messages alone: who reads a
/// file checks all of it.
public enum FileFormat: String, CaseIterable, Sendable {
  /// A PNG file.
  case png = "PNG"
  /// A PNG file as Xcode makes it for iOS: it has a CgBI chunk, and no PNG decoder reads it.
  case appleCgBI = "Apple CgBI"
  /// A prn file.
  case prn = "prn"
  /// Netpbm's PBM, PGM, PPM and PAM with binary samples.
  case pnm = "PNM"
  /// The same with samples in decimal digits, P1 to P3.
  case plainPNM = "plain PNM"
  /// PNM with floating-point samples.
  case pfm = "PFM"
  /// JPEG.
  case jpeg = "JPEG"
  /// JPEG XL, bare or in a container.
  case jpegXL = "JPEG XL"
  /// JPEG 2000.
  case jpeg2000 = "JPEG 2000"
  /// WebP.
  case webP = "WebP"
  /// GIF.
  case gif = "GIF"
  /// Windows bitmap.
  case bmp = "BMP"
  /// TIFF of either byte order, and raw formats that are made of it.
  case tiff = "TIFF"
  /// AVIF.
  case avif = "AVIF"
  /// HEIC.
  case heic = "HEIC"
  /// QOI.
  case qoi = "QOI"
  /// FLIF.
  case flif = "FLIF"
  /// PDF.
  case pdf = "PDF"
  /// ZIP.
  case zip = "ZIP"
  /// gzip.
  case gzip = "gzip"
  /// xz.
  case xz = "xz"
  /// Zstandard.
  case zstandard = "Zstandard"

  /// Bytes that tell any of them.
  package static let startSize = 16

  /// What a file begins with, from its byte `offset` on.
  private static let signatures: [(format: FileFormat, offset: Int, bytes: [UInt8])] = [
    (.png, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    (.prn, 0, [0x89, 0x50, 0x52, 0x4E]), (.jpeg, 0, [0xFF, 0xD8, 0xFF]),
    (.jpegXL, 0, [0xFF, 0x0A]), (.jpegXL, 4, Array("JXL ".utf8)),
    (.jpeg2000, 4, Array("jP  ".utf8)), (.jpeg2000, 0, [0xFF, 0x4F, 0xFF, 0x51]),
    (.webP, 8, Array("WEBP".utf8)), (.gif, 0, Array("GIF8".utf8)), (.bmp, 0, Array("BM".utf8)),
    (.tiff, 0, [0x49, 0x49, 0x2A, 0]), (.tiff, 0, [0x4D, 0x4D, 0, 0x2A]),
    (.avif, 4, Array("ftypavi".utf8)), (.heic, 4, Array("ftyphei".utf8)),
    (.heic, 4, Array("ftypmif1".utf8)), (.qoi, 0, Array("qoif".utf8)),
    (.flif, 0, Array("FLIF".utf8)), (.pdf, 0, Array("%PDF".utf8)),
    (.zip, 0, [0x50, 0x4B, 3, 4]), (.gzip, 0, [0x1F, 0x8B]),
    (.xz, 0, [0xFD, 0x37, 0x7A, 0x58, 0x5A]), (.zstandard, 0, [0x28, 0xB5, 0x2F, 0xFD]),
  ]

  /// The format of a file that begins so; nil where none is known. O(1).
  ///
  /// - Parameter start: the first 16 bytes of the file, or all of a shorter one.
  public init?(start: some Collection<UInt8>) {
    let start = Array(start.prefix(Self.startSize))
    if start.count > 2, start[0] == 0x50, [9, 10, 13, 32, 35].contains(start[2]) {
      switch start[1] {
      case 0x31...0x33: self = .plainPNM
      case 0x34...0x37: self = .pnm
      case 0x46, 0x66: self = .pfm
      default: return nil
      }
      return
    }
    let found = Self.signatures.first { start.dropFirst($0.offset).starts(with: $0.bytes) }
    guard let found else { return nil }
    let isCgBI = found.format == .png && start.dropFirst(12).starts(with: Array("CgBI".utf8))
    self = isCgBI ? .appleCgBI : found.format
  }

  /// The name with its article, such as "a JPEG file".
  public var inWords: String {
    switch self {
    case .appleCgBI, .avif, .xz: "an \(rawValue) file"
    default: "a \(rawValue) file"
    }
  }
}
