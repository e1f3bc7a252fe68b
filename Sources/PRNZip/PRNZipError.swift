import Bytes
import Container
import EntropyCoding
import PNGFile
import PNMFile
import PixelNetwork
import TileCoding

/// Everything that compressing and decompressing can fail with.
///
/// The six refusals that a caller may want to tell apart are `container(.notAPRNFile)`,
/// `container(.newerVersion)`, `container(.damagedHeader)`, `container(.truncated)`, `unknownModel`
/// and `digestMismatch`.
public enum PRNZipError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The PNG file cannot be read, or not written.
  case png(PNGError)
  /// The PNM file cannot be read, or not written.
  case pnm(PNMError)
  /// The prn file's framing is wrong.
  case container(ContainerError)
  /// A weight file was refused.
  case weightFile(WeightFileError)
  /// The prn file was made with a model that is not in the store; its identity in hexadecimal.
  case unknownModel(identityHex: String)
  /// The store has no model of this name.
  case unknownModelName(String)
  /// The model is for images of another kind; both in words.
  case unsuitableModel(name: String, kind: String, image: String)
  /// A mask cannot hide anything of the image, for this reason.
  case unsuitableMask(String)
  /// Pixels of a size, a depth or a number that cannot be, for this reason.
  case unsuitablePixels(String)
  /// A region that does not lie in the image, whose width and height are these, or is empty.
  case unsuitableRegion(PixelRegion, width: Int, height: Int)
  /// The decoded image is not the one that was compressed; digests in hexadecimal.
  case digestMismatch(expected: String, computed: String)
  /// The bytes of tile number `index` (from 0), or of those that share its section, it first, are
  /// not what an encoder writes.
  case corruptTile(index: Int, EntropyCodingError)
  /// The same of a tile of the small image.
  case corruptSmallTile(index: Int, EntropyCodingError)
  /// The prn file has no small image.
  case noPreview
  /// Something asks for more than the caller allows.
  case limitExceeded(what: String, value: Int, limit: Int)
  /// There is not as much memory as it takes.
  case outOfMemory(OutOfMemory)
  /// The bytes of the input do not come.
  case reading(TransferError)
  /// The bytes of the output do not get away.
  case writing(TransferError)
  /// Somebody has asked that the work end.
  case cancelled
  /// A just compressed image did not decode to itself: a defect of the program or the machine.
  case verificationFailed

  /// One line for people.
  public var description: String {
    switch self {
    case .png(let error): error.description
    case .pnm(let error): error.description
    case .container(let error): error.description
    case .weightFile(let error): error.description
    case .unknownModel(let identity):
      "unknown model: the file needs the one with identity \(identity)"
    case .unknownModelName(let name):
      name.hasPrefix("for ") ? "there is no model \(name)" : "there is no model of the name \(name)"
    case .unsuitableModel(let name, let kind, let image):
      "the model \(name) is for \(kind), and not for \(image)"
    case .unsuitableMask(let reason): "unsuitable mask: \(reason)"
    case .unsuitablePixels(let reason): "unsuitable pixels: \(reason)"
    case .unsuitableRegion(let region, let width, let height):
      "no region of an image of \(width) x \(height) pixels: \(region.width) x \(region.height) "
        + "from \(region.x), \(region.y) on"
    case .digestMismatch(let expected, let computed):
      "failed digest: decoded to \(computed), not \(expected)"
    case .corruptTile(let index, let error): "corrupt file: tile \(index): \(error)"
    case .corruptSmallTile(let index, let error):
      "corrupt file: tile \(index) of the small image: \(error)"
    case .noPreview: "it has no preview: only files of multi-scale models have one"
    case .limitExceeded(let what, let value, let limit):
      "over the limit: \(value) \(what), and \(limit) are allowed"
    case .outOfMemory(let error): error.description
    case .reading(let error): "cannot be read: \(error)"
    case .writing(let error): "cannot be written: \(error)"
    case .cancelled: "cancelled"
    case .verificationFailed: "the compressed image does not decode to the original"
    }
  }

  /// What an error of the framing is to the caller: want of memory is one thing, wherever it is.
  init(_ error: ContainerError) {
    self =
      switch error {
      case .outOfMemory(let error): .outOfMemory(error)
      case .reading(.cancelled): .cancelled
      case .reading(let error): .reading(error)
      default: .container(error)
      }
  }

  /// What a section's error is to the caller.
  ///
  /// - Parameters:
  ///   - failure: of a section of these.
  ///   - sections: of the image, or of its small image.
  ///   - codec: of the tiles.
  ///   - isSmall: whether they are the small image's.
  package init(
    _ failure: SectionError, of sections: TileSections, with codec: some TileCodec,
    isSmall: Bool = false
  ) {
    let tile = sections.largestTile
    let first = sections.numbers(of: failure.section).lowerBound
    self =
      switch failure.error {
      case .outOfMemory:
        .outOfMemory(OutOfMemory(bytes: codec.memory(rows: tile.height, columns: tile.width)))
      case .cancelled: .cancelled
      case let error where isSmall: .corruptSmallTile(index: first, error)
      case let error: .corruptTile(index: first, error)
      }
  }
}
