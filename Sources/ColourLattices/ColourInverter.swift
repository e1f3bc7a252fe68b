/// Looks for the luma and chroma that a transform makes a colour of.
struct ColourInverter {
  /// The transform.
  let terms: ColourTerms.Pointers
  /// What a step of a sample takes of a sum.
  private let divisor: Int32
  /// 2^32 by the slope of the terms of luma, of the first chroma and of the second.
  private let perLuma: Int64, perFirst: Int64, perSecond: Int64
  /// What the weighted mean of the samples of a luma is more than its term, less half of luma's
  /// step: the chromas' terms all but cancel out in it.
  private let offset: Int32

  init(_ terms: ColourTerms.Pointers, divisor: Int32) {
    self.terms = terms
    self.divisor = divisor
    func reciprocal(_ table: UnsafeBufferPointer<Int32>) -> Int64 {
      (255 << 32) / Int64(table[255] - table[0] + 1)
    }
    perLuma = reciprocal(terms.luma)
    perFirst = reciprocal(terms.blueOfFirst)
    perSecond = reciprocal(terms.redOfSecond)
    let chromas = Self.mean(
      terms.redOfSecond[128], terms.greenOfFirst[128] + terms.greenOfSecond[128],
      terms.blueOfFirst[128])
    offset = chromas - divisor / 2 + terms.luma[255] / 510
  }

  /// The least index of an entry that is `x` or more, of a table that rises steadily; 256 if there
  /// is none.
  @inline(__always)
  private func least(
    _ table: UnsafeBufferPointer<Int32>, _ reciprocal: Int64, _ x: Int32
  ) -> Int32 {
    let guess = (Int64(x &- table[0]) &* reciprocal) &>> 32
    var index = Int32(truncatingIfNeeded: min(max(guess, 0), 255))
    // The reciprocal is a little too small, and entries are rounded.
    while index < 256, table[Int(index)] < x { index &+= 1 }
    while index > 0, table[Int(index &- 1)] >= x { index &-= 1 }
    return index
  }

  /// Whether a sum is one of those that give a sample.
  @inline(__always)
  private func isOf(_ sample: Int32, _ sum: Int32) -> Bool {
    let above = sum &- divisor &* sample
    return (above >= 0 || sample == 0) && (above < divisor || sample == 255)
  }

  /// The least luma whose term is `x` or more: 0...256.
  @inline(__always)
  private func leastLuma(_ x: Int32) -> Int32 { least(terms.luma, perLuma, x) }

  /// The chromas that make `sample` blue, with a luma: from `low` to `high`, or none.
  @inline(__always)
  private func firsts(_ sample: Int32, luma: Int32) -> (low: Int32, high: Int32) {
    let x = divisor &* sample &- terms.luma[Int(luma)]
    return (
      sample == 0 ? 0 : least(terms.blueOfFirst, perFirst, x),
      sample == 255 ? 255 : least(terms.blueOfFirst, perFirst, x &+ divisor) &- 1
    )
  }

  /// The chromas that make `sample` red, with a luma: from `low` to `high`, or none.
  @inline(__always)
  private func seconds(_ sample: Int32, luma: Int32) -> (low: Int32, high: Int32) {
    let x = divisor &* sample &- terms.luma[Int(luma)]
    return (
      sample == 0 ? 0 : least(terms.redOfSecond, perSecond, x),
      sample == 255 ? 255 : least(terms.redOfSecond, perSecond, x &+ divisor) &- 1
    )
  }

  /// The luma about which those lie that can give a colour: within 1 if no sample is cut off.
  @inline(__always)
  func likelyLuma(_ colour: Colour) -> Int32 {
    let sum = Self.mean(
      divisor &* colour.red, divisor &* colour.green, divisor &* colour.blue)
    return min(leastLuma(sum &- offset), 255)
  }

  /// The mean of red, green and blue with the weights of luma.
  @inline(__always)
  private static func mean(_ red: Int32, _ green: Int32, _ blue: Int32) -> Int32 {
    let sum = 19595 &* Int64(red) &+ 38470 &* Int64(green) &+ 7471 &* Int64(blue)
    return Int32(truncatingIfNeeded: sum &>> 16)
  }

  /// How many lumas and chromas give a colour whose samples are all 1...254, and the one of them
  /// whose chromas are nearest to `expected`.
  @inline(__always)
  func preimages(_ colour: Colour, near expected: Chroma) -> (count: Int, chroma: Chroma) {
    var count = 0
    var best = expected
    var least = Int32.max
    let likely = likelyLuma(colour)
    for luma in max(likely &- 1, 0)...min(likely &+ 1, 255) {
      let x = terms.luma[Int(luma)]
      // The terms rise by more than a sample, so that there is one at most.
      let second = self.least(terms.redOfSecond, perSecond, divisor &* colour.red &- x)
      guard second < 256, isOf(colour.red, x &+ terms.redOfSecond[Int(second)]) else { continue }
      let first = self.least(terms.blueOfFirst, perFirst, divisor &* colour.blue &- x)
      guard first < 256, isOf(colour.blue, x &+ terms.blueOfFirst[Int(first)]) else { continue }
      let chroma = Chroma(first: first, second: second)
      guard isOf(colour.green, x &+ terms.greenOf(chroma)) else { continue }
      count &+= 1
      let distance = chroma.distance(to: expected)
      if distance < least { (least, best) = (distance, chroma) }
    }
    return (count, best)
  }

