import Bytes
import Container
import TestSupport
import Testing

@testable import PRNZip

/// The sections that metadata is kept in.
@Suite struct MetadataCodingTests {
  private static func text(_ count: Int) -> Metadata {
    let line = Array("one line of text, and another one\n".utf8)
    let data = (0..<count).map { line[$0 % line.count] }
    return Metadata(beforeImage: [.init(type: Array("tEXt".utf8), data: data)])
  }

  private static func decode(_ payload: [UInt8], _ kind: SectionKind) throws(PRNZipError)
    -> Metadata
  {
    try MetadataCoding.decode(payload, Section(kind: kind, payload: payload.indices))
  }

  /// More than a mebibyte is deflated; what does not get smaller stays as it is.
  @Test func longMetadataIsDeflated() throws {
    let few = Self.text(1000), many = Self.text(2 << 20)
    var mutator = Mutator(seed: 1)
    let noise = Metadata(
      beforeImage: [.init(type: Array("teSt".utf8), data: mutator.bytes(9 << 17))])
    for (metadata, kind) in [
      (few, .metadata), (many, .deflatedMetadata), (noise, .plainMetadata),
    ] as [(Metadata, SectionKind)] {
      let coded = try MetadataCoding.encode(metadata)
      #expect(coded.kind == kind)
      #expect(kind == .plainMetadata || coded.payload.count < 20_000)
      #expect(try Self.decode(coded.payload, kind) == metadata)
    }
  }

  @Test func damagedStreamsAreRefused() throws {
    let entries = try Self.text(100).encoded()
    let stream = try Deflate.deflate(entries)
    func error(_ size: Int, _ stream: [UInt8]) -> PRNZipError? {
      var payload: [UInt8] = []
      payload.append(varint: size)
      payload += stream
      return prnzipError { () throws(PRNZipError) in
        try Self.decode(payload, .deflatedMetadata)
      }
    }
    #expect(error(entries.count, stream) == nil)
    let limit = 1 << 26
    #expect(
      error(limit + 1, stream) == .container(.metadataTooLarge(bytes: limit + 1, limit: limit)))
    for (size, stream) in [
      (entries.count - 1, stream), (entries.count + 1, stream), (limit, stream),
      (entries.count, stream + [0]), (entries.count, Array(stream.dropLast())), (0, []),
    ] {
      guard case .container(.corrupt) = error(size, stream) else {
        Issue.record("\(size), \(stream.count)")
        continue
      }
    }
    guard
      case .container(.corrupt) = prnzipError({ () throws(PRNZipError) in
        try Self.decode([], .deflatedMetadata)
      })
    else {
      Issue.record("no payload")
      return
    }
  }
}
