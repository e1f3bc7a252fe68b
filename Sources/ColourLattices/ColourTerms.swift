/// A transform as tables of 256 terms: a sample is clamp((luma + terms of the chromas) // divisor).
///
/// No sum leaves -2^25 ..< 2^25.
struct ColourTerms: Sendable {
  /// Table behind table, in the order of `Pointers`.
  private let tables: [Int32]
  /// What a step of a sample takes of the sum.
  let divisor: Int32

  private init(
    luma: (Int32) -> Int32, greenOfFirst: (Int32) -> Int32, blueOfFirst: (Int32) -> Int32,
    redOfSecond: (Int32) -> Int32, greenOfSecond: (Int32) -> Int32, divisor: Int32
  ) {
    let bytes = Int32(0)...255
    tables =
      bytes.map(luma) + bytes.map(greenOfFirst) + bytes.map(blueOfFirst) + bytes.map(redOfSecond)
      + bytes.map(greenOfSecond)
    self.divisor = divisor
  }

  /// Gives `body` the tables in place.
  func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
    tables.withUnsafeBufferPointer { body(Pointers($0, divisor: divisor)) }
  }

  /// The tables, and the samples of luma and chroma.
  struct Pointers {
    /// The term that luma adds to each of the three.
    let luma: UnsafeBufferPointer<Int32>
    /// The term that the first chroma adds to green, and to blue.
    let greenOfFirst: UnsafeBufferPointer<Int32>, blueOfFirst: UnsafeBufferPointer<Int32>
    /// The term that the second chroma adds to red, and to green.
    let redOfSecond: UnsafeBufferPointer<Int32>, greenOfSecond: UnsafeBufferPointer<Int32>
    /// The division as a multiplication and a shift; `above` is added before, so that no sum is
    /// negative where that is not exact for such, and `less` taken off behind.
    private let multiplier: Int64, shift: Int64, above: Int32, less: Int32

    init(_ tables: UnsafeBufferPointer<Int32>, divisor: Int32) {
      let parts = (0..<5).map { UnsafeBufferPointer(rebasing: tables[256 * $0..<256 * ($0 + 1)]) }
      luma = parts[0]
      greenOfFirst = parts[1]
      blueOfFirst = parts[2]
      redOfSecond = parts[3]
      greenOfSecond = parts[4]
      if divisor.nonzeroBitCount == 1 {
        (multiplier, shift, above, less) = (1, Int64(divisor.trailingZeroBitCount), 0, 0)
      } else {
        // Exact below 2^40 / divisor: the multiplier is less than 1 above 2^40 / divisor.
        (multiplier, shift) = ((1 << 40) / Int64(divisor) + 1, 40)
        (above, less) = (1024 * divisor, 1024)
      }
    }

    @inline(__always)
    func red(_ luma: UInt8, _ second: UInt8) -> Int32 {
      sample(self.luma[Int(luma)] &+ redOfSecond[Int(second)])
    }

    @inline(__always)
    func green(_ luma: UInt8, _ first: UInt8, _ second: UInt8) -> Int32 {
      sample(self.luma[Int(luma)] &+ greenOfFirst[Int(first)] &+ greenOfSecond[Int(second)])
    }

    @inline(__always)
    func blue(_ luma: UInt8, _ first: UInt8) -> Int32 {
      sample(self.luma[Int(luma)] &+ blueOfFirst[Int(first)])
    }

    /// The sample, 0...255, that a sum stands for.
    @inline(__always)
    private func sample(_ sum: Int32) -> Int32 {
      let quotient = (Int64(sum &+ above) &* multiplier) &>> shift
      return min(max(Int32(truncatingIfNeeded: quotient) &- less, 0), 255)
    }
  }

  static let jfif = ColourTerms(
    luma: { 65536 * $0 },
    greenOfFirst: { -22554 * ($0 - 128) }, blueOfFirst: { 116130 * ($0 - 128) + 32768 },
    redOfSecond: { 91881 * ($0 - 128) + 32768 }, greenOfSecond: { -46802 * ($0 - 128) + 32768 },
    divisor: 65536)

  static let photoCD = ColourTerms(
    luma: { 13584 * $0 },
    greenOfFirst: { -1940 * floorQuotient(22179 * ($0 - 156), 10000) },
    blueOfFirst: { 22179 * ($0 - 156) },
    redOfSecond: { 18215 * ($0 - 137) },
    greenOfSecond: { -5090 * floorQuotient(18215 * ($0 - 137), 10000) },
    divisor: 10000)

  static let webP = ColourTerms(
    luma: { (19077 * $0) >> 8 },
    greenOfFirst: { -((6419 * $0) >> 8) }, blueOfFirst: { ((33050 * $0) >> 8) - 17685 },
    redOfSecond: { ((26149 * $0) >> 8) - 14234 }, greenOfSecond: { 8708 - ((13320 * $0) >> 8) },
    divisor: 64)

  /// a // b of a positive `b`.
  private static func floorQuotient(_ a: Int32, _ b: Int32) -> Int32 {
    a >= 0 ? a / b : -((b - 1 - a) / b)
  }
}
