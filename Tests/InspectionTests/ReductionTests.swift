import Bytes
import Foundation
import ImagePlanes
import PNGFile
import PRNZip
import Testing

@testable import Inspection

@Suite struct ReductionTests {
  @Test(arguments: [(1, 1), (1024, 1024), (1025, 1024), (5000, 3), (1, 3_000_000), (8192, 8192)])
  func scales(width: Int, height: Int) {
    let scale = Scale(width: width, height: height)
    #expect(scale.count <= Scale.mostSquares && scale.side >= 1)
    #expect((scale.columns - 1) * scale.side < width && scale.columns * scale.side >= width)
    #expect((scale.rows - 1) * scale.side < height && scale.rows * scale.side >= height)
    #expect(scale.side == 1 || width * height > Scale.mostSquares)
  }

  /// Squares, rows and the sum tell of the same bits, also where rows come in parts.
  @Test func planes() {
    let scale = Scale(width: 1100, height: 1000)
    #expect(scale.side == 2)
    var plane = ReducedPlane("red", scale)
    let row = (0..<1100).map { Float($0 % 3) }
    plane.add(row + row, from: 0, scale)
    plane.add(row, from: 999, scale)
    #expect(plane.squares[0] == 2 * (row[0] + row[1]))
    #expect(plane.squares[549 + 499 * 550] == row[1098] + row[1099])
    let sum = row.reduce(0) { $0 + Double($1) }
    #expect(scale.bandRows == 2 && plane.bands.count == 500)
    #expect(plane.bands[0] == 2 * sum && plane.bands[1] == 0 && plane.bands[499] == sum)
    #expect(plane.bits == 3 * sum)
  }

  /// The bits of an image that is a picture in one corner are there, and few pixels have half of
  /// them.
  @Test func costsOfAnImage() throws {
    var image = try Image(.rgb8, width: 120, height: 80)
    var generator = SplitMix64(seed: 9)
    for row in 0..<20 {
      for column in 0..<30 {
        for plane in 0..<3 {
          image.planes[plane].samples[row * 120 + column] = UInt8(generator.next() >> 56)
        }
      }
    }
    var options = Compressor.Options()
    options.effort = .instant
    let prn = try Compressor(options).compress(PNGFile.encode(image))
    var reduction = Reduction(width: 120, height: 80)
    try Decompressor().costs(of: ArraySource(prn)) { costs throws(PRNZipError) in
      do throws(OutOfMemory) {
        try reduction.add(costs)
      } catch {
        throw .outOfMemory(error)
      }
    }
    let total = reduction.total
    let corner = (0..<20).reduce(0) { $0 + total.bands[$1] }
    #expect(corner > 0.97 * total.bits && total.bits > 8 * 3 * 600)
    let share = try #require(reduction.shareOfHalf)
    #expect((0.02...0.04).contains(share), "\(share) of the pixels")
    #expect(reduction.tiles.reduce(0) { $0 + $1.tile.bits } <= total.bits * 1.001 + 1)
  }

  /// Each step of the map is lighter than the one before, and by about as much.
  @Test func coloursAreEven() {
    let lightness = HeatColours().colours.map { red, green, blue in
      func linear(_ byte: UInt8) -> Double {
        let x = Double(byte) / 255
        return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
      }
      let y = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
      return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y
    }
    #expect(lightness[0] < 10 && lightness[255] > 90)
    for i in stride(from: 16, to: 256, by: 16) {
      #expect((2.5...10).contains(lightness[i] - lightness[i - 16]), "\(i)")
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $1 > $0 - 0.4 })
  }

  @Test func numbers() {
    #expect(Number.whole(1_234_567) == "1\u{202F}234\u{202F}567" && Number.whole(-12) == "−12")
    #expect(Number.short(123.4) == "123" && Number.short(0.01234) == "0.0123")
    #expect(Number.percent(0.1234) == "12.3\u{202F}%" && Number.percent(1) == "100\u{202F}%")
    #expect(escaped("<a&'\"\u{1}>") == "&lt;a&amp;&#39;&quot;?&gt;")
  }
}
