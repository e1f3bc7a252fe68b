import Container
import Foundation
import ImagePlanes
import ModelStore
import PNGFile
import Testing

@testable import PRNZip

@Suite struct LayoutsTests {
  private static let photo = Result {
    try PNGFile.decode(Array(Data(contentsOf: packageFile("testimages/flowers.png"))))
  }

  /// A part of a photograph below black rows.
  private static func photograph(width: Int, height: Int, black: Int) throws -> Image {
    let photo = try photo.get()
    let planes = photo.planes.map { plane in
      var part = Plane(width: width, height: height)
      for row in black..<height {
        for column in 0..<width {
          part.samples[row * width + column] =
            plane.samples[row % plane.height * plane.width + column % plane.width]
        }
      }
      return part
    }
    return Image(photo.format, planes: planes)
  }

  private static func mayBeGraphics(
    _ image: Image, _ effort: Effort, hasGaps: Bool = false
  ) throws -> Bool {
    var options = Compressor.Options()
    options.effort = effort
    let layouts = Layouts(image, Metadata(), options, heldBytes: 0)
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    #expect(varying.flatness.flat >= layouts.leastFlatness)
    return try layouts.mayBeGraphics(varying, hasGaps: hasGaps)
  }

  /// Flat parts alone make a photograph no graphics.
  @Test(arguments: [Effort.fast, .default, .best]) func photographsAreNot(_ effort: Effort) throws {
    let image = try Self.photograph(width: 400, height: 500, black: 224)
    let gray = Image(.gray8, planes: [image.planes[1]])
    #expect(try !Self.mayBeGraphics(image, effort))
    #expect(try !Self.mayBeGraphics(gray, effort))
    // Graphics knows of gaps.
    #expect(try Self.mayBeGraphics(image, effort, hasGaps: true))
    // A small part.
    let flat = try Self.photograph(width: 400, height: 500, black: 352)
    #expect(try Self.mayBeGraphics(flat, effort))
    // Of a large picture, more than half has to be one.
    let large = try Self.photograph(width: 576, height: 576, black: 253)
    #expect(try Self.mayBeGraphics(large, effort))
  }

  /// What is beside a photograph matters: a column of signs, which a network codes badly.
  @Test(arguments: [Effort.fast, .best]) func textMayBe(_ effort: Effort) throws {
    var image = try Self.photograph(width: 400, height: 500, black: 224)
    #expect(try !Self.mayBeGraphics(image, effort))
    for k in image.planes.indices {
      for place in image.planes[k].samples.indices where place % 400 >= 336 {
        let (row, column) = (place / 400, place % 400)
        let isInk = (row / 6 + column / 5) % 3 == 0 && (row * 7 ^ column * 3) % 5 < 2
        image.planes[k].samples[place] = isInk ? 0 : 255
      }
    }
    #expect(try Self.mayBeGraphics(image, effort))
  }

  @Test func fewColoursAre() throws {
    var image = try Self.photograph(width: 400, height: 500, black: 224)
    for k in image.planes.indices {
      for place in image.planes[k].samples.indices {
        image.planes[k].samples[place] &= k == 1 ? 0xF8 : 0xC0
      }
    }
    #expect(try Self.mayBeGraphics(image, .best))
  }

  /// What is small, and what stands twice.
  @Test func smallAndRepeatedOnesAre() throws {
    let small = try Self.photograph(width: 128, height: 128, black: 50)
    #expect(try Self.mayBeGraphics(small, .best))
    let photo = try Self.photograph(width: 250, height: 200, black: 80)
    let twice = Image(
      photo.format,
      planes: photo.planes.map { plane in
        var twice = Plane(width: 250, height: 400)
        for place in twice.samples.indices {
          twice.samples[place] = plane.samples[place % plane.samples.count]
        }
        return twice
      })
    #expect(try Self.mayBeGraphics(twice, .best))
  }
}
