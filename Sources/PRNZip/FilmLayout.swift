/// Where the frames of an animation are in a film (FORMAT.md, section 1.13): one below the other,
/// at the left.
struct FilmLayout: Equatable {
  /// Of a frame.
  struct Size: Equatable {
    let width: Int
    let height: Int
  }

  /// Columns: those of the widest frame.
  private(set) var width = 0
  /// Rows: those of all frames.
  private(set) var height = 0
  /// The numbers of the frames, among those that films have.
  private(set) var frames: Range<Int>
  /// The first row of each frame.
  private(set) var rows: [Int] = []
  /// The pixels of the frames, in doubles, as sides are any.
  private var framePixels = 0.0

  private init(from frame: Int) { frames = frame..<frame }

  private mutating func add(_ size: Size) {
    rows.append(height)
    width = max(width, size.width)
    height += size.height
    frames = frames.lowerBound..<frames.upperBound + 1
    framePixels += Double(size.width) * Double(size.height)
  }

  /// Whether a frame more makes it too large, or leaves most of it beside its frames.
  private func isFull(for size: Size, most: Int, free: Int) -> Bool {
    let pixels = Double(max(width, size.width)) * Double(height + size.height)
    let own = framePixels + Double(size.width) * Double(size.height)
    return pixels > Double(most) || pixels > 2 * own + Double(free)
  }

  /// The films of all frames.
  ///
  /// Complexity: O(frames).
  ///
  /// - Parameters:
  ///   - sizes: of the frames.
  ///   - most: pixels of a film, unless it has one frame only.
  ///   - free: pixels beside narrow frames before films have more than twice those of the frames.
  /// - Returns: one film or more, if there are frames.
  static func layouts(of sizes: [Size], most: Int, free: Int) -> [FilmLayout] {
    var layouts: [FilmLayout] = []
    for (index, size) in sizes.enumerated() {
      if layouts.last?.isFull(for: size, most: most, free: free) ?? true {
        layouts.append(FilmLayout(from: index))
      }
      layouts[layouts.count - 1].add(size)
    }
    return layouts
  }

  /// The film of so many rows that begins with a frame; nil where it does not end with one, or is
  /// of another width. Complexity: O(frames of the film).
  ///
  /// - Parameters:
  ///   - sizes: of all frames.
  ///   - first: the number of its first frame.
  ///   - width: of the film.
  ///   - height: of the film.
  init?(of sizes: [Size], from first: Int, width: Int, height: Int) {
    self.init(from: first)
    while self.height < height, frames.upperBound < sizes.count { add(sizes[frames.upperBound]) }
    guard self.height == height, self.width == width else { return nil }
  }
}
