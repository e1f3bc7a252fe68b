import Bytes
import Testing

@testable import Container

@Suite struct MetadataTests {
  private static let sample = Metadata(
    beforeImage: [
      .init(type: Array("gAMA".utf8), data: [0, 0, 1, 2]),
      .init(type: Array("tEXt".utf8), data: [UInt8](repeating: 65, count: 300)),
    ],
    behindImage: [
      .init(type: Array("tIME".utf8), data: []), .init(type: Array("prVt".utf8), data: [5]),
    ])

  @Test func roundTrips() throws {
    for metadata in [
      Self.sample, Metadata(beforeImage: Self.sample.beforeImage),
      Metadata(behindImage: Self.sample.behindImage), Metadata(),
    ] {
      let bytes = try metadata.encoded()
      #expect(try Metadata.decode(bytes, bytes.indices) == metadata)
      #expect(try Metadata.decode([1] + bytes + [2], 1..<bytes.count + 1) == metadata)
    }
  }

  @Test func hasTheFormatsBytes() throws {
    let metadata = Metadata(behindImage: [.init(type: Array("tIME".utf8), data: [1, 2])])
    #expect(try metadata.encoded() == Array("IDAT\0tIME\u{2}\u{1}\u{2}".utf8))
  }

  /// Known chunks are named by their number, but only where every byte is the same.
  @Test func knownChunksTakeFiveBytes() throws {
    for (number, known) in KnownChunks.all.enumerated() {
      let metadata = Metadata(beforeImage: [known])
      let bytes = try metadata.encoded()
      #expect(bytes == [1, 0x4B, 0x43, UInt8(number), 0] + Array("IDAT\0".utf8))
      #expect(try Metadata.decode(bytes, bytes.indices) == metadata)
      let other = Metadata(
        beforeImage: [.init(type: known.type, data: Array(known.data.dropLast()) + [77])])
      let long = try other.encoded()
      #expect(long.count > known.data.count)
      #expect(try Metadata.decode(long, long.indices) == other)
    }
    #expect(KnownChunks.all.map(\.data.count) == [455, 2599, 4, 32, 4, 1, 9, 2598, 370, 280])
  }

  /// Five bytes of a file that stand for 2599, over and over.
  @Test func whatKnownChunksComeToIsLimited() throws {
    let known = KnownChunks.all[1]
    let count = 1000
    let bytes =
      Array("IDAT\0".utf8) + (0..<count).flatMap { _ in [1, 0x4B, 0x43, 1, 0] }
    let size = count * known.data.count
    for limit in [size, .max] {
      let metadata = try Metadata.decode(bytes, bytes.indices, limit: limit)
      #expect(metadata.behindImage == [Metadata.Entry](repeating: known, count: count))
    }
    for (limit, told) in [(size - 1, size), (0, known.data.count), (5000, 5198)] {
      #expect(throws: ContainerError.metadataTooLarge(bytes: told, limit: limit)) {
        try Metadata.decode(bytes, bytes.indices, limit: limit)
      }
    }
    // What is in the file as it is does not count.
    let other = Metadata(behindImage: [.init(type: known.type, data: [1, 2, 3])])
    let plain = try other.encoded()
    #expect(try Metadata.decode(plain, plain.indices, limit: 0) == other)
  }

  /// More known chunks than a decoder lets through are written as others.
  @Test func whatIsWrittenIsRead() throws {
    let known = KnownChunks.all[1]
    let fitting = Metadata.expansionLimit / known.data.count
    let metadata = Metadata(
      beforeImage: [Metadata.Entry](repeating: known, count: fitting + 1))
    let bytes = try metadata.encoded()
    #expect(bytes.count == 5 * fitting + 4 + varintSize(2 * known.data.count) + 2599 + 5)
    #expect(try Metadata.decode(bytes, bytes.indices) == metadata)
  }

  @Test(arguments: [
    "", "gAMA\0", "IDAT\0IDAT\0", "IDAT\u{2}x", "IDAT\0IEND\0", "IHDR\0IDAT\0", "gA1A\0IDAT\0",
    "IDAT\0tIME", "IDAT\0tIME\u{4}x",
    "IDAT\0tIME\u{1}", "IDAT\0gAMA\u{1}", "IDAT\0gAMA\u{21}",
    "IDAT\0tI", "IDAT",
  ])
  func brokenRulesAreRefused(text: String) {
    let bytes = Array(text.utf8)
    #expect(
      isCorrupt(
        containerError { () throws(ContainerError) in
          try Metadata.decode(bytes, bytes.indices)
        }))
  }

  @Test(arguments: ["IHDR", "IDAT", "IEND", "gAM", "gAMAA", "g-MA", ""])
  func illegalTypesAreNotWritten(type: String) {
    let metadata = Metadata(beforeImage: [.init(type: Array(type.utf8), data: [])])
    #expect(isCorrupt(containerError { () throws(ContainerError) in try metadata.encoded() }))
  }
}
