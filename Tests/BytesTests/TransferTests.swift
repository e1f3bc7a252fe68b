import Bytes
import Foundation
import Testing

/// Sources and sinks of bytes.
@Suite struct TransferTests {
  private static let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }

  /// A file of these bytes, which is gone at the end.
  private static func withFile<Result>(
    of bytes: [UInt8], _ body: (Int32, URL) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: path)
    let descriptor = open(path.path, O_RDONLY | O_CLOEXEC)
    defer {
      close(descriptor)
      try? FileManager.default.removeItem(at: path)
    }
    return try body(descriptor, path)
  }

  @Test func arraysAndFilesAreReadAlike() throws {
    try Self.withFile(of: Self.bytes) { descriptor, _ in
      let sources: [any ByteSource] = [
        ArraySource(Self.bytes), try FileSource(descriptor: descriptor),
      ]
      for source in sources {
        #expect(source.count == Self.bytes.count)
        #expect(try source.all() == Self.bytes)
        for range in [0..<0, 0..<1, 5..<300_000, 699_999..<700_000, 0..<700_000] {
          #expect(try source.bytes(range) == Array(Self.bytes[range]))
          var pieces: [UInt8] = []
          try source.forEachPiece(of: range) { pieces += $0 }
          #expect(pieces == Array(Self.bytes[range]))
        }
      }
    }
  }

  @Test func aFileThatHasBecomeShorterGivesAnError() throws {
    try Self.withFile(of: Self.bytes) { descriptor, path in
      let source = try FileSource(descriptor: descriptor)
      #expect(truncate(path.path, 1000) == 0)
      #expect(try source.bytes(0..<1000) == Array(Self.bytes[..<1000]))
      #expect(throws: TransferError.system(ENODATA)) { try source.bytes(0..<1001) }
      #expect(throws: TransferError.system(ENODATA)) { try source.all() }
    }
  }

  @Test func whatIsNoFileGivesAnError() {
    #expect(throws: TransferError.system(EBADF)) { try FileSource(descriptor: -1) }
    #expect(TransferError.system(EBADF).description == String(cString: strerror(EBADF)))
  }

  @Test func sinksCanForget() throws {
    let sink = ArraySink(), counter = CountingSink()
    for sink in [sink, counter] as [any ByteSink] {
      try sink.write([1, 2])
      try sink.restart()
      try sink.write([3])
      try sink.write([])
      try sink.write([4, 5])
    }
    #expect(sink.bytes == [3, 4, 5] && counter.count == 3)
    #expect(sink.take() == [3, 4, 5] && sink.bytes.isEmpty)
  }
}
