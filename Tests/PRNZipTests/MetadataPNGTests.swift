import Container
import PNGFile
import Testing

@testable import PRNZip

@Suite struct MetadataPNGTests {
  private let gamma = PNGChunk(type: Array("gAMA".utf8), data: [1])
  private let time = PNGChunk(type: Array("tIME".utf8), data: [])

  @Test func partsAtTheImage() {
    for chunks in [
      [.imageDataMark], [gamma, .imageDataMark], [.imageDataMark, time],
      [gamma, time, .imageDataMark, time, gamma],
    ] as [[PNGChunk]] {
      #expect(Metadata(chunks).chunks == chunks)
    }
    let metadata = Metadata([gamma, .imageDataMark, time])
    #expect(metadata.beforeImage.map(\.type) == [gamma.type])
    #expect(metadata.behindImage.map(\.type) == [time.type])
    #expect(Metadata([.imageDataMark]).isEmpty)
  }

  @Test func withoutAMarkAllIsBefore() {
    #expect(Metadata([gamma]).chunks == [gamma, .imageDataMark])
    #expect(Metadata([]).isEmpty)
  }
}
