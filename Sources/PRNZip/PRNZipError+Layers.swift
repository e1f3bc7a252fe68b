import Bytes
import Container
import ImagePlanes
import PNGFile
import PNMFile

extension PRNZipError {
  /// What an error of a PNG file is to the caller: limits and memory are one thing, wherever it is
  /// that they end.
  init(_ error: PNGError) {
    self =
      switch error {
      case .tooLarge(let width, let height, let limit):
        .limitExceeded(what: "pixels", value: width * height, limit: limit)
      case .tooMuchMemory(let bytes, let limit):
        .limitExceeded(what: "bytes of memory", value: bytes, limit: limit)
      case .outOfMemory(let error): .outOfMemory(error)
      case .reading(.cancelled), .writing(.cancelled): .cancelled
      case .reading(.outOfMemory(let error)), .writing(.outOfMemory(let error)):
        .outOfMemory(error)
      case .reading(let error): .reading(error)
      case .writing(let error): .writing(error)
      default: .png(error)
      }
  }
}

extension PRNZipError {
  /// What an error of a PNM file is to the caller.
  init(_ error: PNMError) {
    self =
      switch error {
      case .tooLarge(let width, let height, let limit):
        .limitExceeded(what: "pixels", value: width * height, limit: limit)
      case .outOfMemory(let error): .outOfMemory(error)
      case .reading(let error): .reading(error)
      case .writing(let error): .writing(error)
      default: .pnm(error)
      }
  }

  /// Does something with a PNM file.
  ///
  /// - Throws: what an error of `body` is to the caller.
  static func pnm<Result>(_ body: () throws(PNMError) -> Result) throws(PRNZipError) -> Result {
    do {
      return try body()
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Does something with a PNG file.
  ///
  /// - Throws: what an error of `body` is to the caller.
  package static func png<Result>(
    _ body: () throws(PNGError) -> Result
  ) throws(PRNZipError) -> Result {
    do {
      return try body()
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Does something with a prn file's framing.
  ///
  /// - Throws: what an error of `body` is to the caller.
  static func container<Result>(
    _ body: () throws(ContainerError) -> Result
  ) throws(PRNZipError) -> Result {
    do {
      return try body()
    } catch {
      throw PRNZipError(error)
    }
  }
}

extension PRNZipError: ReadingFailure, WritingFailure {
  /// Reads bytes.
  ///
  /// - Throws: `reading`, `outOfMemory` or `cancelled` for what `body` throws.
  static func reading<Result>(
    _ body: () throws(TransferError) -> Result
  ) throws(PRNZipError) -> Result {
    do throws(TransferError) {
      return try body()
    } catch {
      throw PRNZipError(PNGError.reading(error))
    }
  }

  /// Writes bytes.
  ///
  /// - Throws: `writing`, `outOfMemory` or `cancelled` for what `body` throws.
  static func writing(_ body: () throws(TransferError) -> Void) throws(PRNZipError) {
    do throws(TransferError) {
      try body()
    } catch {
      throw PRNZipError(PNGError.writing(error))
    }
  }
}

extension Image {
  /// The image of a PNG file.
  ///
  /// - Throws: `PRNZipError.png`, `limitExceeded`, `outOfMemory`.
  package static func decoded(_ png: [UInt8], _ limits: Limits) throws(PRNZipError) -> Image {
    try decoded(png, limits, nil)
  }

  /// The same, unless it is cancelled.
  ///
  /// - Throws: `PRNZipError.cancelled`, too.
  static func decoded(
    _ png: [UInt8], _ limits: Limits, _ cancellation: Cancellation?
  ) throws(PRNZipError) -> Image {
    try PRNZipError.png { () throws(PNGError) in
      try PNGFile.decode(cancellation.watching(ArraySource(png)), limits: limits.png)
    }
  }
}
