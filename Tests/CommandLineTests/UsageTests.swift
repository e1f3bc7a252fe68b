import Foundation
import Testing

/// Exit statuses, help, and how much is said.
@Suite struct UsageTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
  }

  @Test(arguments: [
    ["bogus"], ["compress", "--bogus", "a.png"], ["compress", "--threads", "-1", "a.png"],
    ["compress", "--threads", "1025", "a.png"], ["compress", "--threads", "x", "a.png"],
    ["compress", "--threads", "99999999999999999999", "a.png"], ["compress", "a.png", "-o"],
    ["compress", "-q", "-v", "a.png"], ["compress", "a.png", "b.png", "-o", "c.prn"],
    ["compress", "a.png", "b.png", "-c"], ["compress", "a.png", "-c", "-o", "a.prn"],
    ["compress", "-9", "a.png"], ["compress", "--best", "a.png"], ["-9", "a.png"],
    ["compress", "-0", "a.png"], ["compress", "--shard", "3/2", "a.png"],
    ["compress", "--shard", "auto", "a.png"], ["compress", "--strip", "tEXtt", "a.png"],
    ["compress", "--strip", "all", "--keep", "tEXt", "a.png"], ["compress", "--rm", "-c", "a.png"],
    ["compress", "--exact", "--strip", "all", "a.png"], ["compress", "-f", "--skip-existing", "a"],
    ["compress", "--mixing", "fast", "a.png"],
    ["compress", "--effort", "most", "a.png"], ["test", "--json", "a.prn"], ["models", "a.prn"],
    ["--bogus"], ["compress", "--strip", "text", "a.png"],
    ["compress", "--strip", "tEXt,IDAT", "a.png"], ["compress", "--strip", "tRNS", "a.png"],
    ["compress", "a.png", "-o", "new/"],
    ["decompress", "a.prn", "-o", "new/"],
  ])
  func wrongUsageIs64(arguments: [String]) throws {
    let outcome = try sandbox.start(arguments).outcome()
    #expect(outcome.status == 64 && !outcome.wasKilled)
    #expect(outcome.output.isEmpty && outcome.errors.hasPrefix("Error: "))
    #expect(try sandbox.names == ["a.png"])
  }

  /// Not only that a value is wrong, but why.
  @Test(arguments: [
    (["compress", "--shard", "auto", "a.png"], "JOB_COMPLETION_INDEX and JOB_COMPLETIONS."),
    (["compress", "--shard", "3/2", "a.png"], "there is no part 3 of 2: the first one is 1."),
    (["compress", "--shard", "1/0", "a.png"], "there are 1 to 1048576 parts, not 0."),
    (["compress", "--shard", "1", "a.png"], "neither two numbers such as 1/4, nor auto."),
    (["sample", "--size", "9", "-o", "b.png"], "not two numbers such as 64x48."),
    (["sample", "--size", "0x3", "-o", "b.png"], "width and height are 1 to 65535."),
    (["decompress", "--region", "1,2,3", "a.prn"], "not four numbers such as 10,20,64x48."),
    (["decompress", "--region", "1,2,0x3", "a.prn"], "0x3 pixels are none."),
  ])
  func reasonsAreGiven(arguments: [String], reason: String) throws {
    let outcome = try sandbox.start(arguments).outcome()
    #expect(outcome.status == 64)
    let first = outcome.errors.split(separator: "\n").first ?? ""
    #expect(first.hasSuffix(reason), "\(outcome.errors)")
  }

  /// What cannot be meant is told, and does no harm.
  @Test func unknownInstructionsAreTold() throws {
    let name = "PRNZIP_INSTRUCTION_SET"
    let outcome = try sandbox.run("info", "a.png", environment: [name: "sse4"])
    #expect(outcome.errors.hasPrefix("prnzip: \(name)=sse4 is ignored: it is none of portable, "))
    for known in ["", "portable", "avx512"] {
      let quiet = try sandbox.run("compress", "-c", "-q", "a.png", environment: [name: known])
      #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
    }
  }

  @Test(arguments: [
    ["--help"], ["-h"], [], ["help"], ["help", "compress"], ["compress", "--help"],
    ["decompress", "-h"], ["test", "--help"], ["info", "--help"], ["models", "--help"],
  ])
  func helpIsOnStandardOutput(arguments: [String]) throws {
    let outcome = try sandbox.start(arguments).outcome()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("Exit status: 0 when all is well"))
    #expect(outcome.text.contains("USAGE: prnzip"))
  }

  @Test func theVersionNamesTheFormat() throws {
    let outcome = try sandbox.run("--version")
    #expect(outcome.status == 0)
    // The one that files say behind their magic.
    let version = try sandbox.run("compress", "-", input: Samples.png()).output[4]
    #expect(outcome.text.hasPrefix("prnzip "))
    #expect(outcome.text.hasSuffix(", format version \(version)\n"), "\(outcome.text)")
  }

  /// Foundation takes four milliseconds of each start.
  @Test func theProgramDoesWithoutFoundation() throws {
    let libraries = try sandbox.run("--version", environment: ["LD_TRACE_LOADED_OBJECTS": "1"])
    #expect(libraries.text.contains("libc.so"), "\(libraries.text)")
    #expect(!libraries.text.contains("libFoundation.so"))
    #expect(!libraries.text.contains("FoundationInternationalization"))
  }

  @Test(arguments: ["compress", "decompress", "test", "info"])
  func missingFilesAndDirectoriesAreOneLine(command: String) throws {
    let missing = try sandbox.run(command, "missing")
    #expect(missing.status == 1 && missing.output.isEmpty)
    #expect(missing.errors == "prnzip: missing: No such file or directory\n")
    let directory = try sandbox.run(command, ".")
    #expect(directory.status == 1)
    #expect(directory.errors == "prnzip: .: is a directory; -r takes the files in it\n")
    let empty = try sandbox.run(command, "/dev/null", "-")
    #expect(empty.status == 1 && empty.errors.hasPrefix("prnzip: /dev/null: "))
    let nothing = try sandbox.run(command)
    #expect(nothing.status == 1 && nothing.errors.hasPrefix("prnzip: -: "))
    #expect(try sandbox.names == ["a.png"])
  }

  @Test func quietSaysNothingAndVerboseMore() throws {
    let normal = try sandbox.run("compress", "a.png")
    let quiet = try sandbox.run("compress", "-qf", "a.png")
    let verbose = try sandbox.run("compress", "-vf", "a.png")
    #expect(normal.errors.hasPrefix("a.png: ") && normal.errors.hasSuffix(" bpsp\n"))
    #expect(quiet.status == 0 && quiet.errors.isEmpty && quiet.output.isEmpty)
    #expect(verbose.errors.hasPrefix(normal.errors.dropLast() + "; 48x40, RGB by model "))
    #expect(verbose.errors.contains(" in 1 tile of 48x40, ") && verbose.errors.hasSuffix(" MP/s\n"))
    for arguments in [["decompress", "-qf", "a.prn", "-o", "b.png"], ["test", "-q", "a.prn"]] {
      let outcome = try sandbox.start(arguments).outcome()
      #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty)
    }
    #expect(try sandbox.run("decompress", "-vf", "a.prn", "-o", "b.png").errors.contains(" MP/s"))
    let failure = try sandbox.run("test", "-q", "a.png")
    #expect(failure.status == 1)
    #expect(failure.errors == "prnzip: a.png: is a PNG file, and not a prn file\n")
  }
}
