import Bytes
import CPNGShims
import ImagePlanes

extension PNGRecipe {
  /// Finds a recipe of a PNG file.
  ///
  /// The settings of zlib are found by trying: first on a part of the data, then those that agree
  /// on all of it. Complexity: O(pixels) where zlib made the file, which takes as long as it took
  /// then, up to some times; else it ends early.
  ///
  /// - Parameters:
  ///   - png: the file.
  ///   - limits: of the image; `maximumBytes` bounds the image data that is held, too.
  ///   - isCancelled: is asked at each row whether to end early.
  /// - Returns: nil if there is none, or none that is small: of most files that other libraries
  ///   than zlib made, and of those whose image data is damaged.
  /// - Throws: what `PNGFile.inspect` throws; `tooMuchMemory`, `outOfMemory`, and
  ///   `reading(.cancelled)`.
  public static func find(
    _ png: [UInt8], limits: PNGLimits = PNGLimits(), isCancelled: () -> Bool = { false }
  ) throws(PNGError) -> PNGRecipe? {
    let information = try PNGFile.inspect(png, limits: limits)
    guard (try? PNGFile.split(information.metadata, of: information.pixelFormat)) != nil else {
      return nil
    }
    let layout = RowLayout(
      width: information.width, height: information.height, format: information.pixelFormat,
      isInterlaced: information.isInterlaced)
    let walker = ChunkWalker(source: ArraySource(png), limits: limits)
    let search = try StreamSearch(walker, layout, limits: limits)
    guard let search, let rows = Rows(search.data, layout) else { return nil }
    guard let (method, patches) = try search.method(isCancelled) else { return nil }
    return PNGRecipe(
      isInterlaced: information.isInterlaced,
      filters: RowFilters(rows.types, orders: rows.orders),
      padding: rows.padding, method: method, header: Array(search.stream.prefix(2)),
      lengths: ChunkLengths(search.lengths), patches: patches)
  }
}

/// What can be told of the rows of image data.
private struct Rows {
  /// The filter type of each.
  private(set) var types: [UInt8] = []
  /// Of `FilterSums`, of each; none if all types are equal.
  private(set) var orders: [UInt32] = []
  /// The bits behind the samples, of each; none if all are 0.
  private(set) var padding: [UInt8] = []

  /// It is nil if a filter type is none.
  ///
  /// - Parameters:
  ///   - data: all rows.
  ///   - layout: of these rows.
  init?(_ data: [UInt8], _ layout: RowLayout) {
    var offset = 0
    var hasPadding = false
    for pass in layout.passes {
      let count = layout.rowBytes(pass)
      hasPadding = hasPadding || layout.padding(pass) != 0
      for _ in 0..<pass.height {
        types.append(data[offset])
        offset += 1 + count
      }
    }
    guard types.allSatisfy({ $0 < PRN_FILTERS }) else { return nil }
    let isChoice = types.contains { $0 != types[0] }
    guard isChoice || hasPadding else { return }
    unfilter(data, layout, isChoice: isChoice)
    if padding.allSatisfy({ $0 == 0 }) { padding = [] }
  }

  /// Undoes the filters row by row.
  private mutating func unfilter(_ data: [UInt8], _ layout: RowLayout, isChoice: Bool) {
    var offset = 0
    var number = 0
    let longest = layout.longestRow
    var row = [UInt8](repeating: 0, count: longest)
    for pass in layout.passes {
      let count = layout.rowBytes(pass)
      let mask = layout.padding(pass)
      var prior = [UInt8](repeating: 0, count: longest)
      for _ in 0..<pass.height {
        row.withUnsafeMutableBufferPointer { row in
          for i in 0..<count { row[i] = data[offset + 1 + i] }
          prn_unfilter_row(Int32(types[number]), row.baseAddress, prior, count, layout.step)
        }
        if isChoice {
          orders.append(FilterSums.order(row, prior: prior, count: count, step: layout.step))
        }
        padding.append(row[count - 1] & mask)
        swap(&row, &prior)
        offset += 1 + count
        number += 1
      }
    }
  }
}
