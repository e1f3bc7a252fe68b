import Container
import ImagePlanes

/// How much of an image was there before, such as a tile of a texture, or a picture that stands
/// twice on a page: graphics finds what networks cannot know.
struct Repeats {
  /// Of the blocks of `Group.patchUnit` pixels a side: runs of eight pixels that are not all equal,
  /// and about how many of them occurred before, [row][column].
  private var asked: [Int32], found: [Int32]
  private let columns: Int

  /// Rows of which every run is looked for.
  private static let rows = 4
  /// Pixels of a run; every so many columns, one is remembered.
  private static let run = 8
  /// The logarithm to base 2 of the most runs that are remembered.
  private static let mostRuns = 20

  /// Complexity: O(samples).
  ///
  /// - Parameter image: planes of bytes.
  init(_ image: Image) {
    let (width, height) = (image.width, image.height)
    columns = (width + Group.patchUnit - 1) / Group.patchUnit
    asked = [Int32](
      repeating: 0, count: columns * ((height + Group.patchUnit - 1) / Group.patchUnit))
    found = asked
    let count = max(width * height / Self.run, 1)
    let bits = min(Int.bitWidth - count.leadingZeroBitCount, Self.mostRuns)
    var seen = [UInt64](repeating: 0, count: 1 << bits)
    let mask = UInt64(seen.count - 1)
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
      // Of what occurred before, one column in eight is remembered, at least: a run that is found
      // stands for eight.
      var next = 0
      for column in 0..<max(width - Self.run + 1, 0) {
        // Behind the run, so that no run is found in itself.
        if column % Self.run == 0, column > 0 { remember(first + column - Self.run) }
        guard row % Self.rows == 0 else { continue }
        let hash = hash(first + column)
        if hash == 0 { continue }
        let block = row / Group.patchUnit * columns + column / Group.patchUnit
        asked[block] += 1
        if column >= next, seen[Int(hash >> 1 & mask)] == hash {
          found[block] += Int32(Self.run)
          next = column + Self.run
        }
      }
    }
  }

  /// Of the runs that are not all equal, about the share that occurred before: 0 to 1.
  var share: Double { share(asked.indices) }

  /// The same within a patch.
  func share(of patch: Group.Patch) -> Double {
    share(
      (0..<patch.height * patch.width).lazy.map { place in
        (patch.row + place / patch.width) * columns + patch.column + place % patch.width
      })
  }

  private func share(_ blocks: some Sequence<Int>) -> Double {
    var (asked, found) = (0.0, 0.0)
    for block in blocks {
      asked += Double(self.asked[block])
      found += Double(self.found[block])
    }
    return min(found / max(asked, 1), 1)
  }
}
