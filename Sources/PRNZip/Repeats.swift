import Container
import ImagePlanes

/// How much of an image was there before, such as a tile of a texture, or a picture that stands
/// twice on a page: graphics finds what networks cannot know.
struct Repeats {
  /// Of the runs of eight pixels that are not all equal, about the share that occurred before.
  let share: Double

  /// Rows of which every run is looked for.
  private static let rows = 4
  /// Pixels of a run; every so many columns, one is remembered.
  private static let run = 8
  /// The logarithm to base 2 of the most runs that are remembered.
  private static let mostRuns = 20

  /// Complexity: O(samples).
  ///
  /// - Parameters:
  ///   - image: planes of bytes.
  ///   - blocks: of `Group.patchUnit` pixels a side, the ones whose runs are looked for:
  ///     [row][column]; all if there are none.
  init(_ image: Image, in blocks: [Bool] = []) {
    let (width, height) = (image.width, image.height)
    let count = max(width * height / Self.run, 1)
    let bits = min(Int.bitWidth - count.leadingZeroBitCount, Self.mostRuns)
    var seen = [UInt64](repeating: 0, count: 1 << bits)
    let mask = UInt64(seen.count - 1)
    var asked = 0, found = 0
    let blockColumns = (width + Group.patchUnit - 1) / Group.patchUnit
    func isAsked(_ row: Int, _ column: Int) -> Bool {
      blocks.isEmpty
        || blocks[row / Group.patchUnit * blockColumns + column / Group.patchUnit]
    }
    // A hash of the run at a place; 0 where all of its pixels are equal.
    func hash(_ place: Int) -> UInt64 {
      var hash: UInt64 = 1
      var isFlat = true
      for plane in image.planes {
        let word = plane.samples.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        }
        isFlat = isFlat && word == (word & 0xFF) &* 0x0101_0101_0101_0101
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
      }
      return isFlat ? 0 : hash | 1
    }
    func remember(_ place: Int) {
      let hash = hash(place)
      if hash != 0 { seen[Int(hash >> 1 & mask)] = hash }
    }
    for row in 0..<height {
      let first = row * width
      for column in 0..<max(width - Self.run + 1, 0) {
        // Behind the run, so that no run is found in itself.
        if column % Self.run == 0, column > 0 { remember(first + column - Self.run) }
        guard row % Self.rows == 0, isAsked(row, column) else { continue }
        let hash = hash(first + column)
        if hash == 0 { continue }
        asked += 1
        found += seen[Int(hash >> 1 & mask)] == hash ? 1 : 0
      }
    }
    // Of what occurred before, one column in eight is remembered.
    share = min(Double(found * Self.run) / Double(max(asked, 1)), 1)
  }
}
