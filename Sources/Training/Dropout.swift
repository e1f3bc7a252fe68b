import CTraining

/// Takes a share of the last features of each block out of a step, at random, and makes the others
/// greater, so that the mean stays (Srivastava et al. 2014, JMLR 15, section 4).
///
/// What it takes follows from the run's seed, the step, the first crop's number, the block and the
/// feature's number alone: so the backward pass takes the same, and a run that is resumed, too.
struct Dropout {
  /// The share that is taken, at least 0 and below 1.
  let share: Double
  private let key: UInt64

  /// Nil if nothing is taken.
  ///
  /// - Parameters:
  ///   - share: what is taken, at least 0 and below 1.
  ///   - seed: of the run.
  ///   - step: its number.
  ///   - crop: the number of the first crop in the workspace, among all of the step's.
  init?(share: Double, seed: UInt64, step: Int, crop: Int) {
    guard share > 0 else { return nil }
    self.share = share
    var key = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(step) << 16 ^ UInt64(crop)
    key = (key ^ key >> 31) &* 0xBF58_476D_1CE4_E5B9
    self.key = key ^ key >> 29
  }

  /// target[i] = 0 for a share of all i, x[i] / (1 - share) for the others.
  ///
  /// - Parameters:
  ///   - x: a block's last features, [n][inputs of `layer`], or their gradient.
  ///   - target: of the same shape; it may be x.
  ///   - layer: the block's `expand`, which reads them.
  ///   - start: the first cell.
  ///   - n: how many cells.
  func drop(
    _ x: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, before layer: DenseLayer,
    start: Int, n: Int
  ) {
    let mixed = (key &+ UInt64(layer.weightOffset)) &* 0x94D0_49BB_1331_11EB
    let first = UInt64(start * layer.inputs) &+ mixed >> 32
    prn_drop(
      x, target, n * layer.inputs, UInt32(truncatingIfNeeded: first),
      UInt32(share * 4_294_967_296), Float(1 / (1 - share)))
  }
}
