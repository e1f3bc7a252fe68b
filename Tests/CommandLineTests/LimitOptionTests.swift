import Foundation
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// `--max-pixels` and `--memory-limit`.
@Suite struct LimitOptionTests {
  /// The commands that have them, with what else they need.
  static let commands: [[String]] = [
    ["compress", "-f", "a.png", "-o", "out"], ["decompress", "-f", "a.prn", "-o", "out"],
    ["test", "a.prn"], ["sample", "--size", "48x40", "-o", "out"],
    ["complete", "a.png", "--count", "1", "-o", "out"],
  ]
  static let options = ["--max-pixels", "--memory-limit"]

  private let sandbox: Sandbox

  /// Of 48 x 40 pixels.
  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write(sandbox.run("compress", "-", input: Samples.png()).output, to: "a.prn")
  }

  private func run(_ arguments: [String], _ limits: String...) throws -> Outcome {
    try sandbox.start(arguments + limits).outcome()
  }

  /// Expects that a limit is refused in one line, and nothing written.
  ///
  /// - Returns: the numbers in the line, behind the file's name.
  @discardableResult
  private func expectRefusal(_ outcome: Outcome, _ message: String) throws -> [Int] {
    #expect(outcome.status == 1 && !outcome.wasKilled && outcome.output.isEmpty)
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1 && outcome.errors.hasSuffix("\n"))
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!outcome.errors.contains("corrupt"))
    #expect(try sandbox.names == ["a.png", "a.prn"])
    let text = outcome.errors.split(separator: ":", maxSplits: 2).last ?? ""
    return text.split { !$0.isNumber }.compactMap { Int($0) }
  }

  @Test(
    arguments: [
      "0", "0K", "x", "", "K", "1T", "1KK", "1.5G", "0x10", "1e3", "1 K", "+1",
      "99999999999999999999", "9223372036854775807K", "\u{665}",
    ], options)
  func nonsenseIsWrongUsage(value: String, option: String) throws {
    let outcome = try run(Self.commands[0], option, value)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  @Test(arguments: commands, options)
  func everyCommandHasThem(command: [String], option: String) throws {
    for value in ["0", "-1", "many"] {
      #expect(try run(command, option, value).status == 64)
    }
    #expect(try sandbox.names == ["a.png", "a.prn"])
    #expect(try run(command, option, "1G").status == 0)
  }

  @Test(arguments: commands) func pixelsAreCounted(command: [String]) throws {
    let numbers = try expectRefusal(run(command, "--max-pixels", "1919"), "over the limit: ")
    #expect(numbers == [1920, 1919])
    #expect(try expectRefusal(run(command, "--max-pixels", "1k"), " pixels") == [1920, 1024])
    for enough in ["1920", "2K", "1M", "1G", "1920K"] {
      let outcome = try run(
        command + (command[0] == "sample" ? ["-f"] : []), "--max-pixels", enough)
      #expect(outcome.status == 0, "\(enough): \(outcome.errors)")
      if command[0] == "complete" {
        try FileManager.default.removeItem(atPath: sandbox.path("out"))
      }
    }
  }

  /// The limit that the refusal tells of is enough, and one less is not.
  @Test(arguments: commands) func memoryIsCounted(command: [String]) throws {
    let limit = 1 << 20
    let numbers = try expectRefusal(
      run(command, "--memory-limit", "1M"), " bytes of memory, and \(limit) are allowed")
    let needed = try #require(numbers.first)
    #expect(needed > limit && needed < 1 << 28)
    try expectRefusal(run(command, "--memory-limit", "\(needed - 1)"), "over the limit: \(needed) ")
    let outcome = try run(command, "--memory-limit", "\(needed)")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// What is larger than the memory is not even read.
  @Test(arguments: commands.filter { $0[0] != "sample" })
  func filesAreCounted(command: [String]) throws {
    try expectRefusal(run(command, "--memory-limit", "1K"), " 1024 ")
  }

  /// Fewer tiles run side by side where memory is short, and the bytes are the same.
  @Test func shortMemoryMakesTheSameFile() throws {
    let arguments = ["compress", "-e", "fast", "--tile", "32", "a.png", "-o", "-"]
    try sandbox.write(Samples.png(width: 200, height: 150), to: "a.png")
    let plain = try run(arguments, "--threads", "4")
    #expect(plain.status == 0)
    let refusal = try run(arguments, "--memory-limit", "1M")
    let needed = try #require(try expectRefusal(refusal, " bytes of memory").first)
    for threads in ["1", "4"] {
      let outcome = try run(arguments, "--threads", threads, "--memory-limit", "\(needed)")
      #expect(outcome.status == 0 && outcome.output == plain.output)
    }
    try sandbox.write(plain.output, to: "a.prn")
    let decoding = ["decompress", "a.prn", "-o", "-"]
    let short = try run(decoding, "--memory-limit", "1M")
    let less = try #require(try expectRefusal(short, " bytes of memory").first)
    let image = try Samples.image(width: 200, height: 150)
    for threads in ["1", "4"] {
      let outcome = try run(decoding, "--threads", threads, "--memory-limit", "\(less)")
      #expect(try outcome.status == 0 && PNGFile.decode(outcome.output) == image)
    }
  }

  /// Refused before anything of the claimed size is made: 32768 x 32768 pixels in 87 bytes.
  @Test(arguments: [["test"], ["decompress"]])
  func smallFilesCannotAskForMuch(command: [String]) throws {
    let prn = try Samples.claim(
      sandbox.read("a.prn"), width: 1 << 15, height: 1 << 15, tileWidth: 16, tileHeight: 16,
      tilesPerSection: 1 << 20)
    #expect(prn.count < 100)
    try sandbox.write(prn, to: "bad.prn")
    let start = ContinuousClock.now
    let outcome = try run(command + ["bad.prn"], "--memory-limit", "256M")
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("prnzip: bad.prn: over the limit: "))
    #expect(
      outcome.errors.hasSuffix(
        " bytes of memory, and 268435456 are allowed; --memory-limit allows more\n"))
    #expect(try sandbox.names == ["a.png", "a.prn", "bad.prn"])
  }
}
