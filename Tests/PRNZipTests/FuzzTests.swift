import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Files that were changed at random, through the whole library: typed errors, and no traps.
///
/// A case follows from its target and its number alone. `PRNZIP_FUZZ_SECONDS` says how long each
/// target is tried, `PRNZIP_FUZZ_SEED` with which number it begins, and `PRNZIP_FUZZ_TRACE` names a
/// file that tells the case in work, should the process end. Without them, a few cases are tried.
/// Those that once failed are in `Found`, and what libFuzzer came to in `Corpus`.
@Suite(.serialized) struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["PRNZIP_FUZZ_SECONDS"].flatMap(Double.init)
  private static let first = environment["PRNZIP_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
  private static let trace = environment["PRNZIP_FUZZ_TRACE"]
  /// Without a time.
  private static let cases = 40
  private static let longest = Duration.seconds(20)

  @Test(arguments: FuzzTarget.allCases) func noFileIsTooMuch(_ target: FuzzTarget) throws {
    let seeds = try target.seeds()
    let start = ContinuousClock.now
    var number = Self.first
    while true {
      if let trace = Self.trace {
        try "\(target.rawValue) \(number)\n".write(
          toFile: trace, atomically: false, encoding: .utf8)
      }
      let begun = ContinuousClock.now
      let bytes = Self.bytes(of: target, number, seeds)
      #expect(throws: Never.self, "\(target) \(number)") { try target.take(bytes) }
      let time = ContinuousClock.now - begun
      #expect(time < Self.longest, "\(target) \(number) took \(time)")
      number += 1
      guard let seconds = Self.seconds else {
        if number == Self.first + UInt64(Self.cases) { return }
        continue
      }
      if ContinuousClock.now - start > .seconds(seconds) { return }
    }
  }

  /// A case: a seed that is changed, most of the time with checksums made good.
  private static func bytes(
    of target: FuzzTarget, _ number: UInt64, _ seeds: [[UInt8]]
  ) -> [UInt8] {
    var mutator = Mutator(seed: number &* 0x9E37_79B9_7F4A_7C15)
    guard !seeds.isEmpty else { return mutator.bytes(mutator.number(10..<600)) }
    let seed = seeds[mutator.number(0..<seeds.count)]
    let other = seeds[mutator.number(0..<seeds.count)]
    let bytes = mutator.changed(seed, with: other, from: target == .prn ? 5 : 0)
    return mutator.number(0..<4) > 0 ? target.sealed(bytes) : bytes
  }

  /// What failed once: NAME.TARGET.
  @Test func whatWasFoundOnceIsRight() throws {
    for (name, bytes) in try Self.files(in: "Tests/PRNZipTests/Found") {
      let target = name.split(separator: ".").last.flatMap { FuzzTarget(rawValue: String($0)) }
      guard let target else { continue }
      #expect(throws: Never.self, "\(name)") { try target.take(bytes) }
    }
  }

  /// Inputs that between them reach as much of the code as millions did.
  @Test(arguments: FuzzTarget.allCases) func corpusIsRight(_ target: FuzzTarget) throws {
    let files = try Self.files(in: "Tests/Fuzzer/Corpus/\(target.rawValue)")
    #expect(!files.isEmpty)
    for (name, bytes) in files {
      #expect(throws: Never.self, "\(target) \(name)") {
        try target.take(bytes)
        try target.take(target.sealed(bytes))
      }
    }
  }

  private static func files(in path: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = packageFile(path)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      ($0, Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }
}
