import Bytes
import Testing

@testable import Container

@Suite struct SectionTests {
  @Test func hasTheFormatsBytes() {
    var bytes: [UInt8] = [7]
    Section.append(.tile, [9, 8], to: &bytes)
    #expect(bytes == [7] + sealed([3, 2, 9, 8]))
    #expect(Section.size(payload: 2) == bytes.count - 1)
    #expect(Section.size(payload: 300) == 1 + 2 + 300 + 4)
  }

  @Test func isReadWhereItLies() throws {
    var bytes: [UInt8] = [7]
    Section.append(.metadata, [UInt8](repeating: 1, count: 200), to: &bytes)
    var reader = FileReader(bytes, 1..<bytes.count)
    let section = try Section.read(&reader, of: bytes, index: 0)
    #expect(section == Section(kind: .metadata, payload: 4..<204))
    #expect(reader.remaining == 0)
  }
}
