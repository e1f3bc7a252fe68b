import ImagePlanes
import Testing

@Suite struct ImageTests {
  static let sizes = [(1, 1), (1, 9), (9, 1), (2, 3), (7, 5), (31, 17), (64, 1), (13, 64)]

  @Test(arguments: sizes, [1, 3])
  func interleavedRoundTrips(size: (Int, Int), colours: Int) {
    let (width, height) = size
    let samples = (0..<colours * width * height).map { UInt8(truncatingIfNeeded: $0 &* 73) }
    let image = Image(width: width, height: height, interleaved: samples, colours: colours)
    #expect(image.interleaved == samples)
    #expect(image.planes.count == colours && image.colours == colours)
    for (colour, plane) in image.planes.enumerated() {
      #expect(plane.width == width && plane.height == height)
      let expected = stride(from: colour, to: samples.count, by: colours).map { samples[$0] }
      #expect(plane.samples == expected)
    }
  }

  @Test func missingSamplesAreBlackAndSurplusOnesIgnored() {
    let short = Image(width: 2, height: 1, interleaved: [1, 2, 3, 4, 5])
    #expect(short.interleaved == [1, 2, 3, 0, 0, 0])
    let long = Image(width: 1, height: 1, interleaved: [1, 2, 3, 4])
    #expect(long.interleaved == [1, 2, 3])
    let gray = Image(width: 2, height: 2, interleaved: [1, 2, 3], colours: 1)
    #expect(gray.interleaved == [1, 2, 3, 0])
    #expect(Image(width: 1, height: 1, interleaved: [1, 2], colours: 1).interleaved == [1])
  }

  /// There are 3 colours unless told otherwise; other numbers than 1 and 3 count as one of them.
  @Test func imagesAreOfOneOrThreeColours() {
    #expect(Image(width: 2, height: 3).colours == 3)
    #expect(Image(width: 2, height: 3, interleaved: []).colours == 3)
    for (colours, expected) in [(.min, 1), (0, 1), (1, 1), (2, 3), (3, 3), (4, 3), (.max, 3)] {
      let image = Image(width: 2, height: 3, colours: colours)
      #expect(image.colours == expected)
      #expect(image.interleaved == Array(repeating: 0, count: 6 * expected))
      #expect(image == Image(width: 2, height: 3, interleaved: [], colours: colours))
    }
  }

  /// Planes may be set to anything.
  @Test func strangePlanesAreNoTrap() {
    var image = patternImage(width: 2, height: 2)
    let first = image.planes[0].samples[0]
    image.planes[0].samples = [first]
    image.planes[1].samples = []
    image.planes[2] = Plane(width: 9, height: 9, repeating: 5)
    #expect(image.interleaved == [first, 0, 5, 0, 0, 5, 0, 0, 5, 0, 0, 5])
    var target = Image(width: 2, height: 2)
    target.paste(image, row: 0, column: 0)
    #expect(target.interleaved == [0, 0, 5, 0, 0, 5, 0, 0, 5, 0, 0, 5])
    for count in [0, 2, 5] {
      image.planes = Array(repeating: Plane(width: 2, height: 2, repeating: 7), count: count)
      #expect(image.colours == count)
      #expect(image.interleaved == Array(repeating: 7, count: 4 * count))
      #expect(image.crop(TileRectangle(row: 0, column: 0, height: 2, width: 2)) == image)
    }
    image.planes = [Plane(width: 2, height: 2, repeating: 7)]
    image.planes[0].samples = [7]
    #expect(image.interleaved == [7, 0, 0, 0])
  }

  @Test(arguments: [(0, 0), (0, 3), (3, 0), (-1, 3), (3, -1)])
  func emptyImagesHaveNoSamples(width: Int, height: Int) {
    let image = Image(width: width, height: height, interleaved: [1, 2, 3])
    #expect(image.interleaved.isEmpty)
    #expect(image.width == max(width, 0) && image.height == max(height, 0))
  }

