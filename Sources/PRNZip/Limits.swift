import Bytes
import Container
import ImagePlanes
import PNGFile
import TileCoding

/// How much of the machine the work on an image may take, all threads together (FORMAT.md, section
/// 1.6).
public struct Limits: Equatable, Sendable {
  /// Pixels of an image; 2^30 unless told otherwise.
  public var maximumPixels: Int
  /// Bytes of memory: of the file, of the image and of all tiles in work; 2^33 unless told
  /// otherwise.
  public var maximumBytes: Int

  /// Limits; the defaults are those of the reference.
  public init(maximumPixels: Int = 1 << 30, maximumBytes: Int = 1 << 33) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }

  /// Checks the size of an image.
  package func check(width: Int, height: Int) throws(PRNZipError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels else {
      throw .limitExceeded(
        what: "pixels", value: overflow ? .max : pixels, limit: maximumPixels)
    }
  }

  /// All bytes of a file, if they are not too many.
  ///
  /// - Throws: `PRNZipError.limitExceeded`, `reading`, `outOfMemory`.
  package func all(of source: any ByteSource) throws(PRNZipError) -> [UInt8] {
    guard source.count <= maximumBytes else {
      throw .limitExceeded(what: "bytes of memory", value: source.count, limit: maximumBytes)
    }
    return try PRNZipError.reading { () throws(TransferError) in try source.all() }
  }

  /// As how many pixels a tile counts at least: each takes some time, however small it is.
  private static let fewestPixels = 256
  /// Rows of an image that are held besides it where it is read or written: one of the caller, and
  /// libpng's two.
  private static let rowsBeside = 3
  /// Bytes that the work on a tile may take, whatever its size, and for each of its values.
  private static let tileBytes = (base: 1 << 28, perValue: 1 << 8)

  /// Checks what an image takes, before it is allocated.
  ///
  /// - Throws: `PRNZipError.limitExceeded`.
  func check(image format: PixelFormat, _ header: Header, file: Int) throws(PRNZipError) {
    // Luma, chroma and corrections of a lattice, from which the colours are made.
    let planes = format.planeCount + (header.lattice == nil ? 0 : 6)
    let image = header.width * (header.height + Self.rowsBeside) * planes
    let (all, overflow) = image.addingReportingOverflow(file)
    guard !overflow, all <= maximumBytes else {
      throw .limitExceeded(
        what: "bytes of memory", value: overflow ? .max : all, limit: maximumBytes)
    }
  }

  /// Checks how many tiles there are: each takes some time.
  ///
  /// - Throws: `PRNZipError.limitExceeded`.
  func check(tilesOf sections: TileSections) throws(PRNZipError) {
    let most = max(maximumPixels / Self.fewestPixels, 1024)
    guard sections.tileCount <= most else {
      throw .limitExceeded(what: "tiles", value: sections.tileCount, limit: most)
    }
  }

  /// Checks what coding an image's tiles takes, before anything of it is allocated.
  ///
  /// A tile may take no more than its size accounts for, so that a few bytes of a header cannot ask
  /// for much.
  ///
  /// - Parameters:
  ///   - sections: of the image, in tiles.
  ///   - codec: of the tiles.
  ///   - planes: how many are coded.
  ///   - file: bytes of the file that is read.
  /// - Returns: bytes that are left for all tiles in work.
  /// - Throws: `PRNZipError.limitExceeded`.
  package func check(
    _ sections: TileSections, with codec: some TileCodec, planes: Int, file: Int
  ) throws(PRNZipError) -> Int {
    let grid = sections.grid
    try check(width: grid.width, height: grid.height)
    try check(tilesOf: sections)
    let tile = sections.largestTile
    let bytes = codec.memory(rows: tile.height, columns: tile.width)
    let most =
      Self.tileBytes.base + Self.tileBytes.perValue * tile.height * tile.width * planes
    guard bytes <= most else {
      throw .limitExceeded(what: "bytes for a tile", value: bytes, limit: most)
    }
    let image = grid.width * (grid.height + Self.rowsBeside) * planes
    let (all, overflow) = (image + file).addingReportingOverflow(bytes)
    guard !overflow, all <= maximumBytes else {
      throw .limitExceeded(
        what: "bytes of memory", value: overflow ? .max : all, limit: maximumBytes)
    }
    return maximumBytes - image - file
  }

  /// The limits of `PNGFile`.
  package var png: PNGLimits { PNGLimits(maximumPixels: maximumPixels, maximumBytes: maximumBytes) }
}
