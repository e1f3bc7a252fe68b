import ImagePlanes
import Testing

@Suite struct ImageTests {
  static let sizes = [(1, 1), (1, 9), (9, 1), (2, 3), (7, 5), (31, 17), (64, 1), (13, 64)]

  @Test(arguments: sizes)
  func interleavedRoundTrips(width: Int, height: Int) {
    let samples = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 73) }
    let image = Image(width: width, height: height, interleaved: samples)
    #expect(image.interleaved == samples)
    #expect(image.planes.count == 3)
    for (colour, plane) in image.planes.enumerated() {
      #expect(plane.width == width && plane.height == height)
      #expect(plane.samples == stride(from: colour, to: samples.count, by: 3).map { samples[$0] })
    }
  }

  @Test func missingSamplesAreBlackAndSurplusOnesIgnored() {
    let short = Image(width: 2, height: 1, interleaved: [1, 2, 3, 4, 5])
    #expect(short.interleaved == [1, 2, 3, 0, 0, 0])
    let long = Image(width: 1, height: 1, interleaved: [1, 2, 3, 4])
    #expect(long.interleaved == [1, 2, 3])
  }

  @Test(arguments: [(0, 0), (0, 3), (3, 0), (-1, 3), (3, -1)])
  func emptyImagesHaveNoSamples(width: Int, height: Int) {
    let image = Image(width: width, height: height, interleaved: [1, 2, 3])
    #expect(image.interleaved.isEmpty)
    #expect(image.width == max(width, 0) && image.height == max(height, 0))
  }

  /// Every rectangle of a small image, and those that reach over its borders.
  @Test func cropTakesThePixelsInsideAndIsBlackOutside() {
    let image = patternImage(width: 4, height: 3)
    for row in -2...4 {
      for column in -2...5 {
        for (height, width) in [(0, 2), (1, 1), (2, 3), (3, 4), (6, 7)] {
          let part = image.crop(
            TileRectangle(row: row, column: column, height: height, width: width))
          #expect(part.height == height && part.width == width)
          for r in 0..<height {
            for c in 0..<width {
              let expected = pixel(image, row: row + r, column: column + c) ?? [0, 0, 0]
              #expect(pixel(part, row: r, column: c) == expected)
            }
          }
        }
      }
    }
  }

  @Test func pasteReplacesThePixelsInsideAndNoOthers() {
    let image = patternImage(width: 4, height: 3)
    for row in -3...4 {
      for column in -4...5 {
        for (height, width) in [(1, 1), (2, 3), (3, 4), (6, 7)] {
          let patch = Image(
            width: width, height: height,
            interleaved: (0..<3 * width * height).map { UInt8(255 - $0) })
          var result = image
          result.paste(patch, row: row, column: column)
          for r in 0..<3 {
            for c in 0..<4 {
              let expected =
                pixel(patch, row: r - row, column: c - column) ?? pixel(image, row: r, column: c)
              #expect(pixel(result, row: r, column: c) == expected)
            }
          }
        }
      }
    }
  }

  @Test(arguments: sizes, [1, 4, 10])
  func tilesPutTheImageTogetherAgain(size: (Int, Int), limit: Int) {
    let (width, height) = size
    let image = patternImage(width: width, height: height)
    let grid = TileGrid(width: width, height: height, limit: limit)
    var result = Image(width: width, height: height)
    for index in (0..<grid.count).reversed() {
      let rectangle = grid[index]
      result.paste(image.crop(rectangle), row: rectangle.row, column: rectangle.column)
    }
    #expect(result == image)
  }
}
