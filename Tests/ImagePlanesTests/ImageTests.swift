import Bytes
import ImagePlanes
import TestSupport
import Testing

@Suite struct ImageTests {
  static let sizes = [(1, 1), (1, 9), (9, 1), (2, 3), (7, 5), (31, 17), (64, 1), (13, 64)]

  @Test func formatsHavePlanes() throws {
    for (channels, count) in [
      (.gray, 1), (.grayAlpha, 2), (.rgb, 3), (.rgba, 4), (.palette, 1),
    ] as [(Channels, Int)] {
      for (depth, bytes) in [(1, 1), (8, 1), (9, 2), (16, 2)] {
        let image = try Image(PixelFormat(channels, depth: depth), width: 3, height: 2)
        #expect(image.planes.count == count * bytes)
        #expect(image.planes.allSatisfy { $0 == Plane(width: 3, height: 2) })
        #expect(image.width == 3 && image.height == 2)
      }
    }
  }

  /// Planes may be set to anything.
  @Test func strangePlanesAreNoTrap() throws {
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
      #expect(image.interleaved == Array(repeating: 7, count: 4 * count))
      let part = try image.crop(TileRectangle(row: 0, column: 0, height: 2, width: 2))
      #expect(part.planes == image.planes)
    }
    #expect(Image(.rgb8, planes: []).interleaved.isEmpty)
  }

  @Test(arguments: [(0, 0), (0, 3), (3, 0), (-1, 3), (3, -1)])
  func emptyImagesHaveNoSamples(width: Int, height: Int) throws {
    let image = try Image(.rgb8, width: width, height: height)
    #expect(image.interleaved.isEmpty && image.planes.count == 3)
    #expect(image.width == max(width, 0) && image.height == max(height, 0))
  }

  /// More than any machine has is an error, and no end of the process.
  @Test func memoryIsChecked() throws {
    let huge = OutOfMemory(bytes: .max)
    #expect(throws: OutOfMemory(bytes: 3 << 60)) {
      try Image(.rgb8, width: 1 << 30, height: 1 << 30)
    }
    #expect(throws: huge) { try Image(.rgb8, width: .max, height: .max) }
    #expect(throws: huge) { try Image(.rgb8, width: .max, height: 1) }
    let image = patternImage(width: 2, height: 2)
    #expect(throws: huge) {
      try image.crop(TileRectangle(row: 0, column: 0, height: .max, width: .max))
    }
    #expect(throws: OutOfMemory(bytes: 3 << 60)) {
      try image.crop(TileRectangle(row: 0, column: 0, height: 1 << 30, width: 1 << 30))
    }
  }

  /// Every rectangle of a small image, and those that reach over its borders.
  @Test(arguments: [1, 3])
  func cropTakesThePixelsInsideAndIsBlackOutside(colours: Int) throws {
    let image = patternImage(width: 4, height: 3, colours: colours)
    for row in -2...4 {
      for column in -2...5 {
        for (height, width) in [(0, 2), (1, 1), (2, 3), (3, 4), (6, 7)] {
          let part = try image.crop(
            TileRectangle(row: row, column: column, height: height, width: width))
          #expect(part.height == height && part.width == width && part.format == image.format)
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

  @Test func farAwayThereIsNothing() throws {
    let image = patternImage(width: 2, height: 2, colours: 1)
    for place in [Int.min, .min + 1, -2, 2, .max] {
      for (row, column) in [(place, 0), (0, place), (place, place)] {
        var target = image
        target.paste(image, row: row, column: column)
        #expect(target == image)
        let part = try image.crop(TileRectangle(row: row, column: column, height: 2, width: 2))
        #expect(part == Image(width: 2, height: 2, colours: 1))
      }
    }
    let none = try image.crop(TileRectangle(row: 0, column: 0, height: .min, width: -1))
    #expect(none == Image(width: 0, height: 0, colours: 1))
  }

  @Test(arguments: sizes, [1, 4, 10])
  func tilesPutTheImageTogetherAgain(size: (Int, Int), limit: Int) throws {
    let (width, height) = size
    for colours in [1, 3] {
      let image = patternImage(width: width, height: height, colours: colours)
      let grid = TileGrid(width: width, height: height, limit: limit)
      var result = Image(width: width, height: height, colours: colours)
      for index in (0..<grid.count).reversed() {
        let rectangle = grid[index]
        result.paste(try image.crop(rectangle), row: rectangle.row, column: rectangle.column)
      }
      #expect(result == image)
    }
  }

  @Test func subsampledImagesHaveEveryNthPixel() throws {
    var image = Image(width: 7, height: 5)
    for colour in 0..<3 {
      image.planes[colour].samples = (0..<35).map { UInt8(10 * colour + $0) }
    }
    #expect(try image.subsampled(by: 1) == image)
    let half = try image.subsampled(by: 2)
    #expect(half.width == 4 && half.height == 3 && half.format == .rgb8)
    #expect(half.planes[1].samples == [0, 2, 4, 6, 14, 16, 18, 20, 28, 30, 32, 34].map { $0 + 10 })
    let quarter = try image.subsampled(by: 4)
    #expect(quarter.width == 2 && quarter.height == 2)
    #expect(quarter.planes[0].samples == [0, 4, 28, 32])
    #expect(try image.subsampled(by: 9).planes.map(\.samples) == [[0], [10], [20]])
  }
}
