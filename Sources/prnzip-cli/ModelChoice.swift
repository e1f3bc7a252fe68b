import ArgumentParser
import DigitModels
import Glibc
import ModelStore
import PRNZip
import Sampling
import SystemPackage

/// The model option of the commands that decode.
struct DecodingModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A weight file to know besides the embedded models.", valueName: "file"))
  var model: String?
}

/// The models that a command knows, and the one to compress with.
struct ModelChoice {
  private(set) var store = ModelStore.withDigits
  /// The name to compress with; nil for the effort's own.
  private(set) var name: String?

  /// - Parameter argument: an embedded model's name, or the path of a weight file to add; nil for
  ///   the effort's own.
  /// - Throws: `ExitCode.failure` if a weight file cannot be read, after reporting it.
  init(_ argument: String?) throws {
    guard let argument else { return }
    if store.descriptions.contains(where: { $0.name == argument }) {
      name = argument
      return
    }
    do {
      name = try store.add(
        InputFile(.file(FilePath(argument: argument))).readAll(limit: 1 << 28, isImage: false)
      ).name
    } catch let error as FileError where error.reason == .system(ENOENT) {
      Console.note(
        Console.oneLine("prnzip: \(argument): neither an embedded model nor a weight file"))
      throw ExitCode.failure
    } catch {
      Console.report(error, file: argument)
      throw ExitCode.failure
    }
  }

  func compressorOptions(
    threads: Int, limits: Limits, effort: EffortOptions
  ) -> Compressor.Options {
    var options = Compressor.Options()
    options.store = store
    options.model = name
    options.effort = effort.effort
    options.isPure = effort.pure
    options.threads = threads
    options.limits = limits
    return options
  }

  func samplerOptions(threads: Int, limits: Limits) -> Sampler.Options {
    var options = Sampler.Options()
    options.store = store
    options.model = name
    options.threads = threads
    options.limits = limits
    return options
  }

  func decompressorOptions(threads: Int, limits: Limits) -> Decompressor.Options {
    var options = Decompressor.Options()
    options.store = store
    options.threads = threads
    options.limits = limits
    return options
  }
}
