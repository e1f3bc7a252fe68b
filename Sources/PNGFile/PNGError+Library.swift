import Bytes
import CPNGShims

extension PNGError {
  /// The error of a call of libpng; nil if there is none.
  init?(_ status: Int32, _ failure: UnsafePointer<prn_png_failure>?) {
    switch (status, failure) {
    case (Int32(PRN_PNG_DONE), _): return nil
    case (Int32(PRN_PNG_NO_MEMORY), let failure?):
      self = .outOfMemory(OutOfMemory(bytes: failure.pointee.bytes))
    case (_, let failure):
      let message = failure.map { failure in
        withUnsafeBytes(of: failure.pointee.message) { words in
          String(decoding: words.prefix { $0 != 0 }, as: UTF8.self)
        }
      }
      self = .library(message ?? "")
    }
  }
}

extension OutOfMemory {
  /// For libpng's own structures, of about so many bytes.
  static let ofLibrary = OutOfMemory(bytes: 1 << 12)
}
