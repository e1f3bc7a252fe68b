import ImagePlanes
import PRNZip
import TestSupport
import Testing

@testable import Sampling

@Suite struct OcclusionTests {
  @Test func bottomHalf() throws {
    #expect(
      try Occlusion.bottomHalf.visible(width: 2, height: 3) == [
        true, true, true, true, false, false,
      ]
    )
    #expect(try Occlusion.bottomHalf.visible(width: 1, height: 2) == [true, false])
  }

  @Test func maskHidesWhatIsDark() throws {
    let mask = Image(width: 3, height: 1, interleaved: [127, 128, 0], colours: 1)
    #expect(try Occlusion.mask(mask).visible(width: 3, height: 1) == [false, true, false])
    let image = Image(width: 3, height: 1, interleaved: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(
      try Occlusion.mask(mask).apply(to: image).interleaved == [0, 0, 0, 4, 5, 6, 0, 0, 0])
  }

  @Test func unsuitableMasksAreRefused() throws {
    let mask = Image(width: 3, height: 1, interleaved: [0, 0, 0], colours: 1)
    #expect(
      throws: PRNZipError.unsuitableMask("it has 3x1 pixels, the image 1x3")
    ) { try Occlusion.mask(mask).visible(width: 1, height: 3) }
    #expect(throws: PRNZipError.unsuitableMask("it is not gray")) {
      try Occlusion.mask(Image(width: 3, height: 1)).visible(width: 3, height: 1)
    }
    let white = Image(width: 1, height: 1, interleaved: [255], colours: 1)
    for occlusion in [Occlusion.bottomHalf, .mask(white)] {
      #expect(throws: PRNZipError.unsuitableMask("it hides nothing")) {
        try occlusion.visible(width: 1, height: 1)
      }
    }
  }
}
