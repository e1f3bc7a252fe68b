import ImagePlanes
import Prediction
import TestSupport
import Testing

@Suite struct SymbolCentreTests {
  /// All predictions of an image by a fixed rule: [colour][pixel].
  static func predictions(_ image: Image, by centre: SymbolCentre) throws -> [[Int]] {
    let tile = try #require(Tile(image))
    return (0..<tile.colours).map { colour in
      (0..<tile.rows * tile.columns).map { pixel in
        centre.prediction(
          own: tile.plane(colour), earlier: colour > 0 ? tile.plane(colour - 1) : nil,
          width: tile.columns, row: pixel / tile.columns, column: pixel % tile.columns)
      }
    }
  }

  /// FORMAT.md, section 2, by hand.
  @Test func smallExample() throws {
    let image = Image(
      width: 2, height: 2,
      interleaved: [
        100, 90, 80, 110, 105, 70,
        120, 100, 95, 0, 0, 0,
      ])
    let predictions = try Self.predictions(image, by: .colourMED)
    #expect(predictions[0] == [128, 100, 100, 120])
    // G - R at W, N, NW: -20, -5, -10: the median of -20, -5 and -15.
    #expect(predictions[1] == [100, 100, 110, 0])
    // B - G at W, N, NW: -5, -35, -10: -30, added to 0 and clipped.
    #expect(predictions[2] == [90, 95, 90, 0])
    #expect(try Self.predictions(image, by: .raw) == Array(repeating: [0, 0, 0, 0], count: 3))
  }

  /// Nothing at or behind the pixel is looked at, but the earlier colour.
  @Test(arguments: [1, 3]) func laterValuesDoNotMatter(_ colours: Int) throws {
    let image = testImage(rows: 5, columns: 6, seed: 9, colours: colours)
    let before = try Self.predictions(image, by: .colourMED)
    for colour in 0..<colours {
      for pixel in 0..<30 {
        var other = image
        other.planes[colour].samples[pixel] ^= 0xFF
        let after = try Self.predictions(other, by: .colourMED)
        for c in 0..<colours {
          for p in 0..<30 where before[c][p] != after[c][p] {
            #expect(p == pixel ? c == colour + 1 : p > pixel && (c == colour || c == colour + 1))
          }
        }
      }
    }
  }
}
