import ImagePlanes

/// The colours of an image, if they are few: in an order that puts like ones beside each other.
///
/// A colour is a word: the sample of plane k in its bits 8k to 8k + 7.
struct ColourTable {
  /// In the order of `rank`.
  let colours: [UInt32]

  /// The most colours that a table has.
  static let most = 256

  /// The colours that occur in planes of bytes; nil where there are more than `most`.
  ///
  /// Complexity: O(samples).
  init?(_ planes: ArraySlice<Plane>) {
    var slots = [UInt32](repeating: 0, count: 1024)
    var isTaken = [Bool](repeating: false, count: 1024)
    var found: [UInt32] = []
    var last: UInt32?
    let count = planes.first?.samples.count ?? 0
    var next = 0
    while next < count {
      let pixel = next
      var colour: UInt32 = 0
      for (k, plane) in planes.enumerated() { colour |= UInt32(plane.samples[pixel]) << (8 * k) }
      next += 1
      if colour == last {
        while next + 8 <= count, planes.repeatEight(at: next, distance: 1) { next += 8 }
        continue
      }
      last = colour
      var slot = ColourTable.slot(colour)
      while isTaken[slot], slots[slot] != colour { slot = (slot + 1) & 1023 }
      if isTaken[slot] { continue }
      if found.count == Self.most { return nil }
      isTaken[slot] = true
      slots[slot] = colour
      found.append(colour)
    }
    let hasAlpha = planes.count == 2 || planes.count == 4
    colours = found.sorted { ColourTable.precedes($0, $1, planes: planes.count, hasAlpha) }
  }

  /// These colours in this order.
  init(_ colours: [UInt32]) { self.colours = colours }

  private static func slot(_ colour: UInt32) -> Int { Int((colour &* 0x9E37_79B1) >> 22) }

  /// Whether a colour stands before another one (FORMAT.md, section 1.9): the more transparent,
  /// then the darker, then the smaller word.
  static func precedes(_ a: UInt32, _ b: UInt32, planes: Int, _ hasAlpha: Bool) -> Bool {
    let keys = [a, b].map { colour -> (UInt32, UInt32) in
      let value = { (k: Int) in colour >> (8 * UInt32(k)) & 255 }
      let alpha = hasAlpha ? value(planes - 1) : 255
      let luma = planes >= 3 ? 5 * value(0) + 9 * value(1) + 2 * value(2) : 16 * value(0)
      return (alpha, luma)
    }
    if keys[0] != keys[1] { return keys[0] < keys[1] }
    return a < b
  }

  /// The number of each pixel's colour, all of which are in the table.
  ///
  /// Complexity: O(samples).
  func numbers(_ planes: ArraySlice<Plane>) -> Plane {
    var numbers = [UInt32: UInt8](minimumCapacity: colours.count)
    for (index, colour) in colours.enumerated() {
      numbers[colour] = UInt8(truncatingIfNeeded: index)
    }
    guard let first = planes.first else { return Plane(width: 0, height: 0) }
    var result = Plane(width: first.width, height: first.height)
    var last: (colour: UInt32, number: UInt8)?
    let count = result.samples.count
    var next = 0
    while next < count {
      let pixel = next
      var colour: UInt32 = 0
      for (k, plane) in planes.enumerated() { colour |= UInt32(plane.samples[pixel]) << (8 * k) }
      next += 1
      if let last, last.colour == colour {
        while next + 8 <= count, planes.repeatEight(at: next, distance: 1) { next += 8 }
        for place in pixel..<next { result.samples[place] = last.number }
      } else {
        let number = numbers[colour] ?? 0
        last = (colour, number)
        result.samples[pixel] = number
      }
    }
    return result
  }
}
