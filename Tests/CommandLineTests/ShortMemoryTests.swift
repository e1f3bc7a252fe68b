import Bytes
import Testing

/// Memory that there is not is an error as others, of one line.
@Suite struct ShortMemoryTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// A PNG of 16384 x 16384 pixels, whose image data is as long as it must be, and nothing else.
  private static func hugePNG(colourType: UInt8, isInterlaced: Bool) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    func append(_ type: String, _ data: [UInt8]) {
      let body = Array(type.utf8) + data
      bytes.append(littleEndian: UInt32(data.count).byteSwapped)
      bytes += body
      bytes.append(littleEndian: crc32(body[...]).byteSwapped)
    }
    let side: [UInt8] = [0, 0, 0x40, 0]
    append("IHDR", side + side + [8, colourType, 0, 0, isInterlaced ? 1 : 0])
    append("IDAT", [0x78, 1] + [UInt8](repeating: 0, count: 1_100_000))
    append("IEND", [])
    return bytes
  }

  @Test(
    arguments: [
      (2, false, 3 << 28), (0, false, 1 << 28), (2, true, 3 << 28), (6, true, 1 << 30),
    ] as [(UInt8, Bool, Int)])
  func hugeImagesAreRefused(colourType: UInt8, isInterlaced: Bool, bytes: Int) throws {
    try sandbox.write(
      Self.hugePNG(colourType: colourType, isInterlaced: isInterlaced), to: "a.png")
    let outcome = try sandbox.start(["compress", "a.png"], kibibytes: 300_000).outcome()
    #expect(outcome.status == 1 && !outcome.wasKilled)
    #expect(outcome.errors == "prnzip: a.png: not enough memory for \(bytes) bytes\n")
    #expect(try sandbox.names == ["a.png"])
  }
}
