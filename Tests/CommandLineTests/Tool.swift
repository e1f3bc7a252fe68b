import Foundation
import Testing

/// What a run of the program gave.
struct Outcome {
  /// The exit status, or the signal that ended it.
  let status: Int32
  /// Whether a signal ended it.
  let wasKilled: Bool
  let output: [UInt8]
  let errors: String

  /// Standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }
}

/// A folder of its own for a test, and the program run inside of it.
final class Sandbox {
  let folder: URL
  private let log: URL

  init() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent(
      "prnzip-tests-\(UUID().uuidString)")
    folder = base.appendingPathComponent("work")
    log = base.appendingPathComponent("log")
    for url in [folder, log] {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }

  /// The names of all files, hidden ones too, in order.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Runs the program to its end.
  func run(
    _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> Outcome {
    try start(arguments, input: input, environment: environment).outcome()
  }

  /// Runs a script of the shell to its end, in which $P is the program.
  func shell(_ script: String) throws -> Outcome {
    let directory = log.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return try Run(script: script, in: folder, log: directory).outcome()
  }

  /// Starts the program, with at most `kibibytes` of address space if there is such a limit.
  func start(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    kibibytes: Int? = nil
  ) throws -> Run {
    let directory = log.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return try Run(
      arguments, in: folder, log: directory, input: input, environment: environment,
      kibibytes: kibibytes)
  }
}

/// A run of the program; its streams are files, so that none of them can block it.
final class Run {
  private let process = Process()
  private let log: URL

  convenience init(
    _ arguments: [String], in folder: URL, log: URL, input: [UInt8],
    environment: [String: String], kibibytes: Int? = nil
  ) throws {
    var (program, arguments) = (try Self.program.get(), arguments)
    if let kibibytes {
      arguments = ["-c", "ulimit -v \(kibibytes); exec \"$0\" \"$@\"", program.path] + arguments
      program = URL(fileURLWithPath: "/bin/sh")
    }
    try self.init(
      program, arguments, in: folder, log: log, input: input, environment: environment)
  }

  /// A script of the shell, in which $P is the program.
  convenience init(script: String, in folder: URL, log: URL) throws {
    try self.init(
      URL(fileURLWithPath: "/bin/sh"), ["-c", script], in: folder, log: log, input: [],
      environment: ["P": Self.program.get().path, "LC_ALL": "C"])
  }

  private init(
    _ program: URL, _ arguments: [String], in folder: URL, log: URL, input: [UInt8],
    environment: [String: String]
  ) throws {
    self.log = log
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let names = ["input", "output", "errors"].map { log.appendingPathComponent($0) }
    try Data(input).write(to: names[0])
    for name in names[1...] { try Data().write(to: name) }
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    // The threads of tests may block signals, and the program would inherit that.
    var (none, previous) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  func send(signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end.
  func outcome() throws -> Outcome {
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: Array(try Data(contentsOf: log.appendingPathComponent("output"))),
      errors: String(
        decoding: try Data(contentsOf: log.appendingPathComponent("errors")), as: UTF8.self))
  }

  /// The program in the folder of the test bundle, or in one of those that this is in.
  private static let program = Result<URL, any Error> {
    let starts = [
      Bundle.main.executableURL, CommandLine.arguments.first.map { URL(fileURLWithPath: $0) },
      Bundle(for: Run.self).bundleURL,
    ]
    for start in starts.compactMap({ $0?.resolvingSymlinksInPath() }) {
      var folder = start
      while folder.pathComponents.count > 1 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("prnzip")
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isDirectory),
          !isDirectory.boolValue, FileManager.default.isExecutableFile(atPath: candidate.path)
        {
          return candidate
        }
      }
    }
    throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "prnzip"])
  }
}
