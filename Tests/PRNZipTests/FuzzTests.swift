import Bytes
import Container
import Foundation
import ImagePlanes
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Files that were changed at random, through the whole library: typed errors, and no traps.
///
/// A case follows from its target and its number alone. `PRNZIP_FUZZ_SECONDS` says how long each
/// target is tried, `PRNZIP_FUZZ_SEED` with which number it begins, and `PRNZIP_FUZZ_TRACE` names a
/// file that tells the case in work, should the process end. Without them, a few cases are tried.
/// Those that once failed are in `Found`.
@Suite(.serialized) struct FuzzTests {
  enum Target: String, CaseIterable {
    /// PNG and PNM files, compressed.
    case input
    /// prn files, decoded and salvaged, their checksums made good for half of the cases.
    case prn
    /// Weight files, put into a store.
    case weights
    /// Pixels of any format, there and back.
    case pixels
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let seconds = environment["PRNZIP_FUZZ_SECONDS"].flatMap(Double.init)
  private static let first = environment["PRNZIP_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
  private static let trace = environment["PRNZIP_FUZZ_TRACE"]
  /// Without a time.
  private static let cases = 40
  private static let longest = Duration.seconds(20)

  /// Small files of all kinds.
  private struct Files {
    var inputs: [[UInt8]] = []
    var prns: [[UInt8]] = []
    var weights: [[UInt8]] = []
  }

  private static let files = Result {
    var files = Files()
    let folder = packageFile("Tests/PRNZipTests/Vectors")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
      guard bytes.count < 20_000 else { continue }
      switch name.split(separator: ".").last {
      case "png", "pbm", "ppm": files.inputs.append(bytes)
      case "prn": files.prns.append(bytes)
      case "prnw": files.weights.append(bytes)
      default: break
      }
    }
    return files
  }

