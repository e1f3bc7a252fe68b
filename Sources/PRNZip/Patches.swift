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
  private let fewest: Int

  /// - Parameters:
  ///   - costs: of `GraphicsTileCodec.costs`.
  ///   - image: the coded planes.
  init(_ costs: [UInt64], of image: Image) {
    let side = GraphicsTileCodec.blockSide
    let samples = Double(side * side * max(image.planes.count, 1))
    self.init(costs.map { Double($0) / 256 >= Self.leastBits * samples }, of: image, fewest: 6)
  }

  /// - Parameters:
  ///   - isCostly: of each block, whether it may belong to a photograph: [row][column].
  ///   - image: the coded planes.
  ///   - fewest: blocks of a patch at least.
  init(_ isCostly: [Bool], of image: Image, fewest: Int) {
    let side = GraphicsTileCodec.blockSide
    rows = (image.height + side - 1) / side
    columns = (image.width + side - 1) / side
    self.isCostly = isCostly
    self.fewest = fewest
  }

  /// The share of blocks that are like a photograph, 0 to 1.
  var share: Double {
    Double(isCostly.reduce(0) { $0 + ($1 ? 1 : 0) }) / Double(max(isCostly.count, 1))
  }

  /// The patches: boxes around blocks that touch, dense ones, that do not overlap, in parts of no
  /// more than so many blocks a side; none that has pixels of `others`.
  ///
  /// Complexity: O(blocks * log(blocks) + patches^2) for most pictures.
  func patches(side: Int, besides others: [Group.Patch] = []) -> [Group.Patch] {
    guard side > 0 else { return [] }
    var found: [Group.Patch] = []
    for component in components() {
      for box in boxes(around: component)
      where !(others + found).contains(where: { $0.overlaps(box) }) {
        found += box.parts(side: side)
      }
      if others.count + found.count >= Group.mostPatches { break }
    }
    return Array(found.prefix(max(Group.mostPatches - others.count, 0)))
  }

  /// Costly blocks that touch, by their numbers.
  private func components() -> [[Int]] {
    var isSeen = [Bool](repeating: false, count: isCostly.count)
    var found: [[Int]] = []
    for start in isCostly.indices where isCostly[start] && !isSeen[start] {
      isSeen[start] = true
      var blocks = [start]
      var done = 0
      while done < blocks.count {
        let (row, column) = (blocks[done] / columns, blocks[done] % columns)
        done += 1
        for (r, c) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        where r >= 0 && r < rows && c >= 0 && c < columns {
          let next = r * columns + c
          if isCostly[next], !isSeen[next] {
            isSeen[next] = true
            blocks.append(next)
          }
        }
      }
      if blocks.count >= fewest { found.append(blocks) }
    }
    return found
  }

  /// The bounding box of blocks, if half of it are these; else those of both sides of a cut.
  private func boxes(around blocks: [Int]) -> [Group.Patch] {
    guard blocks.count >= fewest else { return [] }
    let box = bounds(blocks)
    if 2 * blocks.count >= box.height * box.width { return [box] }
    var extents = (
      rows: [Extent](repeating: Extent(), count: box.height),
      columns: [Extent](repeating: Extent(), count: box.width)
    )
    for block in blocks {
      let (row, column) = (block / columns - box.row, block % columns - box.column)
      extents.rows[row].add(column)
      extents.columns[column].add(row)
    }
    let (byRows, byColumns) = (Extent.cut(extents.rows), Extent.cut(extents.columns))
    let isFirst: (Int) -> Bool =
      byRows.area <= byColumns.area
      ? { $0 / columns - box.row < byRows.place } : { $0 % columns - box.column < byColumns.place }
    return boxes(around: blocks.filter(isFirst)) + boxes(around: blocks.filter { !isFirst($0) })
  }

  private func bounds(_ blocks: [Int]) -> Group.Patch {
    var (down, across) = (Extent(), Extent())
    for block in blocks {
      down.add(block / columns)
      across.add(block % columns)
    }
    return Group.Patch(
      row: down.first, column: across.first, height: down.count, width: across.count)
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

/// From where to where numbers go.
private struct Extent {
  private(set) var first = Int.max, last = Int.min

  var count: Int { first > last ? 0 : last - first + 1 }

  mutating func add(_ number: Int) {
    first = min(first, number)
    last = max(last, number)
  }

  mutating func add(_ other: Extent) {
    first = min(first, other.first)
    last = max(last, other.last)
  }

  /// Where to cut lines with these extents in two, so that the boxes around both parts have the
  /// least area; the area is `Int.max` of a single line.
  static func cut(_ lines: [Extent]) -> (place: Int, area: Int) {
    var behind = Extent()
    var areas = lines.indices.reversed().map { place in
      behind.add(lines[place])
      return behind.count * (lines.count - place)
    }
    areas.reverse()
    var best = (place: 0, area: Int.max)
    var before = Extent()
    for place in lines.indices.dropFirst() {
      before.add(lines[place - 1])
      let area = before.count * place + areas[place]
      if area < best.area { best = (place, area) }
    }
    return best
  }
}

extension Group.Patch {
  /// Whether it has pixels of another one.
  fileprivate func overlaps(_ other: Group.Patch) -> Bool {
    row < other.row + other.height && other.row < row + height
      && column < other.column + other.width && other.column < column + width
  }

  /// It, cut into parts of about one size.
  fileprivate func parts(side: Int) -> [Group.Patch] {
    func cuts(_ extent: Int) -> [Range<Int>] {
      let count = (extent + side - 1) / side
      return (0..<count).map { extent * $0 / count..<extent * ($0 + 1) / count }
    }
    return cuts(height).flatMap { rows in
      cuts(width).map { columns in
        Group.Patch(
          row: row + rows.lowerBound, column: column + columns.lowerBound, height: rows.count,
          width: columns.count)
      }
    }
  }

  /// Its pixels, of an image of this size.
  func rectangle(width imageWidth: Int, height imageHeight: Int) -> TileRectangle {
    let unit = Group.patchUnit
    return TileRectangle(
      row: row * unit, column: column * unit, height: min(height * unit, imageHeight - row * unit),
      width: min(width * unit, imageWidth - column * unit))
  }
}
