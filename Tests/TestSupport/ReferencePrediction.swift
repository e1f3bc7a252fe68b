import ImagePlanes
import Prediction

/// Adaptive prediction written down once more: pixel by pixel, by coordinates, with no ring, no
/// bands of cells and one system at a time.
package struct ReferencePrediction {
  /// What is known of a value before it is coded.
  package struct Found: Equatable, Sendable {
    /// In 64ths: of each predictor, colourMED, plane, global, local and window fits.
    package var predictors: [Int] = []
    /// Local errors of each, in 16ths.
    package var errors: [Int] = []
    /// In 64ths.
    package var blend = 0
    /// The network's inputs.
    package var inputs: [Int] = []

    package init() {}
  }

  static let shear = 4
  static let bandRows = 8
  static let periodDiagonals = 4
  static let neighbours = [
    (0, -1), (-1, 0), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-2, 1), (-2, -1), (-1, 2), (-1, -2),
    (-2, 2), (-2, -2), (0, -3), (-3, 0),
  ]

  package let image: Image
  package let breadth: AdaptivePrediction.Breadth
  private var isWide: Bool { breadth != .narrow }
  private var windowCount: Int { Int(breadth.rawValue) }
  private let rows: Int
  private let columns: Int
  private let colours: Int
  private let localCount: Int
  /// [colour][pixel]
  package private(set) var found: [[Found]]
  /// |value - prediction| of each predictor, in 16ths: [colour][pixel][predictor].
  private var outcomes: [[[Int]]]
  /// What fits learn from: the features and, last, the target: [colour][pixel].
  private var terms: [[[Int]]]
  /// [colour][feature], 12 fraction bits.
  private var globalWeights: [[Int]]
  /// [fit][colour][band][feature]
  private var localWeights: [[[[Int]]]]
  /// What window fits are pulled to: [fit][colour][feature]
  private var windowGlobals: [[[Int]]] = []
  /// [colour][term][term]
  private var globalSums: [[[Int]]]
  /// [fit][colour][band][term][term]
  private var localSums: [[[[[Int]]]]]

  package init(_ image: Image, _ breadth: AdaptivePrediction.Breadth) {
    self.image = image
    self.breadth = breadth
    let isWide = breadth != .narrow
    (rows, columns, colours) = (image.height, image.width, image.colours)
    localCount = isWide ? 2 : 1
    let pixels = rows * columns
    let bands = (rows + Self.bandRows - 1) / Self.bandRows
    found = Array(repeating: Array(repeating: Found(), count: pixels), count: colours)
    outcomes = Array(repeating: Array(repeating: [], count: pixels), count: colours)
    terms = outcomes
    globalWeights = []
    globalSums = []
    var locals: [[[Int]]] = []
    var sums: [[[[Int]]]] = []
    for c in 0..<colours {
      let n = (isWide ? 14 : 8) + (colours - 1) * (isWide ? 8 : 4) + c
      let matrix = [[Int]](repeating: Array(repeating: 0, count: n + 1), count: n + 1)
      globalWeights.append(Array(repeating: 0, count: n))
      globalSums.append(matrix)
      locals.append(Array(repeating: Array(repeating: 0, count: n), count: bands))
      sums.append(Array(repeating: matrix, count: bands))
    }
    localWeights = Array(repeating: locals, count: localCount)
    localSums = Array(repeating: sums, count: localCount)

    windowGlobals = (0..<windowCount).map { k in
      (0..<colours).map { c in windowFeatures(k, c).map { _ in 0 } }
    }

    let last = columns - 1 + Self.shear * (rows - 1)
    for t in 0...last {
      for colour in 0..<colours {
        for row in 0..<rows where (0..<columns).contains(t - Self.shear * row) {
          code(colour, row, t - Self.shear * row)
        }
      }
      if t % Self.periodDiagonals == Self.periodDiagonals - 1 { learn(until: t) }
    }
  }

  // MARK: - Neighbours

  /// Where the value that stands at (row, column) is; nil where there is none.
  private func place(_ row: Int, _ column: Int) -> Int? {
    if row < 0 {
      // Above: the last pixel of row 0 that is coded before that diagonal.
      let t = column + Self.shear * row
      return t < 1 ? nil : min(t, columns) - 1
    }
    if column < 0 { return row == 0 ? nil : (row - 1) * columns }
    return row * columns + min(column, columns - 1)
  }

  private func value(_ colour: Int, _ row: Int, _ column: Int) -> Int {
    place(row, column).map { Int(image.planes[colour].samples[$0]) } ?? 128
  }

  private func outcome(_ k: Int, _ colour: Int, _ row: Int, _ column: Int) -> Int {
    place(row, column).map { outcomes[colour][$0][k] } ?? 48
  }

  // MARK: - Prediction

  private mutating func code(_ colour: Int, _ row: Int, _ column: Int) {
    let pixel = row * columns + column
    var result = Found()
    let predictors = 3 + localCount + windowCount
    result.errors = (0..<predictors).map { localError($0, colour, row, column) }
    let (features, base) = features(colour, row, column)
    func dot(_ weights: [Int]) -> Int {
      let sum = zip(weights, features).reduce(base * 4096) { $0 + $1.0 * $1.1 }
      return min(max((sum + 64) >> 7, 0), 255 * 64)
    }
    result.predictors = fixed(colour, row, column) + [dot(globalWeights[colour])]
    for k in 0..<localCount {
      result.predictors.append(dot(localWeights[k][colour][row / Self.bandRows]))
    }
    for k in 0..<windowCount {
      let weights = windowWeights(k, colour, row, column, features)
      let chosen = windowFeatures(k, colour)
      let sum = zip(weights, chosen).reduce(base * 4096) { $0 + $1.0 * features[$1.1] }
      result.predictors.append(min(max((sum + 64) >> 7, 0), 255 * 64))
    }
    var total = 0
    var sum = 0
    for (p, e) in zip(result.predictors, result.errors) {
      let q = (1 << 24) / (e * e)
      total += q * q + 1
      sum += (q * q + 1) * p
    }
    result.blend = sum / total
    let b = result.blend
    result.inputs = [(b >> 2) - 2048, 32 * (b - 64 * ((b + 32) >> 6))]
    result.inputs += result.predictors.map { min(max($0 - b, -2047), 2047) }
    result.inputs += result.errors.map { Self.logarithm($0) - 1536 }
    found[colour][pixel] = result
    let value = value(colour, row, column)
    outcomes[colour][pixel] = result.predictors.map { abs(64 * value - $0) / 4 }
    terms[colour][pixel] = features + [2 * value - base]
  }

  /// log2 with 8 fraction bits, linear between powers of two.
  private static func logarithm(_ x: Int) -> Int {
    var power = 0
    while x >> (power + 1) > 0 { power += 1 }
    return 256 * power + 256 * (x - 1 << power) / (1 << power)
  }

  private func localError(_ k: Int, _ colour: Int, _ row: Int, _ column: Int) -> Int {
    func e(_ dr: Int, _ dc: Int) -> Int { outcome(k, colour, row + dr, column + dc) }
    var error = (2 * (e(0, -1) + e(-1, 0)) + e(-1, -1) + e(-1, 1) + e(0, -2) + e(-2, 0)) / 8
    if colour > 0 { error = (12 * error + 3 * outcome(k, colour - 1, row, column)) / 16 }
    return error + 5
  }

  /// colourMED and the plane through W, N and NW.
  private func fixed(_ colour: Int, _ row: Int, _ column: Int) -> [Int] {
    func u(_ dr: Int, _ dc: Int) -> Int {
      value(colour, row + dr, column + dc)
        - (colour > 0 ? value(colour - 1, row + dr, column + dc) : 0)
    }
    let here = colour > 0 ? value(colour - 1, row, column) : 0
    let (w, n, nw) = (u(0, -1), u(-1, 0), u(-1, -1))
    let median = [w, n, w + n - nw].sorted()[1]
    return [
      64 * min(max(median + here, 0), 255),
      min(max(48 * w + 48 * n - 32 * nw + 64 * here, 0), 64 * 255),
    ]
  }

  /// Twice the differences from the mean of W and N of each colour: the own colour's first.
  private func features(_ colour: Int, _ row: Int, _ column: Int) -> (values: [Int], base: Int) {
    var values: [Int] = []
    var base = 0
    for d in [colour] + (0..<colours).filter({ $0 != colour }) {
      let mean = value(d, row, column - 1) + value(d, row - 1, column)
      if d == colour { base = mean }
      let count = d == colour ? (isWide ? 14 : 8) : (isWide ? 8 : 4)
      for (dr, dc) in Self.neighbours.prefix(count) {
        values.append(2 * value(d, row + dr, column + dc) - mean)
      }
      if d < colour { values.append(2 * value(d, row, column) - mean) }
    }
    return (values, base)
  }

  // MARK: - Window fits

  /// The features that a window fit looks at: of its own colour the first six; of the others as
  /// many, or two where it is the first; and the values of the pixel itself.
  private func windowFeatures(_ k: Int, _ colour: Int) -> [Int] {
    var chosen = Array(0..<6)
    var first = 14
    for d in 0..<colours where d != colour {
      chosen += (0..<(k == 0 ? 2 : 6)).map { first + $0 }
      first += 8
      if d < colour {
        chosen.append(first)
        first += 1
      }
    }
    return chosen
  }

  private func windowWeights(
    _ k: Int, _ colour: Int, _ row: Int, _ column: Int, _ features: [Int]
  ) -> [Int] {
    let here = (0..<colour).map { 14 + 8 * ($0 + 1) + $0 }
    var samples: [(closeness: Int, terms: [Int])] = []
    for dr in -5...0 {
      for dc in -5...5 {
        guard Self.isInWindow(dr, dc), row + dr >= 0, (0..<columns).contains(column + dc)
        else { continue }
        let terms = terms[colour][(row + dr) * columns + column + dc]
        var difference = (0..<6).reduce(0) { $0 + abs(terms[$1] - features[$1]) }
        difference += here.reduce(0) { $0 + 2 * abs(terms[$1] - features[$1]) }
        let nearness = [0, 717, 502, 351, 246, 172, 120][abs(dc) - dr]
        samples.append((nearness * (65536 / (min(difference / 4, 511) + 3)) / 1024, terms))
      }
    }
    let most = max(1, samples.map(\.closeness).max() ?? 1)
    let chosen = windowFeatures(k, colour)
    let origin = windowGlobals[k][colour].map { Double($0) / 4096 }
    let n = chosen.count
    var m = [[Double]](repeating: Array(repeating: 0, count: n), count: n)
    var y = [Double](repeating: 0, count: n)
    for (closeness, terms) in samples {
      let weight = (closeness * ((1 << 22) / most) + 32768) >> 16
      let target = terms[terms.count - 1]
      for i in 0..<n {
        y[i] += Double(weight * terms[chosen[i]] * target)
        for j in i..<n { m[i][j] += Double(weight * terms[chosen[i]] * terms[chosen[j]]) }
      }
    }
    for i in 0..<n {
      for j in 0..<n { y[i] -= m[min(i, j)][max(i, j)] * origin[j] }
    }
    return Self.solution(m, y, ridge: 300).map { zip(origin, $0).map { Self.rounded($0 + $1) } }
      ?? windowGlobals[k][colour]
  }

  /// The window: six rows, each narrower than the one below; the row above ends three columns to
  /// the right.
  private static func isInWindow(_ dr: Int, _ dc: Int) -> Bool {
    switch dr {
    case 0: return (-5...(-1)).contains(dc)
    case -1: return (-5...3).contains(dc)
    default: return abs(dc) <= 6 + dr
    }
  }

  // MARK: - Fits

  private mutating func learn(until t: Int) {
    let period = t - Self.periodDiagonals + 1...t
    // From the first row that the period's first diagonal has to the last row of the period's last
    // one.
    let first = period.lowerBound < columns ? 0 : (period.lowerBound - columns) / Self.shear + 1
    let end = min(t / Self.shear + 1, rows)
    guard first < end else {
      for c in 0..<colours { solveGlobal(c) }
      return
    }
    let bands = first / Self.bandRows...(end - 1) / Self.bandRows
    let decays = [2, 4]
    for c in 0..<colours {
      let n = globalWeights[c].count
      for band in bands {
        var added = [[Int]](repeating: Array(repeating: 0, count: n + 1), count: n + 1)
        for row in band * Self.bandRows..<min((band + 1) * Self.bandRows, rows) {
          for d in period where (0..<columns).contains(d - Self.shear * row) {
            let terms = terms[c][row * columns + d - Self.shear * row]
            for i in 0...n { for j in i...n { added[i][j] += terms[i] * terms[j] } }
          }
        }
        for i in 0...n {
          for j in i...n {
            globalSums[c][i][j] += added[i][j]
            for k in 0..<localCount {
              let x = localSums[k][c][band][i][j]
              localSums[k][c][band][i][j] = x + added[i][j] << (7 - decays[k]) - x >> decays[k]
            }
          }
        }
      }
      solveGlobal(c)
      for band in bands {
        for k in 0..<localCount { solveLocal(k, c, band, decay: decays[k]) }
      }
    }
  }

  private mutating func solveGlobal(_ c: Int) {
    let n = globalWeights[c].count
    let m = globalSums[c].map { $0.map(Double.init) }
    let y = (0..<n).map { Double(globalSums[c][$0][n]) }
    if let x = Self.solution(m, y, ridge: 120) { globalWeights[c] = x.map(Self.rounded) }
    for k in 0..<windowCount {
      let chosen = windowFeatures(k, c)
      let part = chosen.map { i in chosen.map { m[min(i, $0)][max(i, $0)] } }
      if let x = Self.solution(part, chosen.map { y[$0] }, ridge: 120) {
        windowGlobals[k][c] = x.map(Self.rounded)
      }
    }
  }

  private mutating func solveLocal(_ k: Int, _ c: Int, _ band: Int, decay: Int) {
    let n = globalWeights[c].count
    let own = localSums[k][c][band]
    let above = localSums[k][c][max(band - 1, 0)]
    let origin = globalWeights[c].map { Double($0) / 4096 }
    let m = (0..<n).map { i in (0...n).map { j in Double(own[i][j] + above[i][j] >> 1) } }
    var y = m.map { $0[n] }
    for i in 0..<n {
      for j in 0..<n { y[i] -= m[min(i, j)][max(i, j)] * origin[j] }
    }
    let ridge = Double([1000, 300][k] << (7 - decay))
    let x = Self.solution(m, y, ridge: ridge)
    localWeights[k][c][band] =
      x.map { zip(origin, $0).map { Self.rounded($0 + $1) } } ?? globalWeights[c]
  }

  private static func rounded(_ weight: Double) -> Int {
    let w = min(max(weight * 4096, -32767), 32767)
    return w >= 0 ? Int(w + 0.5) : -Int(0.5 - w)
  }

  /// Gaussian elimination of a symmetric system, of which the upper triangle is looked at; nil
  /// where it is singular or nearly so. The order of the operations decides the last bits.
  private static func solution(_ matrix: [[Double]], _ targets: [Double], ridge: Double)
    -> [Double]?
  {
    var m = matrix
    var y = targets
    let n = y.count
    for i in 0..<n { m[i][i] += ridge }
    for k in 0..<n {
      let inverse = 1 / m[k][k]
      m[k][k] = inverse
      for i in k + 1..<max(n, k + 1) {
        let factor = m[k][i] * inverse
        for j in i..<n { m[i][j] -= factor * m[k][j] }
        y[i] -= factor * y[k]
      }
    }
    for i in (0..<n).reversed() {
      for j in i + 1..<max(n, i + 1) { y[i] -= m[i][j] * y[j] }
      y[i] *= m[i][i]
    }
    return y.allSatisfy { $0 > -8 && $0 < 8 } ? y : nil
  }
}
