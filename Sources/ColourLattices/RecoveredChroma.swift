import ImagePlanes
import Platform

/// The chroma of every pixel, as far as its colour tells it.
struct RecoveredChroma {
  /// The size of the image.
  let width: Int, height: Int
  /// The chromas of each pixel, [row][column]: of those that give its colour, the ones that are
  /// nearest to what the left and the upper pixel have.
  let first: Field<UInt8>, second: Field<UInt8>
  /// 1 for each pixel whose colour has but one chroma, 2 if it has none, and 0 if it has several or
  /// is cut off.
  let isKnown: Field<UInt8>

  /// Complexity: O(pixels). nil where memory is short.
  ///
  /// - Parameters:
  ///   - colours: red, green, blue, each `width` x `height`.
  ///   - transform: what they come from.
  ///   - threads: to work on, 1 or more.
  init?(_ colours: [Plane], _ transform: ColourTransform, threads: Int) {
    (width, height) = (colours[0].width, colours[0].height)
    let pixels = width * height
    guard let first = Field<UInt8>(pixels), let second = Field<UInt8>(pixels),
      let isKnown = Field<UInt8>(pixels)
    else { return nil }
    (self.first, self.second, self.isKnown) = (first, second, isKnown)
    RowWavefront(rows: height, columns: width).run(threads: threads) { [self] front in
      transform.withInverter { inverter in
        colours.withSamples { red, green, blue in
          while let row = front.nextRow() {
            front.forEachPiece(of: row) { columns in
              for column in columns {
                let i = row &* width &+ column
                recover(
                  Colour(red: Int32(red[i]), green: Int32(green[i]), blue: Int32(blue[i])), row,
                  column, inverter)
              }
            }
          }
        }
      }
    }
  }

  /// Finds the chroma of a pixel; those of the left and the upper one are found.
  @inline(__always)
  private func recover(_ colour: Colour, _ row: Int, _ column: Int, _ inverter: ColourInverter) {
    let i = row &* width &+ column
    let left = column > 0 ? i &- 1 : row > 0 ? i &- width : -1
    let above = row > 0 ? i &- width : left
    let expected =
      left < 0
      ? inverter.roughly(
        Colour(red: 128, green: 128, blue: 128), near: Chroma(first: 128, second: 128))
      : Chroma(
        first: (Int32(first.values[left]) &+ Int32(first.values[above]) &+ 1) &>> 1,
        second: (Int32(second.values[left]) &+ Int32(second.values[above]) &+ 1) &>> 1)
    var chroma: Chroma
    if colour.isInside {
      let found = inverter.preimages(colour, near: expected)
      isKnown.values[i] = found.count == 1 ? 1 : found.count == 0 ? 2 : 0
      chroma = found.count > 0 ? found.chroma : inverter.roughly(colour, near: expected)
    } else {
      chroma =
        inverter.cutOff(colour, near: expected) ?? inverter.roughly(colour, near: expected)
    }
    first.values[i] = UInt8(truncatingIfNeeded: chroma.first)
    second.values[i] = UInt8(truncatingIfNeeded: chroma.second)
  }
}

extension RecoveredChroma {
  /// Both chromas, as planes of their own.
  var planes: [Plane] {
    [first, second].map { field in
      var plane = Plane(width: width, height: height)
      plane.samples.withUnsafeMutableBufferPointer {
        $0.baseAddress?.update(from: field.values, count: width * height)
      }
      return plane
    }
  }

  /// The part of it in a rectangle inside of the image; nil where memory is short.
  func crop(_ part: TileRectangle) -> RecoveredChroma? {
    let count = part.height * part.width
    guard let first = Field<UInt8>(count), let second = Field<UInt8>(count),
      let isKnown = Field<UInt8>(count)
    else { return nil }
    for row in 0..<part.height {
      let from = (part.row + row) * width + part.column
      let to = row * part.width
      (first.values + to).update(from: self.first.values + from, count: part.width)
      (second.values + to).update(from: self.second.values + from, count: part.width)
      (isKnown.values + to).update(from: self.isKnown.values + from, count: part.width)
    }
    return RecoveredChroma(
      width: part.width, height: part.height, first: first, second: second, isKnown: isKnown)
  }

  private init(
    width: Int, height: Int, first: Field<UInt8>, second: Field<UInt8>, isKnown: Field<UInt8>
  ) {
    (self.width, self.height) = (width, height)
    (self.first, self.second, self.isKnown) = (first, second, isKnown)
  }
}

extension [Plane] {
  /// Gives `body` the samples of three planes.
  func withSamples<Result>(
    _ body: (
      UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>
    ) -> Result
  ) -> Result {
    self[0].samples.withUnsafeBufferPointer { first in
      self[1].samples.withUnsafeBufferPointer { second in
        self[2].samples.withUnsafeBufferPointer { third in body(first, second, third) }
      }
    }
  }
}
