import AdaptiveCoding
import Container
import ImagePlanes
import TileCoding

/// Where a picture may have photographs in it: rectangles that cost much as graphics.
struct PatchFinder {
  private let rows: Int, columns: Int
  /// Of each block, whether it may belong to a photograph: [row][column].
  private var isCostly: [Bool]

  /// Bits of a sample from which on a block is like a photograph.
  private static let leastBits = 1.5
  /// Blocks of a patch at least.
  private static let fewestBlocks = 6

  /// - Parameters:
  ///   - costs: of `GraphicsTileCodec.costs`.
  ///   - image: the coded planes.
  init(_ costs: [UInt64], of image: Image) {
    let side = GraphicsTileCodec.blockSide
    rows = (image.height + side - 1) / side
    columns = (image.width + side - 1) / side
    let samples = Double(side * side * max(image.planes.count, 1))
    isCostly = costs.map { Double($0) / 256 >= Self.leastBits * samples }
  }

  /// The share of blocks that are like a photograph, 0 to 1.
  var share: Double {
    Double(isCostly.reduce(0) { $0 + ($1 ? 1 : 0) }) / Double(max(isCostly.count, 1))
  }

  /// The patches: bounding boxes of blocks that touch, as far as they do not overlap.
  ///
  /// Complexity: O(blocks + patches^2).
  func patches() -> [Group.Patch] {
    var isSeen = [Bool](repeating: false, count: isCostly.count)
    var found: [Group.Patch] = []
    for start in isCostly.indices where isCostly[start] && !isSeen[start] {
      let (box, blocks) = component(from: start, &isSeen)
      let isDense = 2 * blocks >= box.height * box.width
      if blocks >= Self.fewestBlocks, isDense, !found.contains(where: { $0.overlaps(box) }) {
        found.append(box)
      }
      if found.count == Group.mostPatches { break }
    }
    return found
  }

  private func component(
    from start: Int, _ isSeen: inout [Bool]
  ) -> (box: Group.Patch, blocks: Int) {
    var (top, bottom) = (start / columns, start / columns)
    var (left, right) = (start % columns, start % columns)
    var blocks = 0
    var stack = [start]
    isSeen[start] = true
    while let block = stack.popLast() {
      let (row, column) = (block / columns, block % columns)
      (top, bottom) = (min(top, row), max(bottom, row))
      (left, right) = (min(left, column), max(right, column))
      blocks += 1
      for (r, c) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
      where r >= 0 && r < rows && c >= 0 && c < columns {
        let next = r * columns + c
        if isCostly[next], !isSeen[next] {
          isSeen[next] = true
          stack.append(next)
        }
      }
    }
    let box = Group.Patch(
      row: top, column: left, height: bottom - top + 1, width: right - left + 1)
    return (box, blocks)
  }

  /// Bytes that a patch took as graphics.
  func bytes(of patch: Group.Patch, _ costs: [UInt64]) -> Int {
    var bits: UInt64 = 0
    for row in patch.row..<(patch.row + patch.height) {
      for column in patch.column..<(patch.column + patch.width) {
        bits += costs[row * columns + column]
      }
    }
    return Int(bits >> 11)
  }
}

extension Group.Patch {
  /// Whether it has pixels of another one.
  fileprivate func overlaps(_ other: Group.Patch) -> Bool {
    row < other.row + other.height && other.row < row + height
      && column < other.column + other.width && other.column < column + width
  }

  /// Its pixels, of an image of this size.
  func rectangle(width imageWidth: Int, height imageHeight: Int) -> TileRectangle {
    let unit = Group.patchUnit
    return TileRectangle(
      row: row * unit, column: column * unit, height: min(height * unit, imageHeight - row * unit),
      width: min(width * unit, imageWidth - column * unit))
  }
}
