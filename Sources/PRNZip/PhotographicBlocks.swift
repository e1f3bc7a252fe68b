import Container
import ImagePlanes

/// The blocks of a picture that are surely photographs, by their pixels alone: graphics takes
/// microseconds for a pixel of those, only to find that a network takes fewer bytes.
///
/// A block that is not told may be a photograph all the same.
struct PhotographicBlocks {
  /// Of each block of `Group.patchUnit` pixels a side, whether it is one: [row][column].
  private(set) var areSure: [Bool]
  /// The share of blocks that are like text or drawings, 0 to 1: few of their pixels are new, and
  /// most of these are far from both W and N.
  private(set) var shareOfText: Double
  private let rows: Int, columns: Int

  private static let side = Group.patchUnit
  /// Values differ by no more than this where pixels are near each other.
  private static let nearest = 8
  /// Least shares: of a block's pixels, those that are new, that is, differ from both W and N; and
  /// of these, those that are near one of them. Few are near where there is text.
  private static let leastNew = 0.3, leastNear = 0.45
  /// And the most of these that W + N - NW tells but for 1: slopes are drawn.
  private static let mostOfSlopes = 0.5
  /// Colours of new pixels at least: fewer are of dithered pictures.
  private static let fewestColours = 16
  /// The least share of new pixels of a block within a photograph: with so many photographs around
  /// it, of eight.
  private static let leastNewWithin = 0.02, fewestAround = 4
  /// How often blocks within photographs are looked for.
  private static let passes = 4

  /// Complexity: O(samples).
  ///
  /// - Parameter image: one plane of bytes, or three.
  init(_ image: Image) {
    columns = (image.width + Self.side - 1) / Self.side
    rows = (image.height + Self.side - 1) / Self.side
    areSure = []
    shareOfText = 0
    areSure.reserveCapacity(rows * columns)
    var mayBe: [Bool] = []
    mayBe.reserveCapacity(rows * columns)
    var colours = SeenColours()
    var ofText = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let block = Self.look(
          image, rows: row * Self.side..<min((row + 1) * Self.side, image.height),
          columns: column * Self.side..<min((column + 1) * Self.side, image.width), &colours)
        areSure.append(
          block.new >= Self.leastNew && block.near >= Self.leastNear
            && block.slopes <= Self.mostOfSlopes && colours.count >= Self.fewestColours)
        mayBe.append(block.new >= Self.leastNewWithin)
        let isFew = block.new >= Self.leastNewWithin && block.new < Self.leastNew
        if isFew, block.near < Self.leastNear { ofText += 1 }
      }
    }
    shareOfText = Double(ofText) / Double(max(areSure.count, 1))
    for _ in 0..<Self.passes where !fill(mayBe) { break }
  }

  /// The share of blocks that are, 0 to 1.
  var share: Double {
    Double(areSure.count { $0 }) / Double(max(areSure.count, 1))
  }

  /// Takes what is within photographs for one, too; tells whether there was anything.
  private mutating func fill(_ mayBe: [Bool]) -> Bool {
    var filled = areSure
    for row in 0..<rows {
      for column in 0..<columns
      where mayBe[row * columns + column] && !areSure[row * columns + column] {
        var around = 0
        for r in max(row - 1, 0)...min(row + 1, rows - 1) {
          for c in max(column - 1, 0)...min(column + 1, columns - 1)
          where areSure[r * columns + c] { around += 1 }
        }
        filled[row * columns + column] = around >= Self.fewestAround
      }
    }
    defer { areSure = filled }
    return filled != areSure
  }

  /// The share of a block's pixels that are new, and of the new ones that are near others, and that
  /// are of slopes.
  private static func look(
    _ image: Image, rows: Range<Int>, columns: Range<Int>, _ colours: inout SeenColours
  ) -> (new: Double, near: Double, slopes: Double) {
    let width = image.width
    var new = 0, near = 0, slopes = 0
    colours.clear()
    for row in rows {
      var next = columns.lowerBound
      while next < columns.upperBound {
        let column = next
        let place = row &* width &+ column
        next &+= 1
        let west = column > 0 ? place &- 1 : place
        let north = row > 0 ? place &- width : place
        let corner = row > 0 && column > 0 ? north &- 1 : place
        var (isNew, isNear) = ((west: false, north: false), (west: true, north: true))
        var isSlope = true
        var colour: UInt32 = 0
        for plane in image.planes {
          let value = plane.samples[place]
          let (w, n) = (plane.samples[west], plane.samples[north])
          if value != w { isNew.west = true }
          if value != n { isNew.north = true }
          if !isClose(value, w) { isNear.west = false }
          if !isClose(value, n) { isNear.north = false }
          let slope = Int(w) &+ Int(n) &- Int(plane.samples[corner])
          if abs(Int(value) &- slope) > 1 { isSlope = false }
          colour = colour << 8 | UInt32(value)
        }
        guard isNew.west, isNew.north else {
          // Where all are as the pixels above are, or all of one colour, none is new.
          while next &+ 8 <= columns.upperBound,
            isNew.west
              ? row > 0 && image.planes.repeatEight(at: row &* width &+ next, distance: width)
              : image.planes.repeatEight(at: row &* width &+ next, distance: 1)
          { next &+= 8 }
          continue
        }
        new &+= 1
        if isNear.west || isNear.north { near &+= 1 }
        if isSlope { slopes &+= 1 }
        colours.add(colour)
      }
    }
    let all = Double(max(new, 1))
    return (
      Double(new) / Double(rows.count * columns.count), Double(near) / all, Double(slopes) / all
    )
  }

  @inline(__always)
  private static func isClose(_ a: UInt8, _ b: UInt8) -> Bool {
    (a > b ? a &- b : b &- a) <= nearest
  }
}

/// About how many colours there were.
private struct SeenColours {
  private(set) var count = 0
  private var isSeen = [Bool](repeating: false, count: 1 << 12)

  mutating func clear() {
    count = 0
    for place in isSeen.indices { isSeen[place] = false }
  }

  mutating func add(_ colour: UInt32) {
    let place = Int((colour &* 0x9E37_79B1) >> 20)
    if !isSeen[place] { count &+= 1 }
    isSeen[place] = true
  }
}