  @Test(arguments: Target.allCases) func noFileIsTooMuch(_ target: Target) throws {
    let files = try Self.files.get()
    let start = ContinuousClock.now
    var number = Self.first
    while true {
      if let trace = Self.trace {
        try "\(target.rawValue) \(number)\n".write(
          toFile: trace, atomically: false, encoding: .utf8)
      }
      let begun = ContinuousClock.now
      try Self.run(target, number, files)
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

  /// What failed once: NAME.TARGET.
  @Test func whatWasFoundOnceIsRight() throws {
    let folder = packageFile("Tests/PRNZipTests/Found")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let target = name.split(separator: ".").last.flatMap { Target(rawValue: String($0)) }
      guard let target else { continue }
      try Self.take(target, Array(Data(contentsOf: folder.appending(path: name))))
    }
  }

  private static func run(_ target: Target, _ number: UInt64, _ files: Files) throws {
    var mutator = Mutator(seed: number &* 0x9E37_79B9_7F4A_7C15)
    func changed(_ list: [[UInt8]], from start: Int = 0) -> [UInt8] {
      let bytes = list[mutator.number(0..<list.count)]
      return mutator.changed(bytes, with: list[mutator.number(0..<list.count)], from: start)
    }
    switch target {
    case .input:
      let input = changed(files.inputs)
      try take(target, mutator.number(0..<4) > 0 ? sealedPNG(input) : input)
    case .prn:
      let prn = changed(files.prns, from: 5)
      try take(target, mutator.number(0..<2) > 0 ? sealedPRN(prn) : prn)
    case .weights: try take(target, changed(files.weights))
    case .pixels: try take(target, mutator.bytes(mutator.number(8..<600)))
    }
  }

  // MARK: - What is done with a file

  /// Limits that keep cases short.
  private static let limits = Limits(maximumPixels: 1 << 16, maximumBytes: 1 << 28)

  private static func take(_ target: Target, _ bytes: [UInt8]) throws {
    switch target {
    case .input: try compress(bytes)
    case .prn: try decompress(bytes)
    case .weights:
      var store = ModelStore()
      if (try? store.add(bytes)) != nil {
        for description in store.descriptions {
          _ = try? store.model(named: description.name)
        }
      }
    case .pixels: try roundTrip(bytes)
    }
  }

  private static func compressor(_ effort: Effort, verify: Bool = true) throws -> Compressor {
    var options = Compressor.Options()
    options.store = try wholeStore()
    options.effort = effort
    options.limits = limits
    options.verify = verify
    return Compressor(options)
  }

  private static func decompressor() throws -> Decompressor {
    var options = Decompressor.Options()
    options.store = try GoldenFilesTests.models()
    options.limits = limits
    options.level = 1
    return Decompressor(options)
  }

  /// What is compressed comes back; what is not has an error, but none of the program's own.
  private static func compress(_ bytes: [UInt8]) throws {
    let compressor = try compressor(.instant), decompressor = try decompressor()
    let back: [UInt8]
    do throws(PRNZipError) {
      back = try decompressor.decompress(compressor.compress(bytes))
    } catch .verificationFailed {
      Issue.record("does not come back")
      return
    } catch {
      #expect(!error.description.contains("\n"))
      return
    }
    guard FileFormat(start: bytes) == .png else {
      #expect(back == bytes)
      return
    }
    #expect(try PNGFile.decode(back) == PNGFile.decode(bytes))
  }

  private static func decompress(_ bytes: [UInt8]) throws {
    let decompressor = try decompressor()
    let error = prnzipError { () throws(PRNZipError) in try decompressor.decompress(bytes) }
    let salvage = Result { () throws(PRNZipError) in try decompressor.salvage(bytes) }
    if error == nil, case .success(let salvage) = salvage { #expect(salvage.isWhole) }
    if error != nil, case .success(let salvage) = salvage { #expect(!salvage.isWhole) }
    _ = prnzipError { () throws(PRNZipError) in try decompressor.preview(bytes) }
    _ = prnzipError { () throws(PRNZipError) in try FileInformation(bytes) }
  }

  /// The first bytes say format and size, the others are samples, over and over.
  private static func roundTrip(_ bytes: [UInt8]) throws {
    let formats = PixelFormat.ofPNG.filter { $0.channels != .palette }
    let format = formats[Int(bytes[0]) % formats.count]
    let width = 1 + Int(bytes[1]) % 70, height = 1 + Int(bytes[2]) % 50
    var image = try Image(format, width: width, height: height)
    let period = 1 + Int(bytes[3]) % (bytes.count - 4)
    let mask = UInt8(truncatingIfNeeded: format.depth < 8 ? 1 << format.depth - 1 : 0xFF)
    let few = bytes[4] < 128
    for k in image.planes.indices {
      for i in 0..<width * height {
        let value = bytes[4 + (i + 5 * k * Int(bytes[5] & 1)) % period % (bytes.count - 4)]
        image.planes[k].samples[i] = (few ? value & 0x41 : value) & mask
      }
    }
    try compress(PNGFile.encode(image, isInterlaced: bytes[6] & 3 == 0))
  }

  // MARK: - Checksums made good

  /// A PNG file with the right CRC of each chunk, as far as its lengths lead.
  private static func sealedPNG(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var offset = 8
    while offset + 12 <= bytes.count {
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - offset - 12 else { break }
      let end = offset + 8 + length
      let crc = crc32(bytes[offset + 4..<end])
      for i in 0..<4 { bytes[end + i] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * i)) }
      offset = end + 4
    }
    return bytes
  }

  /// A prn file with the right checksums of its header and sections, likewise.
  private static func sealedPRN(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func varint(_ offset: inout Int) -> Int? {
      var value = 0
      for i in 0..<5 {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        value |= Int(byte & 0x7F) << (7 * i)
        if byte < 0x80 { return value }
      }
      return nil
    }
    func seal(_ start: Int, _ end: Int) -> Bool {
      guard end + 4 <= bytes.count else { return false }
      let crc = crc32(bytes[start..<end])
      for i in 0..<4 { bytes[end + i] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * i)) }
      return true
    }
    var offset = 5
    guard let length = varint(&offset), seal(0, offset + length) else { return bytes }
    offset += length + 4
    while offset < bytes.count {
      let start = offset
      offset += 1
      guard let length = varint(&offset), seal(start, offset + length) else { break }
      offset += length + 4
    }
    return bytes
  }
}
