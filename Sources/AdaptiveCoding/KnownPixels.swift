import ImagePlanes

/// Pixels of an image that are known before the others are decoded.
package struct KnownPixels: Sendable {
  /// Where they are.
  package let rectangles: [TileRectangle]
  /// An image of the same size, in which they are right.
  private let image: Image

  /// - Parameters:
  ///   - rectangles: inside of the image.
  ///   - image: in which these pixels are right.
  package init(_ rectangles: [TileRectangle], of image: Image) {
    self.rectangles = rectangles
    self.image = image
  }

  /// A byte for each pixel of the image, that is not 0 where it is known; empty if the tile is not
  /// the whole image.
  func mask(_ tile: TileRectangle) -> [UInt8] {
    guard tile == TileRectangle(row: 0, column: 0, height: image.height, width: image.width) else {
      return []
    }
    var mask = [UInt8](repeating: 0, count: image.width * image.height)
    for rectangle in rectangles {
      for row in rectangle.row..<min(rectangle.row + rectangle.height, image.height) {
        let first = row * image.width + rectangle.column
        let width = min(rectangle.width, image.width - rectangle.column)
        for index in first..<(first + width) { mask[index] = 1 }
      }
    }
    return mask
  }

  /// Puts them into a tile of the whole image.
  func place(in tile: Tile) {
    guard tile.rows == image.height, tile.columns == image.width else { return }
    tile.place(
      small: image, TileRectangle(row: 0, column: 0, height: image.height, width: image.width),
      scale: 1)
  }
}
