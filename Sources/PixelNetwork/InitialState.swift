/// The learned states and cells before the first step of an LSTM layer (FORMAT.md, sections 4.1 and
/// 5.4).
///
/// Source: van den Oord et al. 2016, section 3 (initial states are learned).
public struct InitialState: Sendable, Hashable {
  /// h before the first row, [bottleneck], 12 fraction bits: -4096 to 4096.
  public var states: [Int16]
  /// c before the first row, [bottleneck], 11 fraction bits: -32767 to 32767.
  public var cells: [Int16]

  /// The largest magnitude of a state: 1 with 12 fraction bits.
  public static let largestState = 4096

  /// States and cells with these values.
  public init(states: [Int16], cells: [Int16]) {
    self.states = states
    self.cells = cells
  }

  /// Checks number and range.
  ///
  /// - Throws: `wrongLayer` or `illegalField`.
  func validate(block: Int, units: Int) throws(WeightFileError) {
    guard states.count == units, cells.count == units else {
      throw .wrongLayer(name: "initial state \(block)")
    }
    for state in states where Int(state.magnitude) > Self.largestState {
      throw .illegalField(name: "initial state of layer \(block)", value: Int(state))
    }
    for cell in cells where cell == .min {
      throw .illegalField(name: "initial cell of layer \(block)", value: Int(cell))
    }
  }
}
