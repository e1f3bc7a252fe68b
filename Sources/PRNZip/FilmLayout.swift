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
  /// The numbers of the frames.
  private(set) var frames: Range<Int>
  /// The first row of each frame.
  private(set) var rows: [Int] = []
  /// The pixels of the frames.
  private var framePixels = 0.0

  /// Pixels, in doubles: sides are any.
  var pixels: Double { Double(width) * Double(height) }

  private init(from frame: Int) { frames = frame..<frame }

  private mutating func add(_ size: Size) {
    rows.append(height)
    width = max(width, size.width)
    height += size.height
    frames = frames.lowerBound..<frames.upperBound + 1
    framePixels += Double(size.width) * Double(size.height)
  }

  /// The films of all frames.
  ///
  /// - Parameters:
  ///   - sizes: of the frames.
  ///   - most: pixels of a film, unless it has one frame only.
  ///   - free: pixels beside narrow frames before films have more than twice those of the frames.
  /// - Returns: one film or more, if there are frames.
  static func layouts(of sizes: [Size], most: Int, free: Int) -> [FilmLayout] {
    var layouts: [FilmLayout] = []
    for (index, size) in sizes.enumerated() {
      var next = layouts.last ?? FilmLayout(from: index)
      next.add(size)
      let isWasteful = next.pixels > 2 * next.framePixels + Double(free)
      if layouts.isEmpty {
        layouts.append(next)
      } else if next.pixels <= Double(most), !isWasteful {
        layouts[layouts.count - 1] = next
      } else {
        var other = FilmLayout(from: index)
        other.add(size)
        layouts.append(other)
      }
    }
    return layouts
  }

  /// The film of so many rows that begins with a frame; nil where it does not end with one, or is
  /// too narrow.
  ///
  /// - Parameters:
  ///   - sizes: of all frames.
  ///   - first: the number of its first frame.
  ///   - width: of the film.
  ///   - height: of the film.
  init?(of sizes: [Size], from first: Int, width: Int, height: Int) {
    self.init(from: first)
    for size in sizes[first...] where self.height < height { add(size) }
    guard self.height == height, self.width <= width else { return nil }
    self.width = width
  }
}
