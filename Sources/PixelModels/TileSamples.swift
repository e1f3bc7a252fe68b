import ImagePlanes

/// The values of a tile: all known (encoder), or filled in code order (decoder).
///
/// Threads may read and write it at the same time as long as no value is read that is being written.
public final class TileSamples: @unchecked Sendable {
  /// The tile's size in pixels.
  public let rows: Int, columns: Int
  /// R, G and B, each [row][column].
  let planes:
    (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)
  private let storage: UnsafeMutablePointer<UInt8>

  /// A black tile; sizes below 1 count as 1.
  public init(rows: Int, columns: Int) {
    self.rows = max(rows, 1)
    self.columns = max(columns, 1)
    let count = self.rows * self.columns
    storage = UnsafeMutablePointer.allocate(capacity: 3 * count)
    storage.initialize(repeating: 0, count: 3 * count)
    planes = (storage, storage + count, storage + 2 * count)
  }

  /// The values of `image`.
  public convenience init(_ image: Image) {
    self.init(rows: image.height, columns: image.width)
    let count = image.width * image.height
    for (colour, plane) in image.planes.prefix(3).enumerated() {
      for (i, value) in plane.samples.prefix(count).enumerated() {
        storage[colour * rows * columns + i] = value
      }
    }
  }

  deinit { storage.deallocate() }

  /// The values as an image. Complexity: O(pixels).
  public func image() -> Image {
    var image = Image(width: columns, height: rows)
    let count = rows * columns
    for colour in 0..<3 {
      image.planes[colour].samples = Array(
        UnsafeBufferPointer(start: storage + colour * count, count: count))
    }
    return image
  }

  /// x_colour(row, column).
  @inline(__always)
  func plane(_ colour: Int) -> UnsafeMutablePointer<UInt8> {
    storage + colour &* rows &* columns
  }
}
