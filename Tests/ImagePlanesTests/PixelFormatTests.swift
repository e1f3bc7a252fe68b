import ImagePlanes
import Testing

@Suite struct PixelFormatTests {
  @Test func depthsAreClamped() {
    for (depth, expected) in [(.min, 1), (0, 1), (1, 1), (12, 12), (16, 16), (17, 16)] {
      #expect(PixelFormat(.rgb, depth: depth).depth == expected)
    }
  }

  @Test func usualFormatsHaveNames() {
    #expect(PixelFormat.gray8 == PixelFormat(.gray, depth: 8))
    #expect(PixelFormat.gray1 == PixelFormat(.gray, depth: 1))
    #expect(PixelFormat.rgb8 == PixelFormat(.rgb, depth: 8))
  }

  @Test func planesAreCounted() {
    #expect(Channels.allCases.map(\.count) == [1, 2, 3, 4, 1])
    #expect(PixelFormat.rgb8.planeCount == 3)
    #expect(PixelFormat(.rgba, depth: 16).planeCount == 8)
    #expect(PixelFormat(.palette, depth: 4).planeCount == 1)
  }
}
