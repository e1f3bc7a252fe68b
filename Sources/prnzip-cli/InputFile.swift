import Bytes
import Glibc
import PRNZip
import SystemPackage

/// An input, opened: a file, a pipe or standard input.
final class InputFile: Sendable {
  /// More than this is refused rather than loaded.
  static let sizeLimit = 1 << 33
  /// Bytes that are read at once.
  private static let chunkSize = 1 << 20

  let place: Place
  /// What the system says about it; the output takes permissions and times from here.
  let status: stat
  private let descriptor: Int32

  /// Opens it for reading.
  ///
  /// - Throws: `FileError`, also for a directory.
  init(_ place: Place) throws {
    self.place = place
    descriptor = try place.open(O_RDONLY, standard: STDIN_FILENO)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.system(place.name) }
    self.status = status
    if status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(path: place.name, reason: .isDirectory)
    }
  }

  deinit {
    if case .file = place, descriptor >= 0 { close(descriptor) }
  }

  /// Is it a file on a disk, whose permissions and times mean something?
  var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }

  /// Removes the file, if it is still the one that was opened, and unchanged.
  ///
  /// - Throws: `FileError`.
  func remove() throws {
    guard case .file(let path) = place, isRegular else {
      throw FileError(path: place.name, reason: .notRemovable)
    }
    var now = stat()
    guard path.withPlatformString({ lstat($0, &now) }) == 0 else {
      throw FileError.system(place.name)
    }
    guard now.st_mode & S_IFMT != S_IFLNK else {
      throw FileError(path: place.name, reason: .isLink)
    }
    guard now.st_dev == status.st_dev, now.st_ino == status.st_ino,
      now.st_size == status.st_size, Self.changed(now) == Self.changed(status)
    else { throw FileError(path: place.name, reason: .hasChanged) }
    guard path.withPlatformString({ unlink($0) }) == 0 else {
      throw FileError(path: place.name, reason: .cannotBeRemoved(errno))
    }
  }

  private static func changed(_ status: stat) -> [Int] {
    [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }

  /// The bytes: of a file on a disk, read when they are needed; else all that is left, read now.
  ///
  /// - Parameter limit: bytes at most of what is read now.
  /// - Returns: a source, for which the file stays open.
  /// - Throws: `FileError`, `OutOfMemory`.
  func source(limit: Int = sizeLimit) throws -> any ByteSource {
    // Whoever has read a part of standard input before means the rest.
    guard isRegular, lseek(descriptor, 0, SEEK_CUR) == 0 else {
      return ArraySource(try readAll(limit: limit))
    }
    do {
      return try FileSource(descriptor: descriptor, owner: self)
    } catch {
      throw FileError(error, path: place.name)
    }
  }

  /// The first bytes of a file on a disk, for its header; none of anything else.
  func start() throws -> [UInt8] {
    guard isRegular else { return [] }
    let source = try FileSource(descriptor: descriptor, owner: self)
    return try source.bytes(0..<min(source.count, FileInformation.startSize))
  }

  /// Reads all that is left.
  ///
  /// - Parameters:
  ///   - limit: bytes at most.
  ///   - isImage: what begins as no file of a known format is read no further.
  /// - Returns: the bytes.
  /// - Throws: `FileError`, `OutOfMemory`.
  func readAll(limit: Int = sizeLimit, isImage: Bool = true) throws -> [UInt8] {
    let limit = min(limit, Self.sizeLimit)
    let tooLarge = FileError(path: place.name, reason: .tooLarge(limit: limit))
    var bytes: [UInt8] = []
    var isKnown = false
    if isRegular, status.st_size > limit { throw tooLarge }
    guard let start = malloc(Self.chunkSize) else { throw OutOfMemory(bytes: Self.chunkSize) }
    defer { free(start) }
    let chunk = UnsafeRawBufferPointer(start: start, count: Self.chunkSize)
    while true {
      let count = read(descriptor, start, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError.system(place.name)
      }
      guard bytes.count + count <= limit else { throw tooLarge }
      // An array that is full doubles.
      if bytes.count + count > bytes.capacity { try Memory.check(2 * (bytes.count + count)) }
      bytes.append(contentsOf: chunk[..<count])
      guard !isKnown else { continue }
      // Who reads it says what it is not.
      if bytes.count >= FileFormat.startSize, isImage, FileFormat(start: bytes) == nil {
        return bytes
      }
      isKnown = bytes.count >= FileFormat.startSize
      if isRegular, isKnown {
        try Memory.check(Int(status.st_size))
        bytes.reserveCapacity(Int(status.st_size))
      }
    }
  }
}
