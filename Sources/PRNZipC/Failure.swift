import CPRNZip
import Container
import PNGFile
import PRNZip

/// Why a call of C fails: a status of `prnzip.h`, and one line for people.
struct Failure: Error, Equatable {
  let status: prnzip_status
  let message: String

  /// - Parameters:
  ///   - status: `PRNZIP_INVALID_ARGUMENT` or another one.
  ///   - message: one line.
  init(_ status: Int, _ message: String) {
    self.status = prnzip_status(truncatingIfNeeded: status)
    self.message = message
  }

  /// An argument that cannot be, for this reason.
  static func argument(_ reason: String) -> Failure { Failure(PRNZIP_INVALID_ARGUMENT, reason) }

  /// A call that the caller does not want any more.
  static let cancelled = Failure(PRNZIP_CANCELLED, "\(PRNZipError.cancelled)")

  /// Less memory than `bytes`.
  static func outOfMemory(_ bytes: Int) -> Failure {
    Failure(PRNZIP_OUT_OF_MEMORY, "not enough memory for \(bytes) bytes")
  }

  /// What an error of the library is in C.
  init(_ error: PRNZipError) {
    let isOverLimit = error == .writing(ResultMemory.overLimit)
    self.init(
      Self.status(error),
      isOverLimit ? "over the limit: more bytes than max_result allows" : error.description)
  }

  /// What an error of the library is in C.
  ///
  /// - Throws: a failure for what `body` throws.
  static func of<Result>(
    _ body: () throws(PRNZipError) -> Result
  ) throws(Failure) -> Result {
    do {
      return try body()
    } catch {
      throw Failure(error)
    }
  }

  private static func status(_ error: PRNZipError) -> Int {
    switch error {
    case .png(.damagedRecipe): PRNZIP_NOT_REPRODUCIBLE
    case .png, .pnm: PRNZIP_BAD_PNG
    case .container(.notAPRNFile), .container(.anotherFormat): PRNZIP_NOT_PRN
    case .container(.newerVersion), .container(.draftVersion): PRNZIP_UNSUPPORTED_VERSION
    case .container(.truncated): PRNZIP_TRUNCATED
    case .container(.metadataTooLarge): PRNZIP_LIMIT_EXCEEDED
    case .container, .digestMismatch, .corruptTile, .corruptSmallTile: PRNZIP_CORRUPT
    case .unknownModel: PRNZIP_UNKNOWN_MODEL
    case .unknownModelName, .unsuitableModel, .unsuitableMask, .unsuitablePixels,
      .unsuitableRegion, .noPreview:
      PRNZIP_INVALID_ARGUMENT
    case .limitExceeded, .writing(ResultMemory.overLimit): PRNZIP_LIMIT_EXCEEDED
    case .outOfMemory, .reading(.outOfMemory), .writing(.outOfMemory): PRNZIP_OUT_OF_MEMORY
    case .cancelled: PRNZIP_CANCELLED
    case .weightFile, .reading, .writing, .verificationFailed: PRNZIP_INTERNAL
    }
  }
}

/// Makes a status of what `body` does.
///
/// - Parameters:
///   - message: memory of the caller for a line, or nil.
///   - size: its bytes.
///   - body: the work.
/// - Returns: `PRNZIP_OK`, or the status of what `body` throws.
func status(
  _ message: UnsafeMutablePointer<CChar>?, _ size: Int, _ body: () throws(Failure) -> Void
) -> prnzip_status {
  write("", to: message, size)
  do throws(Failure) {
    guard message != nil || size == 0 else {
      throw .argument("message is NULL, and message_size \(size)")
    }
    try body()
    return prnzip_status(truncatingIfNeeded: PRNZIP_OK)
  } catch {
    write(error.message, to: message, size)
    return error.status
  }
}

/// Writes a line as a C string, cut between characters where it does not fit.
private func write(_ text: String, to message: UnsafeMutablePointer<CChar>?, _ size: Int) {
  // A size_t that is larger than any `Int` is negative here.
  guard let message, size != 0 else { return }
  let room = size < 0 ? Int.max : size - 1
  var count = 0
  for character in text {
    let bytes = Array(character.utf8)
    guard bytes.count <= room - count else { break }
    for byte in bytes {
      message[count] = CChar(bitPattern: byte == 0 ? UInt8(ascii: "?") : byte)
      count += 1
    }
  }
  message[count] = 0
}
