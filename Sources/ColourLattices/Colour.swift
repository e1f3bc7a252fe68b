/// The samples of a pixel, 0...255.
struct Colour: Equatable {
  var red: Int32, green: Int32, blue: Int32

  /// Whether no sample can have been cut off.
  @inline(__always)
  var isInside: Bool {
    min(red, green, blue) > 0 && max(red, green, blue) < 255
  }

  /// The sum of the samples' differences.
  @inline(__always)
  func difference(to other: Colour) -> Int32 {
    abs(red &- other.red) &+ abs(green &- other.green) &+ abs(blue &- other.blue)
  }
}

/// The chromas of a pixel, 0...255.
struct Chroma: Equatable {
  var first: Int32, second: Int32

  /// The sum of the differences.
  @inline(__always)
  func distance(to other: Chroma) -> Int32 {
    abs(first &- other.first) &+ abs(second &- other.second)
  }
}

extension ColourTerms.Pointers {
  /// The term that the chromas add to green.
  @inline(__always)
  func greenOf(_ chroma: Chroma) -> Int32 {
    greenOfFirst[Int(chroma.first)] &+ greenOfSecond[Int(chroma.second)]
  }

  /// The colour of a luma, 0...255, and a chroma.
  @inline(__always)
  func colour(_ luma: Int32, _ chroma: Chroma) -> Colour {
    let (y, u, v) = (
      UInt8(truncatingIfNeeded: luma), UInt8(truncatingIfNeeded: chroma.first),
      UInt8(truncatingIfNeeded: chroma.second)
    )
    return Colour(red: red(y, v), green: green(y, u, v), blue: blue(y, u))
  }
}