  /// Every rectangle of a small image, and those that reach over its borders.
  @Test(arguments: [1, 3])
  func cropTakesThePixelsInsideAndIsBlackOutside(colours: Int) {
    let image = patternImage(width: 4, height: 3, colours: colours)
    for row in -2...4 {
      for column in -2...5 {
        for (height, width) in [(0, 2), (1, 1), (2, 3), (3, 4), (6, 7)] {
          let part = image.crop(
            TileRectangle(row: row, column: column, height: height, width: width))
          #expect(part.height == height && part.width == width && part.colours == colours)
          for r in 0..<height {
            for c in 0..<width {
              let expected =
                pixel(image, row: row + r, column: column + c)
                ?? Array(repeating: 0, count: colours)
              #expect(pixel(part, row: r, column: c) == expected)
            }
          }
        }
      }
    }
  }

  @Test(arguments: [1, 3])
  func pasteReplacesThePixelsInsideAndNoOthers(colours: Int) {
    let image = patternImage(width: 4, height: 3, colours: colours)
    for row in -3...4 {
      for column in -4...5 {
        for (height, width) in [(1, 1), (2, 3), (3, 4), (6, 7)] {
          let patch = Image(
            width: width, height: height,
            interleaved: (0..<colours * width * height).map { UInt8(255 - $0) }, colours: colours)
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

  /// Planes that only one of the images has are ignored, or stay.
  @Test func pasteIsForEqualColours() {
    let rgb = Image(width: 1, height: 1, interleaved: [1, 2, 3])
    let gray = Image(width: 1, height: 1, interleaved: [9], colours: 1)
    var target = rgb
    target.paste(gray, row: 0, column: 0)
    #expect(target.interleaved == [9, 2, 3])
    target = gray
    target.paste(rgb, row: 0, column: 0)
    #expect(target.interleaved == [1])
  }

  @Test func farAwayThereIsNothing() {
    let image = patternImage(width: 2, height: 2, colours: 1)
    for place in [Int.min, .min + 1, -2, 2, .max] {
      for (row, column) in [(place, 0), (0, place), (place, place)] {
        var target = image
        target.paste(image, row: row, column: column)
        #expect(target == image)
        let part = image.crop(TileRectangle(row: row, column: column, height: 2, width: 2))
        #expect(part == Image(width: 2, height: 2, colours: 1))
      }
    }
    let none = image.crop(TileRectangle(row: 0, column: 0, height: .min, width: -1))
    #expect(none == Image(width: 0, height: 0, colours: 1))
  }

  @Test(arguments: sizes, [1, 4, 10])
  func tilesPutTheImageTogetherAgain(size: (Int, Int), limit: Int) {
    let (width, height) = size
    for colours in [1, 3] {
      let image = patternImage(width: width, height: height, colours: colours)
      let grid = TileGrid(width: width, height: height, limit: limit)
      var result = Image(width: width, height: height, colours: colours)
      for index in (0..<grid.count).reversed() {
        let rectangle = grid[index]
        result.paste(image.crop(rectangle), row: rectangle.row, column: rectangle.column)
      }
      #expect(result == image)
    }
  }

  @Test func subsampledImagesHaveEveryNthPixel() {
    var image = Image(width: 7, height: 5)
    for colour in 0..<3 {
      image.planes[colour].samples = (0..<35).map { UInt8(10 * colour + $0) }
    }
    #expect(image.subsampled(by: 1) == image)
    let half = image.subsampled(by: 2)
    #expect(half.width == 4 && half.height == 3 && half.colours == 3)
    #expect(half.planes[1].samples == [0, 2, 4, 6, 14, 16, 18, 20, 28, 30, 32, 34].map { $0 + 10 })
    let quarter = image.subsampled(by: 4)
    #expect(quarter.width == 2 && quarter.height == 2)
    #expect(quarter.planes[0].samples == [0, 4, 28, 32])
    #expect(image.subsampled(by: 9).planes.map(\.samples) == [[0], [10], [20]])
  }
}
