import ArgumentParser
import CPlatform
import Glibc
import PRNZip
import Platform

/// The root command: it only knows its subcommands.
@main
struct PRNZipCommand: ParsableCommand {
  static let exitStatus = """
    Exit status: 0 when all is well, 1 when some file failed, 64 for wrong usage.
    """

  static let configuration = CommandConfiguration(
    commandName: "prnzip",
    abstract: "Compress PNG images without loss, with a neural network and a range coder.",
    discussion: """
      'prnzip photo.png' and 'prnzip -d photo.prn' do what they do in gzip, but sources are kept \
      unless --rm is given. FILE may be '-', standard input; the output then is standard output \
      unless -o names one. An output appears complete or not at all.

      \(exitStatus)
      """,
    version: "prnzip 0.1.0, format version \(Compressor.formatVersion)",
    subcommands: [
      CompressCommand.self, DecompressCommand.self, TestCommand.self, VerifyCommand.self,
      InfoCommand.self, ListCommand.self, InspectCommand.self, ModelsCommand.self,
      SampleCommand.self, CompleteCommand.self,
    ])

  /// Bytes of the stack that commands run on, whatever the shell's limit is.
  static let stackSize = 8 << 20

  static func main() {
    openStandardStreams()
    prn_keep_memory()
    Signals.install()
    var limit = rlimit()
    // Only if it must be: each thread's small allocations take some MiB of addresses.
    if getrlimit(stackResource, &limit) == 0, limit.rlim_cur < rlim_t(stackSize),
      DetachedThread.start(stackSize: stackSize, { runAll() })
    {
      while true { pause() }
    }
    runAll()
  }

  /// Puts something in the place of standard streams that are closed, so that no file gets their
  /// numbers and what was meant for them: reading and writing stay errors.
  private static func openStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// RLIMIT_STACK as the C library has it.
  private static let stackResource = __rlimit_resource_t(3)

  private static func runAll() -> Never {
    if let name = InstructionSet.requestedName, InstructionSet.requested == nil {
      let names = InstructionSet.allCases.map(\.description).joined(separator: ", ")
      Console.note(
        Console.oneLine("prnzip: PRNZIP_INSTRUCTION_SET=\(name) is ignored: it is none of \(names)")
      )
    }
    do {
      let commands = configuration.subcommands.map { $0._commandName }
      var command = try parseAsRoot(Invocation.arguments(RawArguments.all, commands: commands))
      do {
        try command.run()
      } catch {
        end(with: error, of: type(of: command))
      }
    } catch {
      end(with: error, of: Self.self)
    }
    Glibc.exit(ExitCode.success.rawValue)
  }

  /// Says what an error, or a wish for help, comes to, with the usage of the command, and exits.
  private static func end(with error: any Error, of command: any ParsableCommand.Type) -> Never {
    var code = command.exitCode(for: error)
    // Usage as of the whole line, though the command knows its own name alone.
    let name = command._commandName
    let own = command == Self.self ? name : "prnzip \(name)"
    let message = command.fullMessage(for: error)
      .replacing("Usage: \(name)", with: "Usage: \(own)")
      .replacing("See '\(name)", with: "See '\(own)")
    if !message.isEmpty {
      if code == .success {
        do { try Console.print(message) } catch { code = .failure }
      } else {
        Console.note(message)
      }
    }
    Glibc.exit(code.rawValue)
  }
}
