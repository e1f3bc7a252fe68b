import Bytes
import CPNGShims
import ImagePlanes

/// How the rows of a new PNG file are filtered.
public enum FilterChoice: Sendable {
  /// As libpng does by itself: each row with the filter whose sum is least; rows of palette indices
  /// and of fewer than 8 bits with none.
  case libpng
  /// With the way that deflates best on a sample of the rows: one filter for all, or the least sum.
  case tried

  /// In the place of a filter type: each row has the filter whose sum is least.
  static let leastSums = Int(PRN_FILTERS)
  /// Bytes of the sample, about.
  private static let sampleSize = 1 << 18
  /// Rows of it at most.
  static let sampleRows = 1 << 12
  /// Pieces that the sample is of, spread over the image.
  private static let pieces = 8
  /// Beyond it zlib takes longer, and finds the same filter the best.
  private static let highestLevel = 6
  /// zlib's level of pictures that deflate to less than a part of their size; of others, it would
  /// take twice the time for a few bytes.
  private static let smallLevel = 6, smallPart = 4

  /// How the rows of an image are filtered and deflated.
  struct Settings: Equatable {
    /// A filter type, or `leastSums`; nil for what libpng does.
    var filter: Int?
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
  /// - Returns: what to do.
  /// - Throws: `PNGError.outOfMemory`.
  func settings(for image: Image, level: Int?) throws(PNGError) -> Settings {
    let level = level.map { min(max($0, 0), 9) }
    guard self == .tried else { return Settings(level: level ?? PNGFile.defaultLevel) }
    guard level != 0 else { return Settings(filter: 0, level: 0) }
    let sample = try FilterSample(of: image, size: Self.sampleSize, pieces: Self.pieces)
    let tried = min(level ?? PNGFile.defaultLevel, Self.highestLevel)
    var best = (filter: 0, size: Int.max)
    for filter in 0...Self.leastSums {
      let size = try sample.size(filter: filter, level: tried)
      if size < best.size { best = (filter, size) }
    }
    let isSmall = best.size < sample.byteCount / Self.smallPart
    return Settings(
      filter: best.filter, level: level ?? (isSmall ? Self.smallLevel : PNGFile.defaultLevel))
  }
}

/// Some rows of an image, as PNG has their bytes.
private struct FilterSample {
  /// Rows that follow each other, the one above the first, or zeros, before them.
  private var pieces: [[[UInt8]]] = []
  private let rowBytes: Int

  /// Bytes before they are deflated.
  var byteCount: Int { pieces.reduce(0) { $0 + ($1.count - 1) * rowBytes } }

  private let step: Int

  init(of image: Image, size: Int, pieces count: Int) throws(PNGError) {
    let layout = RowLayout(
      width: image.width, height: image.height, format: image.format, isInterlaced: false)
    step = layout.step
    rowBytes = layout.longestRow
    guard let pass = layout.passes.first else { return }
    let rows = max(
      1, min(image.height, size / max(rowBytes, 1), FilterChoice.sampleRows))
    let pieceRows = rows == image.height ? rows : max(1, rows / count)
    let sampleBytes = image.planes.count * image.width
    do {
      try Memory.check((2 * rows + count) * rowBytes + sampleBytes)
    } catch {
      throw .outOfMemory(error)
    }
    var samples = [UInt8](repeating: 0, count: sampleBytes)
    func bytes(of index: Int) -> [UInt8] {
      var row = [UInt8](repeating: 0, count: rowBytes)
      guard index >= 0 else { return row }
      samples.withUnsafeMutableBufferPointer { samples in
        image.copyRow(index, of: pass, to: samples)
        row.withUnsafeMutableBufferPointer { layout.pack(samples, of: pass, into: $0) }
      }
      return row
    }
    let number = (rows + pieceRows - 1) / pieceRows
    for piece in 0..<number {
      let first = number == 1 ? 0 : (image.height - pieceRows) * piece / (number - 1)
      pieces.append((first - 1..<min(first + pieceRows, image.height)).map(bytes))
    }
  }

  /// Bytes of the deflated sample.
  ///
  /// - Throws: `PNGError.outOfMemory`.
  func size(filter: Int, level: Int) throws(PNGError) -> Int {
    guard let deflater = prn_deflater_create(Int32(level), 15, 8, 0) else {
      throw .outOfMemory(.ofLibrary)
    }
    defer { prn_deflater_destroy(deflater) }
    var filtered = [UInt8](repeating: 0, count: 1 + rowBytes)
    var stream = [UInt8](repeating: 0, count: 1 << 12)
    var size = 0
    func take(_ flush: Int32) {
      stream.withUnsafeMutableBufferPointer { stream in
        var count = stream.count
        while count == stream.count {
          count = prn_deflater_take(deflater, flush, stream.baseAddress, stream.count)
          size += count
        }
      }
    }
    for piece in pieces {
      for (prior, row) in zip(piece, piece.dropFirst()) {
        let type = filter < FilterChoice.leastSums ? filter : leastSum(row, prior)
        filtered.withUnsafeMutableBufferPointer { filtered in
          guard let base = filtered.baseAddress else { return }
          base[0] = UInt8(truncatingIfNeeded: type)
          prn_filter_row(Int32(type), row, prior, rowBytes, step, base + 1)
          prn_deflater_give(deflater, base, filtered.count)
          take(0)
        }
      }
    }
    prn_deflater_give(deflater, nil, 0)
    take(4)
    return size
  }

  /// The filter whose sum is least, the first of several.
  private func leastSum(_ row: [UInt8], _ prior: [UInt8]) -> Int {
    var sums = [UInt64](repeating: 0, count: FilterChoice.leastSums)
    prn_filter_sums(row, prior, rowBytes, step, &sums)
    return sums.indices.min { sums[$0] < sums[$1] } ?? 0
  }
}
