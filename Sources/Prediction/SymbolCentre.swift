/// What a symbol is counted from (FORMAT.md, section 2): symbol = (value - prediction) mod 256.
public enum SymbolCentre: UInt8, Equatable, Sendable, CaseIterable {
  /// prediction = 0: the symbol is the value.
  case raw = 0
  /// The median edge detector on colour differences (Martucci 1990).
  case colourMED = 1
  /// The blend of `AdaptivePrediction`, rounded to a value.
  case adaptive = 2
  /// The same with wide fits and one to the window around each pixel.
  case adaptiveWide = 3
  /// The same with a second window fit, which looks at more neighbours.
  case adaptiveWidest = 4

  /// Whether it is learnt from the tile.
  public var isAdaptive: Bool { breadth != nil }

  /// How much the fits look at; nil where nothing is learnt.
  public var breadth: AdaptivePrediction.Breadth? {
    switch self {
    case .raw, .colourMED: return nil
    case .adaptive: return .narrow
    case .adaptiveWide: return .wide
    case .adaptiveWidest: return .widest
    }
  }

  /// min(W, N), max(W, N) or W + N - NW, whichever is the median of W, N and W + N - NW.
  package static func median(_ w: Int, _ n: Int, _ nw: Int) -> Int {
    let low = min(w, n)
    let high = max(w, n)
    return nw >= high ? low : nw <= low ? high : w &+ n &- nw
  }

  /// The prediction of `colour` at (`row`, `column`) of a tile whose samples are [row][column] in
  /// `own`, with the colour coded before it in `earlier` (for R: unused).
  package static func colourMED(
    own: UnsafePointer<UInt8>, earlier: UnsafePointer<UInt8>?, width: Int, row: Int, column: Int
  ) -> Int {
    let i = row &* width &+ column
    @inline(__always) func u(_ j: Int) -> Int {
      if let earlier { return Int(own[j]) &- Int(earlier[j]) }
      return Int(own[j])
    }
    let p: Int
    if row > 0 && column > 0 {
      p = median(u(i &- 1), u(i &- width), u(i &- width &- 1))
    } else if column > 0 {
      p = u(i &- 1)
    } else if row > 0 {
      p = u(i &- width)
    } else {
      p = earlier == nil ? 128 : 0
    }
    guard let earlier else { return p }
    return min(max(p &+ Int(earlier[i]), 0), 255)
  }

  /// The prediction of a value at (`row`, `column`) by a fixed rule; 0 where the centre is learnt.
  ///
  /// - Parameters:
  ///   - own: the tile's values of the colour: [row][column], known up to what the code order has
  ///     reached.
  ///   - earlier: those of the colour coded before it; nil for the first.
  ///   - width: columns of the tile.
  ///   - row: of the value.
  ///   - column: of the value.
  /// - Returns: 0 to 255.
  package func prediction(
    own: UnsafePointer<UInt8>, earlier: UnsafePointer<UInt8>?, width: Int, row: Int, column: Int
  ) -> Int {
    guard self == .colourMED else { return 0 }
    return SymbolCentre.colourMED(
      own: own, earlier: earlier, width: width, row: row, column: column)
  }
}
