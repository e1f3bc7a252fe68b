import AdaptiveCoding
import Bytes
import CAdaptive
import EntropyCoding
import Testing

@Suite struct EntryCodecTests {
  private static func entry(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var bytes = Array(type.utf8)
    bytes.append(varint: data.count)
    return bytes + data
  }

  private static let entries: [[UInt8]] = [
    [], entry("IDAT", []), entry("gAMA", [0, 0, 0xB1, 0x8F]) + entry("IDAT", []),
    entry("tEXt", Array("Software\0somebody's program 1.2".utf8)),
    entry("PLTE", (0..<768).map { UInt8($0 / 3) }),
    entry("fLTr", (0..<3000).map { UInt8($0 * $0 / 7 % 5) }),
    entry("abCd", (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }),
  ]

  @Test(arguments: entries) func roundTrip(entries: [UInt8]) throws {
    let stream = try EntryCodec.encode(entries)
    #expect(try EntryCodec.decode(stream[...], limit: entries.count) == entries)
    #expect(stream.count <= entries.count + entries.count / 50 + 4)
    if entries.count > 0 {
      #expect(try EntryCodec.decode(stream[...], limit: entries.count - 1) == nil)
    }
  }

  /// What many files have takes few bytes.
  @Test func usualChunksAreSmall() throws {
    let ramp = try EntryCodec.encode(Self.entries[4]).count
    let gamma = try EntryCodec.encode(Self.entries[2]).count
    #expect(ramp < 30 && gamma < 8, "\(ramp), \(gamma)")
  }

  /// The program holds what the model has learnt of the dictionary: `scripts/prime` writes it.
  @Test func whatIsLearntBeforehandIsWhatTheDictionaryTeaches() throws {
    var count = 0, countAnew = 0
    let held = UnsafeBufferPointer(start: prn_bytes_primed_state(&count), count: count)
    let anew = try #require(prn_bytes_prime_anew(&countAnew))
    defer { prn_bytes_free(anew) }
    #expect(count == countAnew)
    #expect(held.elementsEqual(UnsafeBufferPointer(start: anew, count: countAnew)))
  }

  @Test func whatIsNoEntryIsRefused() {
    for bytes: [UInt8] in [[1], Array("gAMA".utf8), Array("gAMA".utf8) + [9, 1]] {
      #expect(throws: EntropyCodingError.self) { try EntryCodec.encode(bytes) }
    }
  }

  @Test func hostileStreams() throws {
    for stream in hostile(try EntryCodec.encode(Self.entries[3])) {
      do throws(EntropyCodingError) {
        let entries = try EntryCodec.decode(stream[...], limit: 5000)
        #expect(entries?.count ?? 0 <= 5000)
      } catch {
        continue
      }
    }
  }
}
