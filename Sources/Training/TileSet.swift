import ImagePlanes

/// The tiles of mosaics, in raster order, mosaic by mosaic: each an image of its own.
///
/// A mosaic whose file name ends in two numbers, `-INDEX-COUNT.png`, has COUNT tiles, and fillings
/// behind them; any other has as many as lie in it whole.
public struct TileSet: Sendable {
  private let mosaics: [Image]
  /// Tiles of the mosaics up to each.
  private let ends: [Int]
  /// Side of a tile in pixels.
  public let side: Int

  /// - Parameters:
  ///   - photos: the mosaics.
  ///   - side: of a tile, in pixels; at least 1.
  public init(_ photos: PhotoFolder, side: Int) {
    self.init(mosaics: photos.images, paths: photos.paths, side: side)
  }

  /// The tiles of these mosaics, in files of these paths.
  init(mosaics: [Image], paths: [String], side: Int) {
    self.mosaics = mosaics
    self.side = max(side, 1)
    var end = 0
    var ends: [Int] = []
    for (mosaic, path) in zip(mosaics, paths) {
      let whole = mosaic.width / self.side * (mosaic.height / self.side)
      end += min(whole, Self.tileCount(path: path) ?? whole)
      ends.append(end)
    }
    self.ends = ends
  }

  /// COUNT of a path that ends in `-INDEX-COUNT.png`.
  static func tileCount(path: String) -> Int? {
    guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else {
      return nil
    }
    let parts = name[..<dot].split(separator: "-")
    guard parts.count >= 3, let count = Int(parts[parts.count - 1]),
      Int(parts[parts.count - 2]) != nil
    else { return nil }
    return max(count, 0)
  }

  /// Tiles of each mosaic.
  public var counts: [Int] { zip(ends, [0] + ends).map { $0 - $1 } }

  /// How many there are.
  public var count: Int { ends.last ?? 0 }

  /// Tile `index`, 0 ..< `count`. Complexity: O(pixels of a tile).
  public subscript(index: Int) -> Image {
    let k = min(ends.partitioningIndex { $0 > index }, mosaics.count - 1)
    let (mosaic, first) = (mosaics[k], k > 0 ? ends[k - 1] : 0)
    let columns = mosaic.width / side
    let row = (index - first) / columns * side
    let column = (index - first) % columns * side
    let rectangle = TileRectangle(row: row, column: column, height: side, width: side)
    return mosaic.mappingPlanes { $0.crop(rectangle) }
  }

  /// At most `limit` of them, spread evenly.
  public func images(limit: Int = .max) -> [Image] {
    let number = min(count, max(limit, 0))
    return (0..<number).map { self[$0 * count / number] }
  }
}
