import Bytes
import ImagePlanes
import PRNZip

/// The geometry of what a page shows of an image: squares of pixels of it, as many as a page can
/// hold.
struct Scale: Equatable {
  /// The most bands of rows.
  static let mostBands = 500
  /// The most squares.
  static let mostSquares = 1 << 20
  /// Of the image.
  let width: Int, height: Int
  /// Pixels of the side of a square; those at the right and bottom edge may be cut off.
  let side: Int

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    var side = 1
    while Self.squares(width, side) * Self.squares(height, side) > Self.mostSquares { side += 1 }
    self.side = side
  }

  private static func squares(_ extent: Int, _ side: Int) -> Int { (extent + side - 1) / side }

  /// Rows of each band but the last.
  var bandRows: Int { max((height + Self.mostBands - 1) / Self.mostBands, 1) }
  /// Bands of rows.
  var bands: Int { Self.squares(height, bandRows) }

  /// Squares in a row.
  var columns: Int { Self.squares(width, side) }
  /// Rows of squares.
  var rows: Int { Self.squares(height, side) }
  /// Squares.
  var count: Int { rows * columns }

  /// Pixels of each square.
  var pixels: [Float] {
    (0..<count).map { index in
      let (row, column) = (index / columns, index % columns)
      return Float(min(side, height - row * side) * min(side, width - column * side))
    }
  }
}

/// The bits of one plane of an image, or of all, as a page shows them.
struct ReducedPlane {
  /// "red", "luma", ...
  let name: String
  /// All bits.
  var bits = 0.0
  /// Bits of each square.
  var squares: [Float]
  /// Bits of each band of rows.
  var bands: [Double]

  init(_ name: String, _ scale: Scale) {
    self.name = name
    squares = [Float](repeating: 0, count: scale.count)
    bands = [Double](repeating: 0, count: scale.bands)
  }

  /// Adds the bits of the pixels of some rows.
  mutating func add(_ pixels: [Float], from firstRow: Int, _ scale: Scale) {
    guard scale.width > 0 else { return }
    for y in 0..<min(pixels.count / scale.width, scale.height - firstRow) {
      let square = (firstRow + y) / scale.side * scale.columns
      var sum = 0.0
      for x in 0..<scale.width {
        let bits = pixels[y * scale.width + x]
        squares[square + x / scale.side] += bits
        sum += Double(bits)
      }
      bands[(firstRow + y) / scale.bandRows] += sum
      bits += sum
    }
  }
}

/// What a page shows of the costs of an image, taken strip by strip.
struct Reduction {
  let scale: Scale
  /// In the order in which they first occur.
  private(set) var planes: [ReducedPlane] = []
  /// How many pixels take how many bits: the first entry has those of less than 1/8 bit.
  private(set) var histogram = [Int](repeating: 0, count: 8 * 64)
  /// Bits of the pixels of each entry.
  private(set) var histogramBits = [Double](repeating: 0, count: 8 * 64)
  /// The tiles of all groups, with the number of the group's description.
  private(set) var tiles: [(description: Int, tile: CodingCosts.Tile)] = []
  /// How groups are coded, each way once.
  private(set) var descriptions: [Description] = []

  /// How a group is coded.
  struct Description {
    let information: FileInformation.GroupInformation
    /// The names of its planes.
    let planes: [String]
    /// Bytes of its sections' payloads.
    var payloadBytes: Int
  }

  init(width: Int, height: Int) { scale = Scale(width: width, height: height) }

  /// Adds a strip of the image, or all of it.
  ///
  /// - Throws: `OutOfMemory`.
  mutating func add(_ costs: CodingCosts) throws(OutOfMemory) {
    let pixels = costs.image.width * costs.image.height
    try Memory.check(pixels, of: MemoryLayout<Float>.stride)
    var all = [Float](repeating: 0, count: pixels)
    for group in costs.groups {
      let description = number(of: group)
      for tile in group.tiles {
        let place = tile.rectangle
        let moved = TileRectangle(
          row: place.row + costs.firstRow, column: place.column, height: place.height,
          width: place.width)
        let tile = CodingCosts.Tile(rectangle: moved, codec: tile.codec, bits: tile.bits)
        tiles.append((description, tile))
      }
      for (index, name) in group.planes.enumerated() {
        guard let name else { continue }
        let bits = try group.bitsOfPixels(index)
        guard bits.count == pixels else { continue }
        let plane = planes.firstIndex { $0.name == name } ?? planes.count
        if plane == planes.count { planes.append(ReducedPlane(name, scale)) }
        planes[plane].add(bits, from: costs.firstRow, scale)
        for (i, x) in bits.enumerated() { all[i] += x }
      }
    }
    for bits in all {
      let entry = min(Int(max(bits, 0) * 8), histogram.count - 1)
      histogram[entry] += 1
      histogramBits[entry] += Double(bits)
    }
  }

  private mutating func number(of group: CodingCosts.Group) -> Int {
    let new = group.information
    // Strips that differ in what they take are coded alike.
    let known = descriptions.firstIndex {
      let other = $0.information
      return other.channels == new.channels && other.codec == new.codec
        && other.modelIdentity == new.modelIdentity && other.mixing == new.mixing
        && other.mapping == new.mapping && other.colours == new.colours
    }
    if let known {
      descriptions[known].payloadBytes += group.payloadBytes
      return known
    }
    let names = group.planes.dropLast().compactMap { $0 }
    descriptions.append(
      Description(information: new, planes: names, payloadBytes: group.payloadBytes))
    return descriptions.count - 1
  }

  /// All planes together.
  var total: ReducedPlane {
    var total = ReducedPlane("all", scale)
    for plane in planes {
      total.bits += plane.bits
      for i in plane.squares.indices { total.squares[i] += plane.squares[i] }
      for i in plane.bands.indices { total.bands[i] += plane.bands[i] }
    }
    return total
  }

  /// The share of the pixels, the dearest first, that take half of all bits; nil where none do.
  var shareOfHalf: Double? {
    let half = histogramBits.reduce(0, +) / 2
    guard half > 0 else { return nil }
    var (bits, pixels) = (0.0, 0.0)
    for entry in histogram.indices.reversed() where histogram[entry] > 0 {
      let next = histogramBits[entry]
      if bits + next >= half {
        pixels += Double(histogram[entry]) * (half - bits) / max(next, .leastNormalMagnitude)
        break
      }
      bits += next
      pixels += Double(histogram[entry])
    }
    return pixels / Double(max(histogram.reduce(0, +), 1))
  }
}
