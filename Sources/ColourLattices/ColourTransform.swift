/// The function that a decoder made a pixel's red, green and blue with, of luma and two chromas
/// (FORMAT.md, section 1.10). The raw value is its number in a file.
public enum ColourTransform: UInt8, CaseIterable, Sendable {
  /// BT.601 of full range, as libjpeg computes it. The chromas are Cb and Cr, around 128.
  case jfif = 1
  /// Photo CD, as it was read in the nineties. The chromas are C1, around 156, and C2, around 137.
  case photoCD = 2
  /// BT.601 of limited range, as libwebp computes it. The chromas are U and V, around 128.
  case webP = 3

  /// The sums that red, green and blue are of. They are made once.
  var terms: ColourTerms {
    switch self {
    case .jfif: ColourTerms.jfif
    case .photoCD: ColourTerms.photoCD
    case .webP: ColourTerms.webP
    }
  }
}
