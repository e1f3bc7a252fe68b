import Bytes
import CPNGShims
import ImagePlanes
import Platform

/// How the rows of a new PNG file are filtered.
public enum FilterChoice: Sendable {
  /// As most encoders do: each row with the filter whose sum is least; rows of palette indices and
  /// of fewer than 8 bits with none.
  case leastSums
  /// With the way that deflates best on a sample of the rows: one filter for all, or the least
  /// sum; of very long rows, with the least sum.
  case tried

  /// In the place of a filter type: each row has the filter whose sum is least.
  static let anyType = Int(PRN_FILTERS)
  /// Bytes of the sample, about: an eighth of the image, as far as that allows.
  private static let sampleSizes = 1 << 16...1 << 18
  private static let samplePart = 8
  /// Rows of it at most.
  private static let sampleRows = 1 << 12
  /// Pieces that the sample is of, spread over the image.
  private static let pieces = 8
  /// Bytes of a row at most, for a sample; of longer ones, each has the filter with the least sum.
  private static let longestTried = 1 << 20
  /// Beyond it zlib takes longer, and finds the same filter the best.
  private static let highestLevel = 6
  /// zlib's level of pictures that deflate to less than a part of their size; of others, it would
  /// take twice the time for a few bytes.
  private static let smallLevel = 6, smallPart = 4

  /// How the rows of an image are filtered and deflated.
  struct Settings: Equatable {
    /// A filter type, or `anyType`.
    var filter: Int
    /// zlib's.
    var level: Int
  }

  /// Chooses for the rows of an image.
  ///
  /// Complexity: O(width + the sample), whatever the height.
  ///
  /// - Parameters:
  ///   - image: of a format that PNG has; of an interlaced one, the rows of the whole image count.
  ///   - level: zlib's, or nil for the one that suits; of level 0, no filter has any use.
  ///   - threads: to work on.
  /// - Returns: what to do.
  /// - Throws: `PNGError.outOfMemory`.
  func settings(for image: Image, level: Int?, threads: Int = 1) throws(PNGError) -> Settings {
    let level = level.map { min(max($0, 0), 9) }
    guard level != 0 else { return Settings(filter: 0, level: 0) }
    let rowBytes = 1 + image.format.pngRowBytes(width: image.width)
    guard self == .tried, rowBytes <= Self.longestTried else {
      let hasFilters = image.format.channels != .palette && image.format.depth >= 8
      return Settings(filter: hasFilters ? Self.anyType : 0, level: level ?? PNGFile.defaultLevel)
    }
    let tried = min(level ?? PNGFile.defaultLevel, Self.highestLevel)
    let pieces = Self.pieces(of: image)
    let sizes: [(before: Int, after: Int)]
    let sampleBytes = pieces.reduce(0) { $0 + $1.count * rowBytes }
    do {
      // Of all threads at once.
      try Memory.check((Self.anyType + 1) * (3 * sampleBytes + 6 * rowBytes))
      sizes = try SideBySide.map(Self.anyType + 1, threads: threads) { type throws(OutOfMemory) in
        let rows = FilteredRows(image, isInterlaced: false, filter: type, below: [])
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sampleBytes)
        for piece in pieces { bytes += try rows.bytes(of: piece) }
        let deflated = try ImageDataWriter.block([], bytes[...], level: tried, isLast: true)
        return (bytes.count, deflated.count)
      }
    } catch {
      throw .outOfMemory(error)
    }
    let best = sizes.indices.min { sizes[$0].after < sizes[$1].after } ?? 0
    let isSmall = sizes[best].after < sizes[best].before / Self.smallPart
    return Settings(
      filter: best, level: level ?? (isSmall ? Self.smallLevel : PNGFile.defaultLevel))
  }

  /// The rows of the sample.
  private static func pieces(of image: Image) -> [Range<Int>] {
    let rowBytes = 1 + image.format.pngRowBytes(width: image.width)
    let part = rowBytes.multipliedReportingOverflow(by: image.height).partialValue / samplePart
    let size = min(max(part, sampleSizes.lowerBound), sampleSizes.upperBound)
    let rows = max(1, min(image.height, size / rowBytes, sampleRows))
    if rows == image.height { return [0..<rows] }
    let pieceRows = max(1, rows / pieces)
    let count = (rows + pieceRows - 1) / pieceRows
    return (0..<count).map { piece in
      let first = count == 1 ? 0 : (image.height - pieceRows) * piece / (count - 1)
      return first..<min(first + pieceRows, image.height)
    }
  }
}
