import Foundation
import PNGFile
import Testing

/// An output appears complete or not at all, whatever ends the program.
@Suite(.serialized) struct InterruptionTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// Sends the signal when the output has been begun, a while into the work.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1])
  func aSignalLeavesNothing(number: Int32) throws {
    let png = try Samples.noise(side: 1500)
    try sandbox.write(png, to: "a.png")
    // Tests that run in the background ignore some signals, and the program would inherit that.
    let previous = signal(number, SIG_DFL)
    let run = try sandbox.start(["compress", "--threads", "2", "a.png"])
    signal(number, previous)
    let end = Date(timeIntervalSinceNow: 30)
    while run.isRunning, Date() < end, try sandbox.names == ["a.png"] { usleep(5_000) }
    usleep(200_000)
    let begun = try sandbox.names
    #expect(begun.count == 2 && begun.first?.hasSuffix(".tmp") == true)
    run.send(signal: number)
    let outcome = try run.outcome()
    #expect(outcome.wasKilled && outcome.status == number)
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(try sandbox.names == ["a.png"])
    #expect(try sandbox.read("a.png") == png)
  }

  /// A batch that is killed leaves each file whole: a source, an output, or both.
  @Test func aKilledBatchLosesNothing() throws {
    for number in 0..<8 {
      try sandbox.write(Samples.png(width: 64, height: 64, row: 10 * number), to: "\(number).png")
    }
    for delay in stride(from: 20_000, through: 260_000, by: 60_000) as StrideThrough<UInt32> {
      let run = try sandbox.start(["compress", "-qf", "--rm", "-T2", "-r", "."])
      usleep(delay)
      run.send(signal: SIGKILL)
      _ = try run.outcome()
      for number in 0..<8 {
        let image = try Samples.image(width: 64, height: 64, row: 10 * number)
        let names = try sandbox.names.filter { $0.hasPrefix("\(number).") }
        #expect(!names.isEmpty)
        for name in names {
          let back = try sandbox.run(name.hasSuffix(".prn") ? "-dc" : "-c", name).output
          let png = name.hasSuffix(".prn") ? back : try sandbox.read(name)
          #expect(try PNGFile.decode(png) == image)
        }
      }
    }
  }

  /// The disk is full: /dev/full stands for it.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsAnError() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    let outcome = try sandbox.run("compress", "a.png", "-o", "/dev/full")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "prnzip: /dev/full: No space left on device\n")
    #expect(try sandbox.names == ["a.png"])
  }

  /// A folder in which nothing can be created is noticed at once; root may write everywhere.
  @Test(.enabled(if: geteuid() != 0))
  func anUnwritableFolderIsAnError() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555], ofItemAtPath: sandbox.folder.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: sandbox.folder.path)
    }
    let outcome = try sandbox.run("compress", "a.png")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "prnzip: a.prn: Permission denied\n")
  }

  /// Two at the same time: one wins, the other says that the file exists, and the file is whole.
  @Test func twoRunsDoNotMixTheirOutput() throws {
    try sandbox.write(Samples.png(width: 200, height: 200), to: "a.png")
    let runs = try (0..<2).map { _ in try sandbox.start(["compress", "a.png", "-q"]) }
    let outcomes = try runs.map { try $0.outcome() }
    #expect(outcomes.map(\.status).sorted() == [0, 1])
    #expect(
      outcomes.map(\.errors).sorted() == ["", "prnzip: a.prn: exists already; -f overwrites it\n"])
    #expect(try sandbox.names == ["a.png", "a.prn"])
    #expect(try sandbox.run("test", "a.prn").status == 0)
  }
}
