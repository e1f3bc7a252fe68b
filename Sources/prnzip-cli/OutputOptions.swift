import ArgumentParser
import Glibc
import SystemPackage

/// What becomes of an input when all is well.
enum SourceFate: String, EnumerableFlag {
  case kept, removed

  static func name(for value: SourceFate) -> NameSpecification {
    value == .kept ? [.customShort("k"), .customLong("keep-source")] : [.customLong("rm")]
  }

  static func help(for value: SourceFate) -> ArgumentHelp? {
    value == .kept
      ? "Keep sources, as is done unless told otherwise."
      : "Remove each source when its output has been verified and is on the disk."
  }
}

/// The output of one input.
struct OutputName: ExpressibleByArgument, Equatable {
  let place: Place
  /// Whether it can only be a folder's.
  let isOfFolder: Bool

  init(argument: String) {
    place = Place(argument: argument).standard("/dev/stdout")
    isOfFolder = argument.hasSuffix("/")
  }

  /// What is said of a folder.
  var refusal: String { "-o takes a file, and not a folder such as \(place.name)" }

  var defaultValueDescription: String { place.name }
}

/// Where the output goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The output, for one input; '-' is standard output.", valueName: "out"))
  var output: OutputName?

  @Flag(name: [.customShort("c"), .long], help: "Write to standard output, for one input.")
  var stdout = false

  @Option(
    help: ArgumentHelp(
      """
      The folder that outputs go to; it is made where there is none. Files of folders and lists \
      keep their paths in it.
      """, valueName: "folder"))
  var outputDir: Place?

  @Flag(name: .shortAndLong, help: "Overwrite outputs, and write to a terminal.")
  var force = false

  @Flag(help: "Leave out inputs whose outputs exist.")
  var skipExisting = false

  @Flag(exclusivity: .chooseLast) var sources = SourceFate.kept

  func validate() throws {
    let places = [output != nil, stdout, outputDir != nil].filter { $0 }
    if places.count > 1 { throw ValidationError("-o, -c and --output-dir exclude each other.") }
    if let output, output.isOfFolder {
      throw ValidationError(output.refusal + "; see --output-dir.")
    }
    if outputDir == .standardStream { throw ValidationError("--output-dir takes a folder.") }
    if force && skipExisting { throw ValidationError("-f and --skip-existing exclude each other.") }
    if sources == .removed && goToStandardOutput {
      throw ValidationError("--rm needs an output that can be verified, not standard output.")
    }
  }

  /// Where each input's output goes, or why it cannot go there.
  ///
  /// - Parameters:
  ///   - inputs: all of them.
  ///   - naming: gives the name of an output for that of its input, and the input.
  /// - Returns: what there is to do, in the order of the inputs.
  /// - Throws: `ValidationError` if one output would have to hold several inputs.
  func jobs(_ inputs: [Input], naming: (FilePath, Place) -> FilePath) throws -> [PlannedJob] {
    if inputs.count > 1, stdout || output != nil {
      throw ValidationError(
        "\(stdout ? "-c" : "-o") takes one input, not \(inputs.count); see --output-dir.")
    }
    if outputDir != nil, inputs.contains(where: { $0.place == .standardStream }) {
      throw ValidationError("Standard input has no name in --output-dir; use -o.")
    }
    var inputOfOutput: [Place: Place] = [:]
    return inputs.map { input in
      guard output != nil || stdout || outputDir != nil || !input.place.isDescriptor else {
        return .refused(input.place, FileError(path: input.place.name, reason: .hasNoFolder))
      }
      let output = place(for: input, naming: naming)
      let (isNew, other) = inputOfOutput.insert(input.place, for: Self.key(of: output))
      guard isNew || output == .file("/dev/null") else {
        return .refused(
          input.place, FileError(path: output.name, reason: .isWrittenAlready(from: other.name)))
      }
      return .job(Job(input: input.place, output: output))
    }
  }

  /// Whether a job is to be left out, because its output exists.
  func skips(_ job: Job) -> Bool {
    guard skipExisting, case .file(let path)? = job.output else { return false }
    var status = stat()
    return path.withPlatformString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// What is said of a job that is left out.
  func skipLine(_ job: Job, _ verbosity: VerbosityOptions) -> String? {
    verbosity.verbose
      ? Console.oneLine("\(job.input.name): skipped, \(job.output?.name ?? "-") exists") : nil
  }

  /// The output of a job, begun.
  ///
  /// - Throws: `FileError`.
  func file(_ job: Job, inputs: [InputFile]) throws -> OutputFile {
    let file = try OutputFile(
      job.output ?? .standardStream, overwrite: force, inputs: inputs,
      makesFolders: outputDir != nil)
    guard sources == .kept || file.canRestart else {
      throw FileError(path: file.place.name, reason: .notVerifiable)
    }
    return file
  }

  /// Whether the output of a sole input goes to standard output.
  var goToStandardOutput: Bool { stdout || output?.place == .standardStream }

  private func place(for input: Input, naming: (FilePath, Place) -> FilePath) -> Place {
    if let output { return output.place }
    guard !stdout, case .file(let path) = input.place else { return .standardStream }
    guard case .file(let folder) = outputDir else { return .file(naming(path, input.place)) }
    return .file(folder.pushing(naming(input.below, input.place)))
  }

  /// The same place for each way of writing a path: symbolic links of the directory are followed.
  private static func key(of place: Place) -> Place {
    guard case .file(let path) = place, let name = path.lastComponent else { return place }
    let folder = Paths.directory(of: path)
    guard let real = folder.withPlatformString({ realpath($0, nil) }) else {
      return .file(path.lexicallyNormalized())
    }
    defer { free(real) }
    return .file(FilePath(platformString: real).appending(name))
  }
}

extension Dictionary where Key == Place, Value == Place {
  /// Adds an entry if there is none of this key.
  ///
  /// - Returns: whether it is new, and the value that is there.
  fileprivate mutating func insert(_ value: Place, for key: Place) -> (isNew: Bool, Place) {
    if let old = self[key] { return (false, old) }
    self[key] = value
    return (true, value)
  }
}
