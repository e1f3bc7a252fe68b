import Bytes
import Glibc
import PRNZip
import SystemPackage

/// An output that appears complete or not at all.
///
/// A regular file is written under a temporary name in its own directory, flushed to the disk and
/// renamed. Standard output, pipes and character devices (`/dev/null`) are written directly.
final class OutputFile {
  let place: Place
  private let overwrite: Bool
  /// The path behind symbolic links.
  private let finalPath: FilePath
  private var temporaryPath: FilePath?
  private var descriptor: Int32 = -1
  /// Bytes that have been written.
  private(set) var size = 0

  /// Creates the temporary file, so that a directory that cannot be written shows before the work.
  ///
  /// - Parameters:
  ///   - place: where the output shall appear.
  ///   - overwrite: replace what is there, and write to a terminal.
  ///   - inputs: what the output is made from; never overwritten.
  ///   - makesFolders: make the folders that it is to be in, if they are missing.
  /// - Throws: `FileError`.
  init(
    _ place: Place, overwrite: Bool, inputs: [InputFile], makesFolders: Bool = false
  ) throws {
    self.place = place
    self.overwrite = overwrite
    guard case .file(let path) = place else {
      finalPath = FilePath()
      descriptor = STDOUT_FILENO
      if isatty(STDOUT_FILENO) == 1 && !overwrite {
        throw FileError(path: place.name, reason: .terminal)
      }
      return
    }
    if makesFolders { try Self.makeFolders(Paths.directory(of: path)) }
    finalPath = Self.resolved(path)

    var existing = stat()
    // Behind links: /dev/stdout may be a link to a pipe, which has no path.
    if path.withPlatformString({ stat($0, &existing) }) == 0 {
      if inputs.contains(where: {
        $0.status.st_dev == existing.st_dev && $0.status.st_ino == existing.st_ino
      }) {
        throw FileError(path: place.name, reason: .isItsOwnInput)
      }
      switch existing.st_mode & S_IFMT {
      case S_IFREG:
        guard overwrite else { throw FileError(path: place.name, reason: .exists) }
      case S_IFDIR:
        throw FileError(path: place.name, reason: .isFolder)
      case S_IFCHR, S_IFIFO:
        descriptor = path.withPlatformString { open($0, O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError.system(place.name) }
        return
      default:
        throw FileError(path: place.name, reason: .notWritableKind)
      }
    } else if path.withPlatformString({ lstat($0, &existing) }) == 0, !overwrite {
      throw FileError(path: place.name, reason: .exists)
    }
    try createTemporary(beside: finalPath)
  }

  deinit { discard() }

  /// Appends all of `bytes`.
  ///
  /// - Throws: `FileError`; a reader that has gone is one too.
  func append(_ bytes: [UInt8]) throws {
    do throws(TransferError) {
      try write(bytes)
    } catch {
      throw FileError(error, path: place.name)
    }
  }

  /// Does work that writes here.
  ///
  /// - Throws: what `work` throws; if that is for the writing, `FileError`.
  func receive(_ work: () throws(PRNZipError) -> Void) throws {
    do throws(PRNZipError) {
      try work()
    } catch .writing(let error) {
      throw FileError(error, path: place.name)
    }
  }

  /// What has been written so far, to be read again; nil of what is no file on a disk.
  ///
  /// - Throws: `FileError`.
  func written() throws -> FileSource? {
    guard temporaryPath != nil else { return nil }
    do {
      return try FileSource(descriptor: descriptor)
    } catch {
      throw FileError(error, path: place.name)
    }
  }

  /// Whether what has been written can be forgotten.
  var canRestart: Bool { temporaryPath != nil }

  /// Makes the output permanent under its name.
  ///
  /// - Parameter source: gives its permissions, times and, where allowed, its owner; nil for those
  ///   of any new file.
  /// - Throws: `FileError`; nothing is left then.
  func commit(like source: InputFile?) throws {
    guard let temporary = temporaryPath else {
      if case .file = place, close(takeDescriptor()) != 0 { throw FileError.system(place.name) }
      return
    }
    if let source, source.isRegular {
      copyAttributes(of: source.status)
    } else {
      // The only way to ask for the mask is to set it.
      let mask = umask(0o077)
      umask(mask)
      fchmod(descriptor, 0o666 & ~mask)
    }
    guard fsync(descriptor) == 0, close(takeDescriptor()) == 0 else {
      throw FileError.system(place.name)
    }
    try moveIntoPlace(temporary)
    temporaryPath = nil
    Signals.didFinish(temporary)
    syncDirectory()
  }

  /// Removes what has been written, if it is not committed.
  func discard() {
    if case .file = place, descriptor >= 0 { close(takeDescriptor()) }
    guard let temporary = temporaryPath else { return }
    _ = temporary.withPlatformString { unlink($0) }
    temporaryPath = nil
    Signals.didFinish(temporary)
  }

  private func createTemporary(beside path: FilePath) throws {
    for _ in 0..<100 {
      let random = String(UInt64.random(in: 0 ... .max), radix: 36)
      let temporary = Paths.directory(of: path).appending(".prnzip-\(random).tmp")
      Signals.willCreate(temporary)
      descriptor = temporary.withPlatformString {
        open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      }
      if descriptor >= 0 {
        temporaryPath = temporary
        return
      }
      let code = errno
      Signals.didFinish(temporary)
      guard code == EEXIST else { throw FileError(path: place.name, reason: .system(code)) }
    }
    throw FileError(path: place.name, reason: .system(EEXIST))
  }

  private func takeDescriptor() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  /// Owner and group are kept where the system lets us; where it does not, the group gets no more
  /// than everybody.
  private func copyAttributes(of source: stat) {
    var mode = source.st_mode & 0o777
    if fchown(descriptor, uid_t.max, source.st_gid) != 0 {
      mode &= ~0o070 | ((mode & 0o007) << 3)
    }
    _ = fchown(descriptor, source.st_uid, gid_t.max)
    fchmod(descriptor, mode)
    #if os(Linux)
      futimens(descriptor, [source.st_atim, source.st_mtim])
    #else
      futimens(descriptor, [source.st_atimespec, source.st_mtimespec])
    #endif
  }

  private func moveIntoPlace(_ temporary: FilePath) throws {
    try temporary.withPlatformString { temporary in
      try finalPath.withPlatformString { final in
        if !overwrite {
          // Unlike rename, link never replaces a file that has appeared in the meantime.
          if link(temporary, final) == 0 {
            unlink(temporary)
            return
          }
          let exists = FileError(path: place.name, reason: .exists)
          if errno == EEXIST { throw exists }
          // Some file systems have no hard links.
          if access(final, F_OK) == 0 { throw exists }
        }
        guard rename(temporary, final) == 0 else { throw FileError.system(place.name) }
      }
    }
  }

  /// The new name reaches the disk too. The data is safe already, so this is no error if it fails.
  private func syncDirectory() {
    let directory = Paths.directory(of: finalPath).withPlatformString {
      open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  /// What `path` is behind symbolic links, or itself if there is nothing.
  private static func resolved(_ path: FilePath) -> FilePath {
    guard let real = path.withPlatformString({ realpath($0, nil) }) else { return path }
    defer { free(real) }
    return FilePath(platformString: real)
  }

  /// Makes a folder and those that it is in, as far as they are missing.
  private static func makeFolders(_ folder: FilePath) throws {
    var path = FilePath(root: folder.root, [])
    for name in folder.components {
      path.append(name)
      guard path.withPlatformString({ mkdir($0, 0o777) }) != 0, errno != EEXIST else { continue }
      // A folder that is there may be in one that nothing can be made in.
      var status = stat()
      let code = errno
      guard path.withPlatformString({ stat($0, &status) }) == 0,
        status.st_mode & S_IFMT == S_IFDIR
      else { throw FileError(path: path.string, reason: .system(code)) }
    }
  }
}

extension OutputFile: ByteSink {
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
    try writeAll(bytes, to: descriptor)
    size += bytes.count
  }

  func restart() throws(TransferError) {
    guard canRestart else { throw .system(ESPIPE) }
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw .last }
    size = 0
  }
}

/// Writes all of `bytes` to a descriptor.
///
/// - Throws: `FileError` for the file called `name`.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
  do throws(TransferError) {
    try bytes.withUnsafeBufferPointer { bytes throws(TransferError) in
      try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor)
    }
  } catch {
    throw FileError(error, path: name)
  }
}

private func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
) throws(TransferError) {
  var done = 0
  while done < bytes.count {
    // A single write takes 2 GiB at most.
    let part = min(bytes.count - done, 1 << 30)
    let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), part)
    if count < 0 {
      if errno == EINTR { continue }
      throw .last
    }
    done += count
  }
}
