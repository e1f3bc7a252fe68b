import Container
import Foundation
import ImagePlanes
import PNGFile
import Testing

@testable import PRNZip

@Suite struct RepeatsTests {
  private static let photo = Result {
    try PNGFile.decode(Array(Data(contentsOf: packageFile("testimages/flowers.png"))))
  }

  /// A part of a photograph, side by side and below each other until `width` x `height` are full.
  private func tiled(_ side: Int, width: Int, height: Int) throws -> Image {
    let photo = try Self.photo.get()
    let planes = photo.planes.map { plane in
      var tiled = Plane(width: width, height: height)
      for row in 0..<height {
        for column in 0..<width {
          let (r, q) = (row % side + 60, column % side + 60)
          tiled.samples[row * width + column] = plane.samples[r * plane.width + q]
        }
      }
      return tiled
    }
    return Image(photo.format, planes: planes)
  }

  @Test func shares() throws {
    #expect(Repeats(try tiled(1 << 20, width: 200, height: 180)).share < 0.02)
    #expect(Repeats(try tiled(33, width: 200, height: 180)).share > 0.6)
    // Side by side, and one above the other: half of it was there before.
    for (width, height) in [(200, 100), (100, 200)] {
      let share = Repeats(try tiled(100, width: width, height: height)).share
      #expect((0.3...0.6).contains(share), "\(share)")
    }
    // Runs that are all equal do not count, and narrow images have none.
    let flat = Image(.gray8, planes: [Plane(width: 64, height: 64, repeating: 7)])
    #expect(Repeats(flat).share == 0)
    #expect(Repeats(Image(.gray8, planes: [Plane(width: 7, height: 64)])).share == 0)
  }

  /// A texture takes little more than one of its tiles.
  @Test func texturesAreGraphics() throws {
    let one = try Compressor(.init()).compress(PNGFile.encode(tiled(60, width: 60, height: 60)))
    let image = try tiled(60, width: 240, height: 240)
    let file = try Compressor(.init()).compress(PNGFile.encode(image))
    #expect(try Header.decode(file).header.groups.map(\.codec) == [.graphics])
    #expect(file.count < 2 * one.count, "\(file.count), one tile \(one.count)")
    #expect(try PNGFile.decode(Decompressor(.init()).decompress(file)) == image)
  }
}