  /// The lumas that give a colour with a chroma: from `low` to `high`, or none if `low` is greater.
  @inline(__always)
  func lumas(_ colour: Colour, _ chroma: Chroma) -> (low: Int32, high: Int32) {
    let green = terms.greenOf(chroma)
    if colour.green > 0, colour.green < 255 {
      let luma = leastLuma(divisor &* colour.green &- green)
      guard luma < 256 else { return (1, 0) }
      let x = terms.luma[Int(luma)]
      let isFound =
        isOf(colour.green, x &+ green)
        && isOf(colour.red, x &+ terms.redOfSecond[Int(chroma.second)])
        && isOf(colour.blue, x &+ terms.blueOfFirst[Int(chroma.first)])
      return isFound ? (luma, luma) : (1, 0)
    }
    var (low, high) = lumas(colour.green, green)
    let red = lumas(colour.red, terms.redOfSecond[Int(chroma.second)])
    (low, high) = (max(low, red.low), min(high, red.high))
    let blue = lumas(colour.blue, terms.blueOfFirst[Int(chroma.first)])
    return (max(low, blue.low), min(high, blue.high))
  }

  /// The lumas that give a sample, with the term of its chromas.
  @inline(__always)
  private func lumas(_ sample: Int32, _ term: Int32) -> (low: Int32, high: Int32) {
    let x = divisor &* sample &- term
    return (
      sample == 0 ? 0 : leastLuma(x), sample == 255 ? 255 : leastLuma(x &+ divisor) &- 1
    )
  }

  /// The luma that, with a chroma, comes nearest to a colour: with the least sum of differences.
  func nearestLuma(_ colour: Colour, _ chroma: Chroma) -> Int32 {
    // The sum of differences bends where one of the samples is met, and there alone.
    let a = leastLuma(divisor &* colour.red &- terms.redOfSecond[Int(chroma.second)])
    let b = leastLuma(divisor &* colour.green &- terms.greenOf(chroma))
    let c = leastLuma(divisor &* colour.blue &- terms.blueOfFirst[Int(chroma.first)])
    var (best, least) = (Int32(0), Int32.max)
    func look(_ bend: Int32) {
      for luma in max(bend &- 1, 0)...min(bend, 255) {
        let difference = terms.colour(luma, chroma).difference(to: colour)
        if difference < least { (least, best) = (difference, luma) }
      }
    }
    look(b)
    look(a)
    look(c)
    return best
  }

  /// Steps that are taken to meet green, and lumas on either side that are tried.
  private static let steps = 24, lumas: Int32 = 12

  /// A chroma that gives a colour with some samples of 0 or 255, near to the expected one; nil if
  /// none is found.
  func cutOff(_ colour: Colour, near expected: Chroma) -> Chroma? {
    let range = lumas(colour, expected)
    if range.low <= range.high { return expected }
    let likely = max(nearestLuma(colour, expected), 0)
    var (found, least) = (Chroma?.none, Int32.max)
    for luma in max(likely &- Self.lumas, 0)...min(likely &+ Self.lumas, 255) {
      let first = firsts(colour.blue, luma: luma)
      let second = seconds(colour.red, luma: luma)
      guard first.low <= first.high, second.low <= second.high else { continue }
      var chroma = Chroma(
        first: min(max(expected.first, first.low), first.high),
        second: min(max(expected.second, second.low), second.high))
      for _ in 0..<Self.steps {
        let above = terms.colour(luma, chroma).green &- colour.green
        if above == 0 {
          let distance = chroma.distance(to: expected)
          if distance < least { (least, found) = (distance, chroma) }
          break
        }
        // Green falls by less than 1 as the second chroma rises by 1, and as the first does by 2.
        let next = min(max(chroma.second &+ above, second.low), second.high)
        if next != chroma.second {
          chroma.second = next
        } else {
          let double = abs(above) > 1 ? 2 &* above : above
          let next = min(max(chroma.first &+ double, first.low), first.high)
          if next == chroma.first { break }
          chroma.first = next
        }
      }
    }
    return found
  }

  /// A chroma that gives a colour, near to the expected one; nil if none is found.
  func nearest(_ colour: Colour, to expected: Chroma) -> Chroma? {
    guard colour.isInside else { return cutOff(colour, near: expected) }
    let found = preimages(colour, near: expected)
    return found.count > 0 ? found.chroma : nil
  }

  /// A chroma of about the colour's red and blue, near to the expected one, for a colour that none
  /// gives.
  func roughly(_ colour: Colour, near expected: Chroma) -> Chroma {
    let luma = likelyLuma(colour)
    func closest(_ value: Int32, _ range: (low: Int32, high: Int32)) -> Int32 {
      min(max(min(value, range.high), range.low), 255)
    }
    return Chroma(
      first: closest(expected.first, firsts(colour.blue, luma: luma)),
      second: closest(expected.second, seconds(colour.red, luma: luma)))
  }
}
