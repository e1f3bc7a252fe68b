import Bytes
import Container
import EntropyCoding
import ImagePlanes
import PNGFile

/// An image, or a strip of one, and how many bits of the file each of its values takes.
///
/// The bits are those that the range coder's state tells of while it decodes, so that they add up
/// to the payloads of the sections but for the one or two bytes that end a stream.
public struct CodingCosts: Sendable {
  /// The row of the image that is its first.
  public let firstRow: Int
  /// The samples.
  public let image: Image
  /// The chunks of the PNG file, with a palette where the image needs one.
  public let chunks: [PNGChunk]
  /// Bytes of the PNG file that decompressing gives; nil of an image in strips, and where that file
  /// cannot be made here.
  public let pngBytes: Int?
  /// What is coded: a group of the header each, in that order.
  public let groups: [Group]

  /// The costs of a group of channels.
  public struct Group: Sendable {
    /// How it is coded.
    public let information: FileInformation.GroupInformation
    /// What its planes are: "red", "luma", "red correction", and last what is coded for all of
    /// them at once; that is nil where there is no such thing.
    public let planes: [String?]
    /// The bits of each plane, summed up.
    public let bits: [Double]
    /// Bytes of the payloads of its sections.
    public let payloadBytes: Int
    /// What it is coded in, in the pixels of the image (or strip), with the bits of each.
    public let tiles: [Tile]
    /// The bits of each value; nil where nothing is coded.
    let values: CostPlanes?
    /// Which row and column of the planes each row and column of the image is of; nil where the
    /// planes have the size of the image.
    let cells: (rows: [Int], columns: [Int])?
  }

  /// A part of an image that is coded on its own.
  public struct Tile: Sendable {
    /// Where it is.
    public let rectangle: TileRectangle
    /// Its codec: that of the group, or "graphics" around patches.
    public let codec: String
    /// What its values take.
    public let bits: Double

    /// A tile with these.
    public init(rectangle: TileRectangle, codec: String, bits: Double) {
      self.rectangle = rectangle
      self.codec = codec
      self.bits = bits
    }
  }
}

extension CodingCosts.Group {
  /// The bits of a plane as bits of pixels: those of a value that several pixels share (of chroma,
  /// say) are split among them.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameter plane: its number in `planes`.
  /// - Returns: [row][column] of the image; nothing where nothing is coded.
  /// - Throws: `OutOfMemory`.
  public func bitsOfPixels(_ plane: Int) throws(OutOfMemory) -> [Float] {
    guard let values, (0..<values.count).contains(plane) else { return [] }
    let bits = values[plane]
    try Memory.check(
      cells.map { $0.rows.count * $0.columns.count } ?? bits.count, of: CostPlanes.cellSize)
    guard let cells else { return Array(bits) }
    let shares = (Self.shares(of: cells.rows), Self.shares(of: cells.columns))
    var pixels: [Float] = []
    pixels.reserveCapacity(cells.rows.count * cells.columns.count)
    for (y, row) in cells.rows.enumerated() {
      for (x, column) in cells.columns.enumerated() {
        pixels.append(bits[row * values.width + column] * shares.0[y] * shares.1[x])
      }
    }
    return pixels
  }

  /// Of each pixel along an axis, which share of its cell is its own.
  private static func shares(of cells: [Int]) -> [Float] {
    var counts = [Int](repeating: 0, count: (cells.max() ?? 0) + 1)
    for cell in cells { counts[cell] += 1 }
    return cells.map { 1 / Float(counts[$0]) }
  }
}

/// Takes what the groups of an image take while they are decoded.
final class CostNotes {
  private let options: Decompressor.Options
  private var started: [(group: Group, sections: PRNFile.GroupSections, values: CostPlanes?)] = []

  init(_ options: Decompressor.Options) { self.options = options }

  /// Where to note a group that is decoded next.
  ///
  /// - Returns: its planes, and one for what they share; nil of a constant group.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func begin(
    _ group: Group, _ sections: PRNFile.GroupSections, of header: Header
  ) throws(PRNZipError) -> CostPlanes? {
    var values: CostPlanes?
    if group.codec != .constant {
      let (width, height) = header.extent(of: group)
      let planes = group.codedPlanes(alpha: header.alphaChannel) + 1
      let bytes = planes * width * height * CostPlanes.cellSize
      guard bytes <= options.limits.maximumBytes else {
        throw .limitExceeded(
          what: "bytes of memory", value: bytes, limit: options.limits.maximumBytes)
      }
      values = try CostPlanes.checked(count: planes, width: width, height: height)
    }
    started.append((group, sections, values))
    return values
  }

  /// What has been noted, of the image that came of it. Then there is nothing any more.
  func take(
    _ image: Image, of header: Header, firstRow: Int, chunks: [PNGChunk], pngBytes: Int? = nil
  ) -> CodingCosts {
    defer { started = [] }
    return CodingCosts(
      firstRow: firstRow, image: image, chunks: chunks, pngBytes: pngBytes,
      groups: started.map { group, sections, values in
        CodingCosts.Group(
          group, values, sections, of: header,
          FileInformation.GroupInformation(group, of: header, sections, options.store))
      })
  }
}
