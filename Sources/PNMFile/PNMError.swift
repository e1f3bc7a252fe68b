import Bytes

/// Why a PNM or PAM file was refused.
public enum PNMError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It does not begin as one does, with "P" and a digit from 4 to 7.
  case notAPNM
  /// Its samples are decimal digits, as those of "P1", "P2" and "P3" are; the digit.
  case isPlain(Int)
  /// Its header breaks a rule.
  case header(String)
  /// Its header is right, but PNG has no such images.
  case unsupported(String)
  /// It has `available` bytes, where `expected` are needed.
  case truncated(expected: Int, available: Int)
  /// More pixels than allowed.
  case tooLarge(width: Int, height: Int, maximumPixels: Int)
  /// There is not as much memory as it needs.
  case outOfMemory(OutOfMemory)
  /// Its bytes do not come; `TransferError.system`.
  case reading(TransferError)
  /// Its bytes do not get away; `TransferError.system`.
  case writing(TransferError)

  /// One line for the user.
  public var description: String {
    switch self {
    case .notAPNM: "not a PNM file"
    case .isPlain(let digit):
      "is a plain PNM file (P\(digit)); 'pnmtopnm' of Netpbm makes a binary one of it"
        + " (P\(digit + 3))"
    case .header(let what): "PNM has a wrong header: \(what)"
    case .unsupported(let what): "PNM is not supported here: \(what)"
    case .truncated(let expected, let available):
      "PNM is truncated: \(available) bytes where \(expected) are needed"
    case .tooLarge(let width, let height, let maximum):
      "PNM of \(width) x \(height) pixels is over the limit of \(maximum) pixels"
    case .outOfMemory(let error): error.description
    case .reading(let error): "PNM cannot be read: \(error)"
    case .writing(let error): "PNM cannot be written: \(error)"
    }
  }
}

extension PNMError: ReadingFailure, WritingFailure {}
