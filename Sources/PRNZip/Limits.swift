import Mixing
import ImagePlanes
import PNGFile
import PixelNetwork

/// How much of the machine an image may ask for (FORMAT.md, section 1.1).
public struct Limits: Equatable, Sendable {
  /// Pixels of an image; 2^30 unless told otherwise.
  public var maximumPixels: Int
  /// Bytes of working memory for a tile; 2^31 unless told otherwise.
  public var maximumTileBytes: Int

  /// Limits; the defaults are those of the reference.
  public init(maximumPixels: Int = 1 << 30, maximumTileBytes: Int = 1 << 31) {
    self.maximumPixels = maximumPixels
    self.maximumTileBytes = maximumTileBytes
  }

  /// Checks the size of an image.
  func check(width: Int, height: Int) throws(PRNZipError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels else {
      throw .limitExceeded(
        what: "pixels", value: overflow ? .max : pixels, limit: maximumPixels)
    }
  }

  /// Checks the number of tiles, of which each takes some time, however small it is.
  func check(tiles: TileGrid) throws(PRNZipError) {
    let limit = max(maximumPixels / Self.fewestPixels, 1024)
    guard tiles.count <= limit else {
      throw .limitExceeded(what: "tiles", value: tiles.count, limit: limit)
    }
  }

  /// As how many pixels a tile counts at least.
  private static let fewestPixels = 256

  /// Checks the working memory of the largest tile of a grid, coded with these mixings at once.
  func check(
    tileOf network: PixelCNN, _ mixings: [MixingParameters], _ grid: TileGrid
  ) throws(PRNZipError) {
    let rectangle = grid[0]
    let bytes = TileCodec.workingBytes(
      model: network, mixings: mixings, rows: rectangle.height, columns: rectangle.width)
    guard bytes <= maximumTileBytes else {
      throw .limitExceeded(what: "bytes for a tile", value: bytes, limit: maximumTileBytes)
    }
  }

  /// The same for `PNGFile`.
  var png: PNGLimits { PNGLimits(maximumPixels: maximumPixels) }
}
