import Bytes
import CPNGShims
import ImagePlanes

/// The rows of an image as PNG has them, filtered: each a filter type and its bytes.
struct FilteredRows: Sendable {
  private let image: Image
  private let layout: RowLayout
  /// A filter type, or `FilterChoice.anyType`.
  private let filter: Int
  /// Bytes of the row above the first one; none if it is the first of the file.
  private let prior: [UInt8]
  /// Rows of all passes before each pass.
  private let starts: [Int]

  /// Rows of all passes.
  var count: Int { layout.rowCount }

  /// Bytes of all of them.
  var size: Int { layout.size }

  /// Bytes that `bytes` takes beside what it returns.
  var workBytes: Int { image.planes.count * image.width + 3 * layout.longestRow }

  init(_ image: Image, isInterlaced: Bool, filter: Int, below prior: [UInt8]) {
    self.image = image
    self.filter = filter
    self.prior = prior
    layout = RowLayout(
      width: image.width, height: image.height, format: image.format, isInterlaced: isInterlaced)
    var count = 0
    starts = layout.passes.map { pass in
      defer { count += pass.height }
      return count
    }
  }

  /// Rows, counted through all passes. Complexity: O(bytes).
  ///
  /// - Throws: `OutOfMemory`.
  func bytes(of range: Range<Int>) throws(OutOfMemory) -> [UInt8] {
    let longest = layout.longestRow
    let (most, overflow) = range.count.multipliedReportingOverflow(by: longest + 1)
    guard !overflow else { throw OutOfMemory(bytes: .max) }
    try Memory.check(most + workBytes)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(most)
    var samples = [UInt8](repeating: 0, count: image.planes.count * image.width)
    var (row, above) = ([UInt8](repeating: 0, count: longest), [UInt8]())
    var filtered = row
    var pass = starts.lastIndex { $0 <= range.lowerBound } ?? 0
    for number in range {
      if pass + 1 < starts.count, number == starts[pass + 1] { pass += 1 }
      let index = number - starts[pass], rows = layout.passes[pass]
      if index == 0 {
        above = number == 0 && !prior.isEmpty ? prior : [UInt8](repeating: 0, count: longest)
      } else if number == range.lowerBound {
        above = row
        image.pack(index - 1, of: rows, layout, through: &samples, into: &above)
      }
      image.pack(index, of: rows, layout, through: &samples, into: &row)
      let length = layout.rowBytes(rows)
      let type =
        filter < FilterChoice.anyType
        ? filter : FilterSums.least(row, prior: above, count: length, step: layout.step)
      bytes.append(UInt8(truncatingIfNeeded: type))
      prn_filter_row(Int32(type), row, above, length, layout.step, &filtered)
      bytes.append(contentsOf: filtered[..<length])
      swap(&row, &above)
    }
    return bytes
  }

  /// Bytes of the last row, without its filter type.
  ///
  /// - Throws: `OutOfMemory`.
  func lastRow() throws(OutOfMemory) -> [UInt8] {
    guard let pass = layout.passes.last else { return prior }
    try Memory.check(workBytes)
    var samples = [UInt8](repeating: 0, count: image.planes.count * image.width)
    var row = [UInt8](repeating: 0, count: layout.longestRow)
    image.pack(pass.height - 1, of: pass, layout, through: &samples, into: &row)
    return row
  }
}

extension FilterSums {
  /// The filter whose sum is least, the first of several.
  static func least(_ row: [UInt8], prior: [UInt8], count: Int, step: Int) -> Int {
    var sums = [UInt64](repeating: 0, count: Int(PRN_FILTERS))
    prn_filter_sums(row, prior, count, step, &sums)
    return sums.indices.min { sums[$0] < sums[$1] } ?? 0
  }
}

extension Image {
  /// Puts a row of a pass into bytes as they are in a file.
  ///
  /// - Parameters:
  ///   - index: of the row in the pass.
  ///   - pass: of the layout.
  ///   - layout: of this image.
  ///   - samples: of a row of the whole image, to work with.
  ///   - row: of the longest row of the layout, without the filter type.
  func pack(
    _ index: Int, of pass: Pass, _ layout: RowLayout, through samples: inout [UInt8],
    into row: inout [UInt8]
  ) {
    samples.withUnsafeMutableBufferPointer { samples in
      copyRow(index, of: pass, to: samples)
      row.withUnsafeMutableBufferPointer { layout.pack(samples, of: pass, into: $0) }
    }
  }
}
