import ArgumentParser
import Foundation
import PRNZip
import PixelNetwork

/// The model option of the commands that decode.
struct DecodingModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A weight file to know besides the embedded models.", valueName: "file"))
  var model: String?
}

/// The models that a command knows, and the one to compress with.
struct ModelChoice {
  private(set) var registry = ModelRegistry.embedded
  /// The name to compress with; nil for the effort's own.
  private(set) var name: String?

  /// - Parameter argument: an embedded model's name, or the path of a weight file to add; nil for
  ///   the effort's own.
  /// - Throws: `ExitCode.failure` if a weight file cannot be read, after reporting it.
  init(_ argument: String?) throws {
    guard let argument else { return }
    if registry.models.contains(where: { $0.name == argument }) {
      name = argument
      return
    }
    do {
      name = try registry.add(InputFile(.file(argument)).readAll()).name
    } catch let error as FileError where error.reason == .system(ENOENT) {
      Console.note(
        Console.oneLine("prnzip: \(argument): neither an embedded model nor a weight file"))
      throw ExitCode.failure
    } catch {
      Console.report(error, file: argument)
      throw ExitCode.failure
    }
  }

  func compressorOptions(threads: Int, effort: EffortOptions) -> Compressor.Options {
    var options = Compressor.Options()
    options.registry = registry
    options.model = name
    options.effort = effort.effort
    options.isPure = effort.pure
    options.threads = threads
    return options
  }

  func samplerOptions(threads: Int) -> Sampler.Options {
    var options = Sampler.Options()
    options.registry = registry
    options.model = name
    options.threads = threads
    return options
  }

  func decompressorOptions(threads: Int) -> Decompressor.Options {
    var options = Decompressor.Options()
    options.registry = registry
    options.threads = threads
    return options
  }
}
