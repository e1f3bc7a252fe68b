import Bytes
import ImagePlanes
import PNGFile

/// The picture of an image in the squares of a scale: the mean colour of each, strip by strip.
struct Picture {
  private let scale: Scale
  /// Sums of red, green, blue (each times alpha) and alpha, of the pixels of each square: 0 to 255.
  private var sums: [[Float]]
  private var hasAlpha = false

  init(_ scale: Scale) {
    self.scale = scale
    sums = Array(repeating: [Float](repeating: 0, count: scale.count), count: 4)
  }

  /// Adds some rows of an image.
  ///
  /// - Parameters:
  ///   - image: the rows, as wide as the image of the scale.
  ///   - firstRow: of them.
  ///   - chunks: of the PNG file, with a palette where the image needs one.
  mutating func add(_ image: Image, from firstRow: Int, chunks: [PNGChunk]) {
    let palette = image.format.channels == .palette ? Palette(chunks) : nil
    let bytes = image.format.depth > 8 ? 2 : 1
    let white = Float(image.format.depth > 8 ? 255 : 1 << image.format.depth - 1)
    let count = image.format.channels.count
    let isGray = count < 3
    let imageHasAlpha = [.grayAlpha, .rgba].contains(image.format.channels)
    hasAlpha = hasAlpha || imageHasAlpha || palette?.isTransparent == true
    for y in 0..<min(image.height, scale.height - firstRow) {
      let row = (firstRow + y) / scale.side * scale.columns
      for x in 0..<min(image.width, scale.width) {
        let square = row + x / scale.side
        let at = y * image.width + x
        if let palette {
          add(palette[Int(image.planes[0].samples[at])], to: square)
          continue
        }
        func value(_ channel: Int) -> Float {
          Float(image.planes[channel * bytes].samples[at]) * 255 / white
        }
        let alpha = imageHasAlpha ? value(count - 1) : 255
        let red = value(0)
        add(
          (red, isGray ? red : value(1), isGray ? red : value(2), alpha), to: square)
      }
    }
  }

  private mutating func add(
    _ colour: (red: Float, green: Float, blue: Float, alpha: Float), to square: Int
  ) {
    let weight = colour.alpha / 255
    sums[0][square] += colour.red * weight
    sums[1][square] += colour.green * weight
    sums[2][square] += colour.blue * weight
    sums[3][square] += colour.alpha
  }

  /// The picture as a PNG file.
  ///
  /// - Throws: `PNGError`.
  func png() throws(PNGError) -> [UInt8] {
    let pixels = scale.pixels
    var planes = (0..<(hasAlpha ? 4 : 3)).map { _ in
      Plane(width: scale.columns, height: scale.rows)
    }
    for square in 0..<scale.count {
      let alpha = sums[3][square]
      for channel in 0..<3 where alpha > 0 {
        planes[channel].samples[square] = byte(sums[channel][square] * 255 / alpha)
      }
      if hasAlpha { planes[3].samples[square] = byte(alpha / pixels[square]) }
    }
    let format = PixelFormat(hasAlpha ? .rgba : .rgb, depth: 8)
    return try PNGFile.encode(Image(format, planes: planes), level: 9)
  }

  private func byte(_ value: Float) -> UInt8 { UInt8(min(max(value.rounded(), 0), 255)) }

  /// The colours that an image numbers; those that there are not are black.
  private struct Palette {
    private let colours: [UInt8], alphas: [UInt8]

    init(_ chunks: [PNGChunk]) {
      colours = chunks.first { $0.name == "PLTE" }?.data ?? []
      alphas = chunks.first { $0.name == "tRNS" }?.data ?? []
    }

    var isTransparent: Bool { alphas.contains { $0 < 255 } }

    subscript(number: Int) -> (red: Float, green: Float, blue: Float, alpha: Float) {
      guard 3 * number + 2 < colours.count else { return (0, 0, 0, 255) }
      let alpha = number < alphas.count ? alphas[number] : 255
      return (
        Float(colours[3 * number]), Float(colours[3 * number + 1]), Float(colours[3 * number + 2]),
        Float(alpha)
      )
    }
  }
}
