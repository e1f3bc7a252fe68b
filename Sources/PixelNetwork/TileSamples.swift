import Bytes
import ImagePlanes

/// The values of a tile: all known (encoder), or filled in code order (decoder).
///
/// Threads may read and write it at the same time as long as no value is read that is being written.
public final class TileSamples: @unchecked Sendable {
  /// The tile's size in pixels.
  public let rows: Int, columns: Int
  /// R, G and B, each [row][column]; all the same for a gray tile.
  let planes:
    (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)
  private let storage: UnsafeMutablePointer<UInt8>
  /// 1 or 3.
  public let colours: Int

  /// A black tile; sizes below 1 count as 1.
  public init(rows: Int, columns: Int, colours: Int = 3) {
    self.rows = max(rows, 1)
    self.columns = max(columns, 1)
    self.colours = colours == 1 ? 1 : 3
    let count = self.rows * self.columns
    storage = UnsafeMutablePointer.allocate(capacity: self.colours * count)
    storage.initialize(repeating: 0, count: self.colours * count)
    planes =
      colours == 1
      ? (storage, storage, storage) : (storage, storage + count, storage + 2 * count)
  }

  /// The values of `image`; planes that it lacks are black.
  public convenience init(_ image: Image, colours: Int = 3) {
    self.init(rows: image.height, columns: image.width, colours: colours)
    let count = image.width * image.height
    for (colour, plane) in image.planes.prefix(self.colours).enumerated() {
      for (i, value) in plane.samples.prefix(count).enumerated() {
        storage[colour * rows * columns + i] = value
      }
    }
  }

  deinit { storage.deallocate() }

  /// The values as an image of a format with as many planes. Complexity: O(pixels).
  public func image(_ format: PixelFormat) throws(OutOfMemory) -> Image {
    var image = try Image(format, width: columns, height: rows)
    let count = rows * columns
    for colour in 0..<min(colours, image.planes.count) {
      image.planes[colour].samples.withUnsafeMutableBufferPointer { target in
        target.baseAddress?.update(from: storage + colour * count, count: count)
      }
    }
    return image
  }

  /// x_colour(row, column).
  @inline(__always)
  func plane(_ colour: Int) -> UnsafeMutablePointer<UInt8> {
    storage + colour &* rows &* columns
  }
}
