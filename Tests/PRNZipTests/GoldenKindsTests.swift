import Container
import Testing

@testable import PRNZip

/// The golden files have each codec, mapping and kind of content.
@Suite struct GoldenKindsTests {
  @Test(
    .enabled(if: !GoldenFilesTests.writes),
    arguments: [
      ("graphics", .graphics), ("icon", .graphics), ("drawing", .bilevel), ("deep", .deep),
      ("deep-gray", .deep), ("patches.wide.2.0", .patches), ("photo.wide.1.0", .network),
      ("lattice", .network), ("lattice", .sparse), ("linear", .linear),
      ("runs", .runs), ("runs-numbers", .runs),
    ] as [(String, Group.Codec)])
  func codecs(name: String, codec: Group.Codec) throws {
    let header = try Header.decode(GoldenFilesTests.Golden.read(name + ".prn")).header
    #expect(header.groups.contains { $0.codec == codec }, "\(header.groups)")
  }

  @Test(.enabled(if: !GoldenFilesTests.writes)) func mappingsAndContents() throws {
    let headers = try GoldenFilesTests.files.map {
      try Header.decode(GoldenFilesTests.Golden.read($0.file)).header
    }
    #expect(Set(headers.map(\.contentKind)).count == 4 && headers.contains(where: \.isPNM))
    #expect(headers.contains { $0.lattice?.sampling == .halfBothLinear })
    let groups = headers.flatMap(\.groups)
    #expect(groups.contains { $0.codec == .constant } && groups.contains(where: \.isEqual))
    #expect(groups.contains { $0.mapping == .doubled })
    #expect(groups.contains { if case .palette = $0.mapping { true } else { false } })
    for depth in [8, 16] {
      #expect(
        headers.contains { header in
          header.sampleDepth == depth
            && header.groups.contains { if case .table = $0.mapping { true } else { false } }
        })
    }
  }
}
