import Bytes

/// What can be wrong with a prn file's framing (FORMAT.md, section 9).
public enum ContainerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file does not start with the magic bytes.
  case notAPRNFile
  /// It is a file of another format, of one that is known.
  case anotherFormat(FileFormat)
  /// The header's checksum, as stored and as computed, differ.
  case damagedHeader(stored: UInt32, computed: UInt32)
  /// The file has this version of the format, and this program knows only up to `Header.version`.
  case newerVersion(Int)
  /// The file has this version of the format, a draft that no released program wrote.
  case draftVersion(Int)
  /// The file ends at `available` bytes; it would have to have at least `expected`.
  case truncated(expected: Int, available: Int)
  /// The checksum of section number `index` (from 0), of the given `kind`, is wrong.
  case damagedSection(kind: Int, index: Int)
  /// Behind the last section, which ends at byte `offset`, there are `count` bytes.
  case trailing(offset: Int, count: Int, TrailingBytes)
  /// Chunks that the metadata names by their number come to so many bytes, or more.
  case metadataTooLarge(bytes: Int, limit: Int)
  /// There is not as much memory as it takes.
  case outOfMemory(OutOfMemory)
  /// The bytes of the file do not come; `TransferError.system`.
  case reading(TransferError)
  /// Another rule of the format is broken.
  case corrupt(reason: String)

  /// One line for people.
  public var description: String {
    switch self {
    case .notAPRNFile: "not a prn file"
    case .anotherFormat(let format): "is \(format.inWords), and not a prn file"
    case .damagedHeader(let stored, let computed):
      "damaged header: its checksum is \(hexadecimal(computed)), not \(hexadecimal(stored))"
    case .newerVersion(let version):
      "the file has version \(version) of the format, newer than \(Header.version)"
    case .draftVersion(let version):
      "the file has version \(version) of the format, a draft that is no longer read"
    case .truncated(let expected, let available):
      "truncated file: \(available) bytes where at least \(expected) are needed"
    case .damagedSection(let kind, let index):
      "damaged section \(index), of kind \(kind): wrong checksum"
    case .trailing(let offset, _, .file):
      "two files in one: the first one ends at byte \(offset), where another prn file begins"
    case .trailing(let offset, let count, .zeros):
      "\(count) zero bytes behind the last section: cut the file to \(offset) bytes"
    case .trailing(_, let count, .other):
      "corrupt file: \(count) \(count == 1 ? "byte" : "bytes") behind the last section"
    case .metadataTooLarge(let bytes, let limit):
      "over the limit: metadata that unpacks to \(bytes) bytes or more, and \(limit) are allowed"
    case .outOfMemory(let error): error.description
    case .reading(let error): "cannot be read: \(error)"
    case .corrupt(let reason): "corrupt file: \(reason)"
    }
  }

  /// What stands behind the last section, where nothing may.
  public enum TrailingBytes: Equatable, Sendable {
    /// Another prn file.
    case file
    /// Zeros, such as a tape or a sector is filled up with.
    case zeros
    /// Anything else.
    case other

    /// What these bytes are, one or more.
    init(_ bytes: ArraySlice<UInt8>) {
      self =
        bytes.starts(with: Header.magic) ? .file : bytes.allSatisfy { $0 == 0 } ? .zeros : .other
    }
  }

  /// Asks for memory.
  ///
  /// - Throws: `outOfMemory` for what `body` throws.
  static func asking(_ body: () throws(OutOfMemory) -> Void) throws(ContainerError) {
    do {
      try body()
    } catch {
      throw .outOfMemory(error)
    }
  }
}

extension ContainerError: ReadingFailure {}
