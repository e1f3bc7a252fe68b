/// How the chroma of each pixel follows from the stored chroma planes (FORMAT.md, section 1.10).
/// The raw value is its number in a file.
public enum ChromaSampling: UInt8, CaseIterable, Sendable {
  /// Every pixel has its own.
  case full = 0
  /// Two columns share a cell; triangle filter along the rows, as libjpeg ("fancy") does it.
  case halfWidthLinear = 1
  /// Two columns and two rows share a cell; triangle filter, as libjpeg ("fancy") does it.
  case halfBothLinear = 2
  /// Two columns share a cell, whose value both have.
  case halfWidthRepeated = 3
  /// Two columns and two rows share a cell, whose value all four have.
  case halfBothRepeated = 4
  /// Every second column of every second row has a cell; between cells is their mean.
  case photoCD = 5
  /// Like `halfBothLinear`, but rounded as libwebp does it.
  case webP = 6

  /// Whether two columns share a cell.
  var halvesWidth: Bool { self != .full }

  /// Whether two rows share a cell.
  var halvesHeight: Bool {
    switch self {
    case .full, .halfWidthLinear, .halfWidthRepeated: false
    case .halfBothLinear, .halfBothRepeated, .photoCD, .webP: true
    }
  }

  /// Whether cells are pixels of every second row and column, instead of areas of two.
  private var isOfPoints: Bool { self == .photoCD }

  /// Cells for `extent` pixels in a row or a column: none for none, else at least one.
  func cells(_ extent: Int, phase: Int, halves: Bool) -> Int {
    guard extent > 0 else { return 0 }
    guard halves else { return extent }
    return isOfPoints ? max(1, (extent - phase + 1) / 2) : (extent + phase + 1) / 2
  }

  /// What is added to the sum of 16 weighted cells before it is divided by 16, at columns whose
  /// number plus phase is even, and odd.
  var biases: (even: Int32, odd: Int32) {
    switch self {
    case .halfWidthLinear: (4, 8)
    case .halfBothLinear: (8, 7)
    case .full, .halfWidthRepeated, .halfBothRepeated, .photoCD, .webP: (8, 8)
    }
  }

  /// The weight, of 4, that the far one of a pixel's two cells has along one axis.
  ///
  /// - Parameter isOdd: whether the pixel's number plus phase is.
  /// - Returns: 0 to 2.
  private func farWeight(isOdd: Bool) -> Int32 {
    switch self {
    case .full, .halfWidthRepeated, .halfBothRepeated: 0
    case .halfWidthLinear, .halfBothLinear, .webP: 1
    case .photoCD: isOdd ? 2 : 0
    }
  }

  /// Which cells the pixels of a row or a column have.
  ///
  /// - Parameters:
  ///   - extent: pixels.
  ///   - phase: 0 or 1.
  ///   - halves: whether two pixels share a cell along this axis.
  /// - Returns: of each pixel, its two cells.
  func taps(_ extent: Int, phase: Int, halves: Bool) -> [Tap] {
    let last = cells(extent, phase: phase, halves: halves) - 1
    return (0..<max(extent, 0)).map { index in
      var tap = tap(index, phase: phase, halves: halves)
      (tap.near, tap.far) = (min(max(tap.near, 0), last), min(max(tap.far, 0), last))
      return tap
    }
  }

  /// The cells of a pixel as if there were some beyond the edges: -1 to one more than the last.
  func tap(_ index: Int, phase: Int, halves: Bool) -> Tap {
    guard halves else { return Tap(near: index, far: index, farWeight: 0, isOdd: false) }
    let isOdd = (index + phase) & 1 == 1
    // The cell of a point lies at 2 * cell + phase; that of an area begins at 2 * cell - phase.
    let near = isOfPoints ? (index - phase) >> 1 : (index + phase) >> 1
    return Tap(
      near: near, far: isOdd ? near + 1 : near - 1, farWeight: farWeight(isOdd: isOdd),
      isOdd: isOdd)
  }
}

/// The cells that a pixel's chroma is interpolated from, along one axis.
struct Tap {
  /// The numbers of the cells.
  var near: Int, far: Int
  /// The weight of the far one; the near one has 4 - `farWeight`.
  let farWeight: Int32
  /// Whether the pixel's number plus phase is odd.
  let isOdd: Bool
}
