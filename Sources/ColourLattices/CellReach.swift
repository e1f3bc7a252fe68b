/// The pixels along one axis that each cell has a part in: at most four, side by side.
struct CellReach {
  /// The first pixel of each cell.
  let first: [Int]
  /// How many pixels each cell has.
  let count: [Int]
  /// The weights, of 4, of cell i's pixels: [4 * i + pixel].
  let weights: [Int32]

  init(_ taps: [Tap], cells: Int) {
    var first = [Int](repeating: 0, count: cells)
    var count = first
    var weights = [Int32](repeating: 0, count: 4 * cells)
    func add(_ weight: Int32, of cell: Int, to pixel: Int) {
      guard weight > 0 else { return }
      if count[cell] == 0 { first[cell] = pixel }
      let place = pixel - first[cell]
      guard (0..<4).contains(place) else { return }
      count[cell] = place + 1
      weights[4 * cell + place] += weight
    }
    for (pixel, tap) in taps.enumerated() {
      add(4 - tap.farWeight, of: tap.near, to: pixel)
      add(tap.farWeight, of: tap.far, to: pixel)
    }
    (self.first, self.count, self.weights) = (first, count, weights)
  }
}
