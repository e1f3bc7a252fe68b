import Container
import Foundation
import ImagePlanes
import PNGFile
import Testing

@testable import PRNZip

@Suite struct PhotographicBlocksTests {
  private static let photo = Result {
    try PNGFile.decode(Array(Data(contentsOf: packageFile("testimages/flowers.png"))))
  }

  /// A page of black signs on white, with a photograph in its columns from `left` on.
  private func page(width: Int, height: Int, left: Int) throws -> Image {
    let photo = try Self.photo.get()
    let planes = photo.planes.map { plane in
      var page = Plane(width: width, height: height, repeating: 255)
      for row in 0..<height {
        for column in 0..<width {
          let isInk = (row / 12 + column / 9) % 2 == 0 && (row * 7 ^ column * 3) % 5 < 2
          page.samples[row * width + column] =
            column >= left
            ? plane.samples[row % plane.height * plane.width + column - left] : isInk ? 0 : 255
        }
      }
      return page
    }
    return Image(photo.format, planes: planes)
  }

  @Test func photographsAreTold() throws {
    let rgb = try page(width: 256, height: 128, left: 128)
    for image in [rgb, Image(.gray8, planes: [rgb.planes[1]])] {
      let areSure = PhotographicBlocks(image).areSure
      #expect(areSure.count == 4 * 8)
      for (block, isSure) in areSure.enumerated() {
        #expect(isSure == (block % 8 >= 4), "block \(block)")
      }
    }
  }

  @Test func otherThingsAreNot() throws {
    // Of two colours at random; of few; flat; a slope along the rows.
    var noise = Plane(width: 64, height: 64), few = noise, slope = noise
    var random = SystemRandomNumberGenerator()
    for place in noise.samples.indices {
      noise.samples[place] = random.next() & 1 == 0 ? 0 : 255
      few.samples[place] = UInt8(random.next() % 12)
      slope.samples[place] = UInt8(place % 64)
    }
    for plane in [noise, few, slope, Plane(width: 64, height: 64, repeating: 9)] {
      #expect(!PhotographicBlocks(Image(.gray8, planes: [plane])).areSure.contains(true))
    }
  }

  /// Slopes are near each other and have many colours, but are drawn.
  @Test func slopesAreNot() {
    let planes = [(7, 4), (3, 9), (-5, 2)].map { (across, down) in
      var plane = Plane(width: 96, height: 96)
      for place in plane.samples.indices {
        let value = 100 + (place % 96 * across + place / 96 * down) / 8
        plane.samples[place] = UInt8(clamping: value)
      }
      return plane
    }
    #expect(!PhotographicBlocks(Image(.rgb8, planes: planes)).areSure.contains(true))
  }

  private func compressed(_ image: Image, model: String? = nil) throws -> [UInt8] {
    var options = Compressor.Options()
    (options.effort, options.model) = (.fast, model)
    return try Compressor(options).compress(PNGFile.encode(image))
  }

  /// Graphics is not tried for the photograph, and the rest of the page is none of the network's.
  @Test func largePagesHavePatches() throws {
    let image = try page(width: 640, height: 512, left: 320)
    let file = try compressed(image)
    let groups = try Header.decode(file).header.groups
    #expect(groups.map(\.codec) == [.patches])
    guard case .patches(_, _, _, let patches) = groups[0].parameters else { return }
    #expect(patches == [Group.Patch(row: 0, column: 10, height: 16, width: 10)])
    #expect(try PNGFile.decode(Decompressor(.init()).decompress(file)) == image)
    #expect(file.count < (try compressed(image, model: "photo-fast").count))
  }

  /// What looks like a photograph, but is as small as runs, is graphics: 5 and 6 bits a channel.
  @Test func patchesAreSmallerThanRuns() throws {
    var image = try page(width: 640, height: 512, left: 320)
    for (plane, mask) in [0xF8, 0xFC, 0xF8].enumerated() {
      for place in image.planes[plane].samples.indices where place % 640 >= 320 {
        image.planes[plane].samples[place] &= UInt8(mask)
      }
      // All values occur somewhere, or they would be ranks.
      for value in 0..<256 { image.planes[plane].samples[value] = UInt8(value) }
    }
    let groups = try Header.decode(compressed(image)).header.groups
    #expect(groups.map(\.codec) == [.graphics])
  }

  /// What stands twice is coded once, though it is a photograph.
  @Test func repeatedPhotographsAreGraphics() throws {
    let photo = try Self.photo.get()
    func page(copies: Int) throws -> Image {
      var page = try Image(.rgb8, width: 640, height: 512)
      let part = TileRectangle(row: 0, column: 0, height: 200, width: 400)
      for copy in 0..<copies { try page.paste(photo.crop(part), row: 256 * copy, column: 0) }
      return page
    }
    let once = try compressed(page(copies: 1)).count, twice = try compressed(page(copies: 2)).count
    #expect(Double(twice) < 1.3 * Double(once), "\(once), \(twice)")
  }
}
