import Bytes
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// Memory that there is not is an error as others, of one line.
@Suite struct ShortMemoryTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  // MARK: Files

  /// A PNG of 16384 x 16384 pixels, whose image data is as long as it must be, and nothing else.
  private static func hugePNG(colourType: UInt8, isInterlaced: Bool) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let side: [UInt8] = [0, 0, 0x40, 0]
    bytes += chunk("IHDR", side + side + [8, colourType, 0, 0, isInterlaced ? 1 : 0])
    bytes += chunk("IDAT", [0x78, 1] + [UInt8](repeating: 0, count: 1_100_000))
    bytes += chunk("IEND", [])
    return bytes
  }

  /// A file of 18 MB whose image data, stored blocks of a few bytes each, no settings of zlib make:
  /// with --exact it is stored.
  private static func oddPNG() throws -> [UInt8] {
    var generator = SplitMix64(seed: 1)
    let (width, height) = (3000, 3600)
    var rows: [UInt8] = []
    for _ in 0..<height {
      rows.append(0)
      for _ in 0..<width { rows.append(UInt8(generator.next() >> 56)) }
    }
    var data: [UInt8] = [0x78, 0x01]
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in rows { (a, b) = ((a + UInt32(byte)) % 65521, (b + a + UInt32(byte)) % 65521) }
    for start in stride(from: 0, to: rows.count, by: 8) {
      let block = rows[start..<min(start + 8, rows.count)]
      data.append(start + 8 >= rows.count ? 1 : 0)
      data.append(littleEndian: UInt16(block.count))
      data.append(littleEndian: ~UInt16(block.count))
      data += block
    }
    data.append(littleEndian: (b << 16 | a).byteSwapped)
    let start = try PNGFile.encode(Image(.gray8, width: width, height: height)).prefix(33)
    return Array(start) + chunk("IDAT", data) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(data.count).byteSwapped)
    bytes += body
    bytes.append(littleEndian: crc32(body[...]).byteSwapped)
    return bytes
  }

  /// A small photo with so many bytes of text, and as many chunks of no data.
  private static func talkativePNG(text: Int, chunks: Int) throws -> [UInt8] {
    let comment = PNGChunk(
      type: Array("tEXt".utf8), data: Array("Comment\0".utf8) + [UInt8](repeating: 65, count: text))
    let empty = PNGChunk(type: Array("teSt".utf8), data: [])
    return try PNGFile.encode(
      Samples.image(), metadata: [comment, .imageDataMark] + Array(repeating: empty, count: chunks))
  }

  // MARK: Limits of address space

  /// The least that the program starts with, in KiB, of a multiple of 2 MiB; and a MiB for what
  /// Swift's runtime takes in small pieces, without which it ends any program.
  private func least() throws -> Int {
    for kibibytes in stride(from: 1 << 15, to: 1 << 20, by: 1 << 11) {
      let outcome = try sandbox.start(["--version"], kibibytes: kibibytes).outcome()
      if outcome.status == 0, !outcome.wasKilled { return kibibytes + 1 << 10 }
    }
    throw OutOfMemory(bytes: 1 << 30)
  }

  /// Tries a command with more and more memory: it works, or it says in a line that there is not
  /// enough.
  ///
  /// `arguments` are without its outputs, and `mebibytes` is what it may have besides the least:
  /// too few at the start, and enough at the end.
  private func expectLines(_ arguments: [String], mebibytes: [Int]) throws {
    let least = try least()
    let names = try sandbox.names
    var statuses: [Int32] = []
    for more in mebibytes {
      let writes = ["compress", "decompress"].contains(arguments[0])
      let outcome = try sandbox.start(
        arguments + (writes ? ["-q", "-o", "-"] : []), kibibytes: least + more << 10
      ).outcome()
      let what = "\(arguments), \(more) MiB more: \(outcome.status), \(outcome.errors.prefix(200))"
      #expect(!outcome.wasKilled && [0, 1].contains(outcome.status), "\(what)")
      if outcome.status == 1 {
        #expect(outcome.errors.contains(": not enough memory for "), "\(what)")
        #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(what)")
        #expect(outcome.output.isEmpty, "\(what)")
      }
      statuses.append(outcome.status)
      #expect(try sandbox.names == names, "\(what)")
    }
    #expect(statuses.first == 1 && statuses.last == 0, "\(arguments): \(statuses)")
  }

  // MARK: Tests

  /// Interlaced ones, which are held as a whole, for want of memory; the others for what they are.
  @Test(
    arguments: [
      (2, nil), (0, nil), (2, 3 << 28), (6, 1 << 30),
    ] as [(UInt8, Int?)])
  func hugeImagesAreRefused(colourType: UInt8, bytes: Int?) throws {
    try sandbox.write(
      Self.hugePNG(colourType: colourType, isInterlaced: bytes != nil), to: "a.png")
    let outcome = try sandbox.start(["compress", "a.png"], kibibytes: 300_000).outcome()
    #expect(outcome.status == 1 && !outcome.wasKilled)
    let reason = bytes.map { "not enough memory for \($0) bytes" } ?? "PNG is damaged: "
    #expect(outcome.errors.hasPrefix("prnzip: a.png: " + reason))
    #expect(try sandbox.names == ["a.png"])
  }

  /// The output is begun, and gone again.
  @Test(arguments: ["decompress", "test"]) func hugeClaimsAreRefused(command: String) throws {
    let prn = try sandbox.run("compress", "-", input: Samples.png()).output
    try sandbox.write(
      Samples.claim(prn, width: 16384, height: 16384, tileWidth: 512, tileHeight: 512),
      to: "a.prn")
    let outcome = try sandbox.start([command, "a.prn"], kibibytes: 400_000).outcome()
    #expect(outcome.status == 1 && !outcome.wasKilled)
    let refusal = "over the limit: \(1 << 28) pixels in 0 bytes, and \(1 << 22) are allowed"
    #expect(outcome.errors == "prnzip: a.prn: \(refusal)\n")
    #expect(try sandbox.names == ["a.prn"])
    if command == "test" {
      let info = try sandbox.start(["info", "a.prn"], kibibytes: 400_000).outcome()
      #expect(info.status == 0 && info.text.contains("16384x16384"))
    }
  }

  @Test(arguments: ["fast", "default", "best"])
  func photosNeedMemoryForTheirTiles(effort: String) throws {
    try sandbox.write(Samples.png(width: 160, height: 120), to: "a.png")
    try expectLines(
      ["compress", "-e", effort, "--threads", "2", "a.png"],
      mebibytes: [0, 4, 8, 16, 24, 32, 48, 64, 256])
    #expect(try sandbox.run("compress", "-e", effort, "a.png").status == 0)
    try expectLines(
      ["decompress", "--threads", "2", "a.prn"], mebibytes: [0, 4, 8, 16, 24, 32, 48, 256])
    try expectLines(["test", "--threads", "2", "a.prn"], mebibytes: [0, 5, 11, 23, 256])
  }

  @Test func storedFilesNeedMemoryForTheirBytes() throws {
    try sandbox.write(Self.oddPNG(), to: "a.png")
    let steps = Array(stride(from: 2, through: 90, by: 8)) + [300]
    try expectLines(["compress", "--exact", "a.png"], mebibytes: steps)
    #expect(try sandbox.run("compress", "--exact", "a.png").status == 0)
    for command in ["decompress", "test", "info"] {
      try expectLines([command, "a.prn"], mebibytes: steps)
    }
  }

  @Test(arguments: [(12 << 20, 0), (0, 250_000)])
  func metadataNeedsMemory(text: Int, chunks: Int) throws {
    try sandbox.write(Self.talkativePNG(text: text, chunks: chunks), to: "a.png")
    let steps = Array(stride(from: 2, through: 130, by: 8)) + [400]
    try expectLines(["compress", "-e", "fast", "--threads", "1", "a.png"], mebibytes: steps)
    #expect(try sandbox.run("compress", "-e", "fast", "a.png").status == 0)
    for command in ["decompress", "test"] {
      try expectLines([command, "--threads", "1", "a.prn"], mebibytes: steps)
    }
  }

  /// Fewer tiles side by side, or none: many threads are no reason to fail.
  @Test func manyThreadsNeedNoMoreThanOne() throws {
    try sandbox.write(Samples.png(width: 200, height: 150), to: "a.png")
    let arguments = ["compress", "-e", "fast", "--tile", "64", "a.png", "-o", "-"]
    let plain = try sandbox.start(arguments).outcome()
    let least = try least()
    let one = try (0...64).first { more in
      let outcome = try sandbox.start(
        arguments + ["--threads", "1"], kibibytes: least + more << 12
      ).outcome()
      return outcome.status == 0
    }
    let kibibytes = least + (try #require(one) + 2) << 12
    for threads in ["1", "2", "16"] {
      let outcome = try sandbox.start(
        arguments + ["--threads", threads], kibibytes: kibibytes
      ).outcome()
      #expect(outcome.status == 0 && outcome.output == plain.output, "\(outcome.errors)")
    }
  }
}
