import Bytes
import Container
import ImagePlanes
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

@Suite struct CodingCostsTests {
  private static func costs(
    _ prn: [UInt8], store: ModelStore? = nil, threads: Int = 1
  ) throws -> [CodingCosts] {
    var options = Decompressor.Options()
    options.store = try store ?? GoldenFilesTests.models()
    options.threads = threads
    var found: [CodingCosts] = []
    try Decompressor(options).costs(of: ArraySource(prn)) { costs throws(PRNZipError) in
      found.append(costs)
    }
    return found
  }

  /// The bits of all values are those of the payloads but for the ends of the streams, one to a
  /// lane of a section, and the lengths of lanes.
  @Test(.enabled(if: !GoldenFilesTests.writes), arguments: GoldenFilesTests.files)
  func sums(_ golden: GoldenFilesTests.Golden) throws {
    let prn = try GoldenFilesTests.Golden.read(golden.file)
    let strips = try Self.costs(prn)
    #expect(strips.isEmpty == (golden.name == "stored"))
    for costs in strips {
      let pixels = costs.image.width * costs.image.height
      for group in costs.groups {
        let bits = group.bits.reduce(0, +)
        // Two bytes end a stream; of two lanes there is a length of up to three bytes.
        let sections = Double(max(group.tiles.count, 1))
        #expect(
          abs(bits / 8 - Double(group.payloadBytes)) <= 5 * sections,
          "\(bits / 8) of \(group.payloadBytes) bytes of \(group.information.channels)")
        #expect(group.bits.allSatisfy { $0 >= 0 } && group.planes.count == group.bits.count)
        for (plane, sum) in group.bits.enumerated() {
          let spread = try group.bitsOfPixels(plane)
          #expect(spread.count == pixels)
          #expect(spread.allSatisfy { $0 >= 0 })
          #expect(abs(spread.reduce(0) { $0 + Double($1) } - sum) <= 1e-3 * sum + 0.01)
        }
        if group.information.codec != "patches", !group.tiles.isEmpty {
          let areas = group.tiles.map { $0.rectangle.width * $0.rectangle.height }
          #expect(areas.reduce(0, +) == pixels && areas.allSatisfy { $0 > 0 })
        }
        #expect(abs(group.tiles.reduce(0) { $0 + $1.bits } - bits) <= 1e-6 * bits + 0.01)
      }
    }
  }

  /// The strips are the image, from its first row to its last.
  @Test(.enabled(if: !GoldenFilesTests.writes)) func strips() throws {
    let strips = try Self.costs(GoldenFilesTests.Golden.read("strips.prn"))
    let image = try PNGFile.decode(GoldenFilesTests.Golden.read("strips.png"))
    #expect(strips.count > 1)
    var rows = 0
    for strip in strips {
      #expect(strip.firstRow == rows)
      rows += strip.image.height
    }
    #expect(rows == image.height)
  }

  /// Threads, and with them lanes that note side by side, change nothing.
  @Test func threads() throws {
    let image = Image(.gray8, planes: [try PNGFile.decode(testImage("city")).planes[1]])
    #expect(Lanes(rows: image.height, columns: image.width).count == 2)
    let model = try TestModels.gray()
    let store = try store([model])
    var options = Compressor.Options()
    options.store = store
    let prn = try Compressor(options).encode(
      image, metadata: Metadata(), with: #require(store.all().first), mixing: .standard)
    let costs = try [1, 4].map { try Self.costs(prn, store: store, threads: $0) }
    let bits = try costs.map { try $0[0].groups[0].bitsOfPixels(0) }
    #expect(bits[0] == bits[1])
  }
}
