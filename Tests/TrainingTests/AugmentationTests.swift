import ImagePlanes
import Testing

@testable import Training

@Suite struct AugmentationTests {
  @Test func mirrorsAreTheirOwnInverses() {
    let image = Small.image(width: 5, height: 4)
    #expect(image.mirrored != image && image.mirrored.mirrored == image)
    #expect(image.flipped != image && image.flipped.flipped == image)
    #expect(image.transposed.width == 4 && image.transposed.transposed == image)
    #expect(image.mirrored.planes[1].samples[0] == image.planes[1].samples[4])
    #expect(image.flipped.planes[2].samples[0] == image.planes[2].samples[15])
    #expect(image.transposed.planes[0].samples[1] == image.planes[0].samples[5])
  }

  /// A gray image goes the way of each plane.
  @Test func grayImagesStayGray() {
    let image = Small.image(width: 9, height: 7)
    for colour in 0..<3 {
      var gray = image
      gray.planes = [image.planes[colour]]
      for (one, all) in [
        (gray.mirrored, image.mirrored), (gray.flipped, image.flipped),
        (gray.transposed, image.transposed),
      ] {
        #expect(one.width == all.width && one.height == all.height)
        #expect(one.planes == [all.planes[colour]])
      }
    }
  }
}
