import Glibc
import SystemPackage

/// The files of a folder and of all folders in it.
///
/// Symbolic links are not followed. Names come in the order of their bytes.
struct FolderWalk {
  /// Extensions, in lower case, of the files that are looked for.
  let extensions: [String]

  /// The files below `folder`.
  ///
  /// Complexity: O(names below the folder).
  ///
  /// - Parameters:
  ///   - folder: the folder, or a link to it.
  ///   - report: is told of each folder that cannot be read.
  /// - Returns: their paths, which begin with the folder's.
  func files(of folder: FilePath, report: (FileError) -> Void) -> [FilePath] {
    var found: [FilePath] = []
    // Folders and files that are yet to be looked at, the next one last.
    var rest = [folder]
    var isRoot = true
    while let path = rest.popLast() {
      var status = stat()
      guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
        report(.system(path.string))
        continue
      }
      // The folder itself may be named by a link.
      if status.st_mode & S_IFMT == S_IFDIR || isRoot {
        do throws(FileError) {
          rest += try names(in: path).reversed().map { path.appending($0) }
        } catch {
          report(error)
        }
      } else if status.st_mode & S_IFMT == S_IFREG,
        let own = path.extension, extensions.contains(own.lowercased())
      {
        found.append(path)
      }
      isRoot = false
    }
    return found
  }

  /// The names in a folder, in the order of their bytes.
  private func names(in folder: FilePath) throws(FileError) -> [FilePath.Component] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else {
      throw .system(folder.string)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 1) { RawArguments.bytes(of: $0) }
        })
    }
    guard errno == 0 else { throw .system(folder.string) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
      .compactMap { FilePath(bytes: $0).lastComponent }.filter { $0.kind == .regular }
  }
}
