import ArgumentParser
import Glibc
import SystemPackage

/// A file to work on, and where it belongs below an output folder.
struct Input: Equatable, Sendable {
  let place: Place
  /// Its path below the folder that was named; its name alone if it was named itself.
  let below: FilePath

  /// A file that was named itself.
  init(_ place: Place) {
    let place = place.standard("/dev/stdin")
    self.place = place
    guard case .file(let path) = place else {
      below = FilePath()
      return
    }
    below = path.lastComponent.map { FilePath(root: nil, components: $0) } ?? path
  }

  /// A file of a folder or a list, which keeps this path below an output folder.
  init(_ path: FilePath, below: FilePath) {
    place = Place.file(path).standard("/dev/stdin")
    self.below = below
  }
}

/// The inputs of every subcommand that has any.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The files to read; '-', or none where nothing is typed in, is standard input.",
      valueName: "file"))
  var files: [Place] = []

  @Flag(name: .shortAndLong, help: "Take the files of folders, too, and of all folders in them.")
  var recursive = false

  @Option(
    help: ArgumentHelp(
      "Read more names from a file, one a line; '-' is standard input.", valueName: "list"))
  var filesFrom: Place?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "Names of --files-from end with a NUL, as 'find -print0' writes them.")
  var endWithNull = false

  @Option(
    help: ArgumentHelp(
      """
      Take one of N parts of the files, by their names: 1/4 is the first of four. auto asks the \
      variables of Open MPI, Slurm or Kubernetes (JOB_COMPLETION_INDEX, and JOB_COMPLETIONS for N).
      """, valueName: "i/n|auto"), transform: Shard.init(argument:))
  var shard: Shard?

  func validate() throws {
    if endWithNull && filesFrom == nil { throw ValidationError("-0 goes with --files-from.") }
    if filesFrom == .standardStream && files.contains(.standardStream) {
      throw ValidationError("Standard input cannot be a list and an image at once.")
    }
  }

  /// All inputs of this shard.
  ///
  /// - Parameters:
  ///   - extensions: of the files that are taken from folders, in lower case.
  ///   - report: is told what could not be looked at.
  /// - Returns: those that were named, and then those of the list.
  /// - Throws: `ValidationError` where nothing is named, and nothing comes from standard input.
  func inputs(extensions: [String], report: (FileError) -> Void) throws -> [Input] {
    if files.isEmpty && filesFrom == nil {
      guard isatty(STDIN_FILENO) == 0 else {
        throw ValidationError("Missing expected argument '<file> ...'")
      }
      return [Input(.standardStream)]
    }
    let walk = FolderWalk(extensions: extensions)
    func found(_ place: Place, isListed: Bool) -> [Input] {
      guard case .file(let path) = place else { return [Input(place)] }
      guard recursive, isFolder(path) else {
        return [isListed ? Input(path, below: inside(path)) : Input(place)]
      }
      let above = isListed ? FilePath() : Paths.directory(of: path)
      return walk.files(of: path, report: report).map {
        Input($0, below: inside($0, above: above))
      }
    }
    var inputs = files.flatMap { found($0, isListed: false) }
    if let filesFrom {
      do {
        inputs += try names(in: filesFrom).flatMap { found(.file($0), isListed: true) }
      } catch {
        report(error as? FileError ?? FileError(path: filesFrom.name, reason: .system(ENOMEM)))
      }
    }
    return shard.map { shard in inputs.filter { shard.has($0.place) } } ?? inputs
  }

  /// Does `body` for each prn file; an error is reported, and the next file's turn comes.
  ///
  /// - Throws: `ExitCode.failure` at the end if something failed; `ValidationError`.
  func forEach(_ body: (Place) throws -> Void) throws {
    var failed = false
    let all = try inputs(extensions: Paths.compressed) { error in
      Console.report(error, file: error.path)
      failed = true
    }
    for input in all {
      do {
        try body(input.place)
      } catch {
        Console.report(error, file: input.place.name)
        failed = true
      }
    }
    if failed { throw ExitCode.failure }
  }

  private func names(in list: Place) throws -> [FilePath] {
    try InputFile(list).readAll(limit: 1 << 30, isImage: false).split(
      separator: endWithNull ? 0 : 10
    )
    .map { FilePath(bytes: !endWithNull && $0.last == 13 ? $0.dropLast() : $0) }
    .filter { !$0.isEmpty }
  }

  private func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    return path.withPlatformString { stat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The part of a path below `above` that cannot lead out of a folder.
  private func inside(_ path: FilePath, above: FilePath = FilePath()) -> FilePath {
    var path = path
    _ = path.removePrefix(above)
    let names = path.components.filter { $0.kind == .regular }
    return FilePath(root: nil, names)
  }
}
