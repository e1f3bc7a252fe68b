import Glibc

/// The values of a tile: all known (encoder), or filled in code order (decoder).
///
/// Threads may read and write it at the same time as long as no value is read that is being
/// written.
package final class Tile: @unchecked Sendable {
  /// The tile's size in pixels, and how many planes of values it has.
  package let rows: Int, columns: Int, colours: Int
  /// How many of the planes, from the first on, both sides know: they are no planes of the image.
  package let knownColours: Int
  /// [colour][row][column].
  private let values: UnsafeMutablePointer<UInt8>

  /// A black tile; nil where memory is short.
  ///
  /// - Parameters:
  ///   - rows: at least 1.
  ///   - columns: at least 1.
  ///   - colours: at least 1.
  ///   - knownColours: how many of them both sides know.
  package init?(rows: Int, columns: Int, colours: Int, knownColours: Int = 0) {
    self.rows = max(rows, 1)
    self.columns = max(columns, 1)
    self.colours = max(colours, 1)
    self.knownColours = min(max(knownColours, 0), self.colours)
    let count = self.rows * self.columns * self.colours
    guard let memory = calloc(count, 1) else { return nil }
    values = memory.bindMemory(to: UInt8.self, capacity: count)
  }

  /// The part of an image in a rectangle, behind the known planes; what lies outside of the image
  /// is black. nil where memory is short.
  package convenience init?(_ image: Image, _ rectangle: TileRectangle, known: [Plane] = []) {
    self.init(
      rows: rectangle.height, columns: rectangle.width,
      colours: known.count + image.planes.count, knownColours: known.count)
    place(known: known, rectangle)
    fill(image.planes, from: known.count, rectangle.clamped(to: image))
  }

  /// Puts the planes that both sides know in their places.
  ///
  /// - Parameters:
  ///   - planes: `knownColours` of them, each of the image's size.
  ///   - rectangle: the tile's place in the image.
  package func place(known planes: [Plane], _ rectangle: TileRectangle) {
    let planes = Array(planes.prefix(knownColours))
    guard !planes.isEmpty else { return }
    fill(planes, from: 0, rectangle.clamped(to: Image(.gray8, planes: planes)))
  }

  private func fill(_ planes: [Plane], from first: Int, _ part: TileRectangle) {
    for (colour, plane) in planes.enumerated() where part.width > 0 {
      plane.samples.withUnsafeBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        for row in 0..<part.height {
          (self.plane(first + colour) + row * columns).update(
            from: base + ((part.row + row) * plane.width + part.column), count: part.width)
        }
      }
    }
  }

  /// A whole image; nil where memory is short.
  package convenience init?(_ image: Image) {
    self.init(
      image, TileRectangle(row: 0, column: 0, height: image.height, width: image.width))
  }

  deinit { free(values) }

  /// Bytes that a tile takes.
  package static func memory(rows: Int, columns: Int, colours: Int) -> Int {
    rows * columns * colours
  }

  /// The values of a colour: [row][column].
  package func plane(_ colour: Int) -> UnsafeMutablePointer<UInt8> {
    values + colour &* rows &* columns
  }

  /// Where the values of a diagonal's pixels are: that of `row` at [row * step].
  ///
  /// No reference is counted when one is read or written; threads would be in each other's way.
  package func values(
    diagonal t: Int, colour: Int, in order: CodeOrder
  ) -> (base: UnsafeMutablePointer<UInt8>, step: Int) {
    (plane(colour) + t, columns &- order.shear)
  }

  /// Writes the values that are not known into an image, in the tile's place there. What falls
  /// outside is dropped.
  ///
  /// - Parameters:
  ///   - image: of as many planes.
  ///   - row: of the tile's first pixel in it; below 0 where the image begins inside of the tile.
  ///   - column: of the tile's first pixel in it.
  package func write(to image: inout Image, row: Int, column: Int) {
    guard image.isWhole,
      let part = TileRectangle(row: row, column: column, height: rows, width: columns)
        .intersection(TileRectangle(row: 0, column: 0, height: image.height, width: image.width))
    else { return }
    for colour in 0..<min(colours - knownColours, image.planes.count) {
      let width = image.planes[colour].width
      let source = plane(knownColours + colour) + (part.row - row) * columns + part.column - column
      image.planes[colour].samples.withUnsafeMutableBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        for row in 0..<part.height {
          (base + ((part.row + row) * width + part.column)).update(
            from: source + row * columns, count: part.width)
        }
      }
    }
  }

  /// Puts the pixels of a small image in their places, as the decoder does before the tile; what
  /// falls outside is dropped.
  ///
  /// - Parameters:
  ///   - image: pixel (i, j) is that of the tile at (`scale` i, `scale` j).
  ///   - rectangle: the part of it that lies under the tile.
  ///   - scale: at least 1.
  package func place(small image: Image, _ rectangle: TileRectangle, scale: Int) {
    let part = rectangle.clamped(to: image)
    for colour in 0..<min(colours, image.planes.count) {
      let target = plane(colour)
      let source = image.planes[colour]
      for row in 0..<min(part.height, (rows + scale - 1) / scale) {
        for column in 0..<min(part.width, (columns + scale - 1) / scale) {
          target[scale * (row * columns + column)] =
            source.samples[(part.row + row) * source.width + part.column + column]
        }
      }
    }
  }
}

extension Image {
  /// Whether all planes have as many samples as the size says.
  fileprivate var isWhole: Bool {
    planes.allSatisfy {
      $0.width == width && $0.height == height && $0.samples.count == width * height
    }
  }
}

extension TileRectangle {
  /// The part of it that lies in an image, from its own first row and column on; empty if that is
  /// outside, or a plane has not as many samples as its size says.
  fileprivate func clamped(to image: Image) -> TileRectangle {
    guard image.isWhole, row >= 0, column >= 0, row < image.height, column < image.width else {
      return TileRectangle(row: 0, column: 0, height: 0, width: 0)
    }
    return TileRectangle(
      row: row, column: column, height: min(height, image.height - row),
      width: min(width, image.width - column))
  }
}
