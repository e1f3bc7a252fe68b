import Bytes

/// Why a PNG file was refused or could not be made.
public enum PNGError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It does not begin as a PNG file does.
  case notAPNG
  /// It is a file of another format, of one that is known.
  case anotherFormat(FileFormat)
  /// It ends inside the chunk at this offset.
  case truncated(offset: Int)
  /// The chunk at this offset has a type that is not four letters.
  case illegalChunkType(offset: Int)
  /// The CRC of a chunk does not fit.
  case damagedChunk(type: String, offset: Int)
  /// Chunks are missing, doubled or out of order.
  case structure(String)
  /// More pixels than allowed.
  case tooLarge(width: Int, height: Int, maximumPixels: Int)
  /// It needs more bytes of memory than allowed.
  case tooMuchMemory(bytes: Int, maximumBytes: Int)
  /// There is not as much memory as it needs.
  case outOfMemory(OutOfMemory)
  /// It is not the kind of image that the call is for.
  case unsupported(String)
  /// Metadata that cannot be written.
  case illegalMetadata(String)
  /// A recipe that is none, or none for the image.
  case damagedRecipe(String)
  /// Its bytes do not come; `TransferError.system`.
  case reading(TransferError)
  /// Its bytes do not get away; `TransferError.system`.
  case writing(TransferError)
  /// libpng's own words.
  case library(String)

  /// One line for the user.
  public var description: String {
    switch self {
    case .notAPNG: "not a PNG file"
    case .anotherFormat(.prn): "is a prn file already, and not a PNG file"
    case .anotherFormat(.appleCgBI):
      "is an Apple CgBI file, which Xcode made of a PNG file, and not a PNG file"
    case .anotherFormat(let format): "is \(format.inWords), and not a PNG file"
    case .truncated(let offset): "PNG is truncated in the chunk at byte \(offset)"
    case .illegalChunkType(let offset): "PNG has an illegal chunk type at byte \(offset)"
    case .damagedChunk(let type, let offset):
      "PNG is damaged: the CRC of \(type) at byte \(offset) does not fit"
    case .structure(let what): "PNG is malformed: \(what)"
    case .tooLarge(let width, let height, let maximum):
      "PNG of \(width) x \(height) pixels is over the limit of \(maximum) pixels"
    case .tooMuchMemory(let bytes, let maximum):
      "PNG needs \(bytes) bytes of memory, and \(maximum) are allowed"
    case .outOfMemory(let error): error.description
    case .unsupported(let what): "PNG is not supported here: \(what)"
    case .illegalMetadata(let what): "metadata cannot be written: \(what)"
    case .damagedRecipe(let what): "recipe of a PNG is damaged: \(what)"
    case .reading(let error): "PNG cannot be read: \(error)"
    case .writing(let error): "PNG cannot be written: \(error)"
    case .library(let message): "PNG is damaged: \(message)"
    }
  }
}

extension PNGError: ReadingFailure, WritingFailure {}
