import Bytes
import ImagePlanes
import TestSupport
import Testing

@testable import PNGFile

/// Filters that are chosen for a whole file, and levels.
@Suite struct FilterChoiceTests {

  /// The pixels come back whatever is chosen.
  @Test(arguments: PixelFormat.ofPNG, [false, true])
  func everyKindComesBack(format: PixelFormat, isInterlaced: Bool) throws {
    for kind in [SampleKind.graphics, .gradient, .random] {
      let image = formatImage(format, kind, width: 43, height: 30)
      let entries = format.channels == .palette ? 3 << format.depth : 0
      let chunks = [
        PNGChunk(type: Array("PLTE".utf8), data: [UInt8](repeating: 1, count: entries))
      ]
      for level in [0, 1, 9, 100] {
        let png = try PNGFile.encode(
          image, metadata: (entries > 0 ? chunks : []) + [.imageDataMark],
          isInterlaced: isInterlaced, level: level, filters: .tried)
        #expect(try PNGFile.decode(png) == image)
      }
    }
  }

  /// An image in which only one filter leaves nothing.
  @Test func theRightFilterIsFound() throws {
    var generator = SplitMix64(seed: 1)
    var image = try Image(.gray8, width: 200, height: 100)
    let row = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for r in 0..<100 {
      for q in 0..<200 { image.planes[0].samples[200 * r + q] = row[q] &+ UInt8(13 * r % 256) }
    }
    #expect(try FilterChoice.tried.settings(for: image, level: 6).filter == 2)
    #expect(try FilterChoice.tried.settings(for: image, level: 0).filter == 0)
    #expect(
      try FilterChoice.leastSums.settings(for: image, level: 6).filter == FilterChoice.anyType)
    for r in 0..<100 {
      for q in 0..<200 { image.planes[0].samples[200 * r + q] = row[r] &+ UInt8(13 * q % 256) }
    }
    #expect(try FilterChoice.tried.settings(for: image, level: 6).filter == 1)
  }

  /// Never much larger than with the least sums, and mostly smaller.
  @Test func filesAreSmaller() throws {
    let images = [
      formatImage(.rgb8, .graphics, width: 200, height: 150),
      formatImage(PixelFormat(.gray, depth: 4), .gradient, width: 200, height: 150),
      testImage(rows: 150, columns: 200),
    ]
    for image in images {
      let size = { (filters: FilterChoice) in
        try PNGFile.encode(image, level: 6, filters: filters).count
      }
      #expect(try size(.tried) <= size(.leastSums) + size(.leastSums) / 100, "\(image.format)")
    }
  }

  /// A file of rows that are wider than the sample, and one of many narrow rows.
  @Test func extremeShapesAreSampled() throws {
    for (width, height) in [(1 << 19, 2), (1, 10_000), (1, 1)] {
      let image = formatImage(PixelFormat(.gray, depth: 1), .graphics, width: width, height: height)
      let png = try PNGFile.encode(image, filters: .tried)
      #expect(try PNGFile.decode(png) == image)
    }
  }
}
