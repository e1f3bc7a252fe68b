import Bytes
import ColourLattices
import Container
import EntropyCoding
import ImagePlanes
import TileCoding

extension CodingCosts.Group {
  /// What was noted of a group.
  init(
    _ group: Group, _ values: CostPlanes?, _ sections: PRNFile.GroupSections, of header: Header,
    _ information: FileInformation.GroupInformation
  ) {
    self.information = information
    self.values = values
    let count = values?.count ?? 0
    bits = (0..<count).map { values?.sum($0) ?? 0 }
    var names: [String?] = values == nil ? [] : Self.names(group, of: header)
    names.append(
      (bits.last ?? 0) == 0
        ? nil : group.codec == .sparse ? "which pixels have any" : "whole colours")
    planes = values == nil ? [] : names
    payloadBytes = (sections.smallTiles + sections.tiles).reduce(0) { $0 + $1.payload.count }
    let (width, height) = header.extent(of: group)
    let isWhole = width == header.width && height == header.height
    let chroma = isWhole ? nil : header.lattice
    let cells = chroma?.chromaCells(width: header.width, height: header.height)
    self.cells = cells
    tiles = values.map { Self.tiles(group, $0, cells) } ?? []
  }

  /// What the coded planes of a group are.
  private static func names(_ group: Group, of header: Header) -> [String] {
    let all: [String] =
      switch header.colourType {
      case 0: ["gray"]
      case 3: ["colour numbers"]
      case 4: ["gray", "alpha"]
      default:
        header.lattice == nil
          ? ["red", "green", "blue", "alpha"]
          : [
            "luma", "chroma 1", "chroma 2", "alpha", "red correction", "green correction",
            "blue correction",
          ]
      }
    let numbers = group.channelNumbers
    if case .palette = group.mapping { return ["colour numbers"] }
    guard group.isEqual else { return numbers.map { all[$0] } }
    let isAlpha = { (channel: Int) in header.alphaChannel >> UInt8(channel) & 1 == 1 }
    let colours = numbers.filter { !isAlpha($0) }.map { all[$0] }
    return [colours.joined(separator: " = ")] + numbers.filter(isAlpha).map { all[$0] }
  }

  /// The tiles of a group, with the bits of each; those of patches, and the rest of the image.
  private static func tiles(
    _ group: Group, _ values: CostPlanes, _ cells: (rows: [Int], columns: [Int])?
  ) -> [CodingCosts.Tile] {
    let (width, height) = (values.width, values.height)
    func bits(_ rectangle: TileRectangle) -> Double {
      var sum = 0.0
      for plane in 0..<values.count {
        let bits = values[plane]
        for row in rectangle.row..<(rectangle.row + rectangle.height) {
          let first = row * width + rectangle.column
          sum += bits[first..<(first + rectangle.width)].reduce(0) { $0 + Double($1) }
        }
      }
      return sum
    }
    if case .patches(_, _, _, let patches) = group.parameters {
      let tiles = patches.map {
        let rectangle = $0.rectangle(width: width, height: height)
        return CodingCosts.Tile(rectangle: rectangle, codec: "network", bits: bits(rectangle))
      }
      let whole = TileRectangle(row: 0, column: 0, height: height, width: width)
      let rest = bits(whole) - tiles.reduce(0) { $0 + $1.bits }
      return tiles + [CodingCosts.Tile(rectangle: whole, codec: "graphics", bits: rest)]
    }
    guard let sections = group.sections(width: width, height: height) else { return [] }
    let edges = cells.map { (begins($0.rows, height), begins($0.columns, width)) }
    return (0..<sections.tileCount).map { index in
      let tile = sections.grid[index]
      var pixels = tile
      if let (rows, columns) = edges {
        let row = rows[tile.row], column = columns[tile.column]
        pixels = TileRectangle(
          row: row, column: column, height: rows[tile.row + tile.height] - row,
          width: columns[tile.column + tile.width] - column)
      }
      return CodingCosts.Tile(rectangle: pixels, codec: "\(group.codec)", bits: bits(tile))
    }
  }

  /// Where cells begin along an axis.
  ///
  /// - Parameters:
  ///   - cells: of the pixels, ascending.
  ///   - count: of cells.
  /// - Returns: of each cell its first pixel, and behind the last one the number of pixels.
  private static func begins(_ cells: [Int], _ count: Int) -> [Int] {
    var begins: [Int] = []
    for (pixel, cell) in cells.enumerated() {
      while begins.count <= min(cell, count - 1) { begins.append(pixel) }
    }
    while begins.count <= count { begins.append(cells.count) }
    return begins
  }
}

extension CostPlanes {
  /// Planes of zeros.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  static func checked(count: Int, width: Int, height: Int) throws(PRNZipError) -> CostPlanes {
    guard let planes = CostPlanes(count: count, width: width, height: height) else {
      throw .outOfMemory(OutOfMemory(bytes: count * width * height * cellSize))
    }
    return planes
  }

  /// Those of the small image, of as many planes.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func ofSmallImage(_ grid: TileGrid) throws(PRNZipError) -> CostPlanes {
    try .checked(count: count, width: grid.width, height: grid.height)
  }
}
