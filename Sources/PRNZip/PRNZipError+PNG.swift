import ImagePlanes
import PNGFile

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
      default: .png(error)
      }
  }
}

/// Looks a PNG file over and checks its size against the limits.
func inspect(_ png: [UInt8], _ limits: Limits) throws(PRNZipError) -> PNGInformation {
  do {
    return try PNGFile.inspect(png, limits: limits.png)
  } catch {
    throw PRNZipError(error)
  }
}

extension Image {
  /// The image of a PNG file.
  ///
  /// - Throws: `PRNZipError.png`, `limitExceeded`, `outOfMemory`.
  package static func decoded(_ png: [UInt8], _ limits: Limits) throws(PRNZipError) -> Image {
    do {
      return try PNGFile.decode(png, limits: limits.png)
    } catch {
      throw PRNZipError(error)
    }
  }
}
