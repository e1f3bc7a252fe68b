import CEntropyCoding
import Glibc

/// The bits that each value of some planes takes, noted while the planes are decoded.
///
///     decoder.note(in: costs, row: 0, column: 0, planes: [0, 1, 2])
///
/// Decoders of different tiles, and of the lanes of one, may note at the same time: each value is
/// noted by one of them.
package final class CostPlanes: @unchecked Sendable {
  // Unchecked: no two threads write the same cell, and whoever reads comes behind them.
  /// Planes, columns and rows.
  package let count: Int, width: Int, height: Int
  private let cells: UnsafeMutablePointer<Float>

  /// Bits of a cell.
  package static let cellSize = MemoryLayout<Float>.stride

  /// Planes of zeros; nil where memory is short or a size is below 0.
  package init?(count: Int, width: Int, height: Int) {
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    let (size, isTooLarge) = area.multipliedReportingOverflow(by: count)
    guard count >= 0, width >= 0, height >= 0, !overflow, !isTooLarge,
      let memory = calloc(max(size, 1), Self.cellSize)
    else { return nil }
    (self.count, self.width, self.height) = (count, width, height)
    cells = memory.bindMemory(to: Float.self, capacity: max(size, 1))
  }

  deinit { free(cells) }

  /// The bits of a plane, [row][column]; of a plane that does not exist, none.
  package subscript(plane: Int) -> UnsafeBufferPointer<Float> {
    guard (0..<count).contains(plane) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: cells + plane * width * height, count: width * height)
  }

  /// All bits of a plane.
  ///
  /// Complexity: O(cells).
  package func sum(_ plane: Int) -> Double { self[plane].reduce(0) { $0 + Double($1) } }

  /// Adds the bits of a small image, whose pixel (i, j) is (`scale` i, `scale` j) of this one.
  ///
  /// Complexity: O(cells of `small`).
  package func add(_ small: CostPlanes, scale: Int) {
    guard scale >= 1, (small.width - 1) * scale < width, (small.height - 1) * scale < height else {
      return
    }
    for plane in 0..<min(count, small.count) {
      let bits = small[plane]
      for row in 0..<small.height {
        for column in 0..<small.width {
          cells[(plane * height + row * scale) * width + column * scale] +=
            bits[row * small.width + column]
        }
      }
    }
  }

  /// For C: the cells of a tile whose first pixel is at (`row`, `column`).
  func notes(
    row: Int, column: Int, _ planes: [Int?], _ shared: Int?, before: Double
  ) -> prn_costs {
    func cell(_ codecPlane: Int) -> UnsafeMutablePointer<Float>? {
      let plane = codecPlane < planes.count ? planes[codecPlane] : nil
      return first(codecPlane == Int(PRN_COSTS_SHARED) ? shared : plane, row, column)
    }
    return prn_costs(
      planes: (cell(0), cell(1), cell(2), cell(3), cell(4)), stride: width, before: before)
  }

  private func first(_ plane: Int?, _ row: Int, _ column: Int) -> UnsafeMutablePointer<Float>? {
    guard let plane, (0..<count).contains(plane), (0..<height).contains(row),
      (0..<width).contains(column)
    else { return nil }
    return cells + (plane * height + row) * width + column
  }
}
