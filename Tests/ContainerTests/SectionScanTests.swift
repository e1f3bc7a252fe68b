import Bytes
import Testing

@testable import Container

@Suite struct SectionScanTests {
  private static let payloads: [[UInt8]] = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9]]

  private static func file() -> (bytes: [UInt8], starts: [Int]) {
    var bytes: [UInt8] = [9, 9]
    var starts: [Int] = []
    for payload in payloads {
      starts.append(bytes.count)
      Section.append(.tile, payload, to: &bytes)
    }
    return (bytes, starts)
  }

  private static let kinds = [SectionKind](repeating: .tile, count: 4)

  private func slots(_ bytes: [UInt8]) -> [SectionScan.Slot] {
    let items = SectionScan(bytes, from: 2).items
    return SectionScan.align(
      items, with: Self.kinds, isComplete: items.last?.section != nil)
  }

  private static func isFound(_ slot: SectionScan.Slot) -> Bool {
    if case .found = slot { return true }
    return false
  }

  @Test func allSectionsAreFound() {
    let (bytes, _) = Self.file()
    let found = slots(bytes)
    let payloads = found.map { slot -> [UInt8]? in
      if case .found(let section) = slot { return Array(bytes[section.payload]) }
      return nil
    }
    #expect(payloads == Self.payloads)
  }

  /// Any one byte, in a payload, a length, a kind or a checksum: one section is lost.
  @Test func aByteCostsASection() {
    let (bytes, starts) = Self.file()
    for index in 2..<bytes.count {
      for mask in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= mask
        let section = starts.lastIndex { $0 <= index } ?? 0
        let found = slots(damaged).map(Self.isFound)
        #expect(found == (0..<4).map { $0 != section }, "byte \(index) ^ \(mask)")
      }
    }
  }

  @Test func bytesPutInOrCutOutCostASection() {
    let (bytes, starts) = Self.file()
    for (section, start) in starts.enumerated() {
      let more = bytes[..<(start + 1)] + [0xFF] + bytes[(start + 1)...]
      let fewer = bytes[..<start] + bytes[(start + 1)...]
      for damaged in [Array(more), Array(fewer)] {
        #expect(slots(damaged).map(Self.isFound) == (0..<4).map { $0 != section })
      }
    }
  }

  /// Two that follow each other leave one gap: the others count from both ends.
  @Test func twoSectionsMayBeLost() {
    var (bytes, starts) = Self.file()
    bytes[starts[1]] = 0xFF
    bytes[starts[2]] = 0xFF
    #expect(slots(bytes).map(Self.isFound) == [true, false, false, true])
  }

  @Test func whatIsCutOffIsMissing() {
    let (bytes, starts) = Self.file()
    for length in 2..<bytes.count {
      let whole = (starts + [bytes.count]).count { $0 <= length } - 1
      #expect(slots(Array(bytes[..<length])).map(Self.isFound) == (0..<4).map { $0 < whole })
    }
  }

  /// Bytes that look like the starts of long sections everywhere take no time out of proportion.
  @Test func hostileBytesEnd() {
    var bytes: [UInt8] = []
    for _ in 0..<40_000 {
      bytes.append(3)
      bytes.append(varint: 100_000)
    }
    let items = SectionScan(bytes, from: 0).items
    #expect(items == [.gap(0..<bytes.count)])
  }
}
