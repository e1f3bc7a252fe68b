/// What can be wrong with a range coder's stream.
///
/// The first three cases after `outsideAnyInterval` are found when decoding ends
/// (`RangeDecoder.finish()`); a damaged stream decodes to arbitrary symbols until then.
public enum EntropyCodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The code points outside of every symbol's interval.
  case outsideAnyInterval
  /// The coder's final state is not the one that the encoder would have left.
  case wrongFinalState
  /// The last `count` bytes of the stream were not needed to decode it.
  case unreadBytes(count: Int)
  /// The last byte is 0; an encoder drops trailing zero bytes.
  case trailingZeroByte
  /// A lane's length points past the end, or is longer than needed.
  case laneLength
  /// There is no memory for what the coder's probabilities come from.
  case outOfMemory
  /// Somebody has asked that no more be coded.
  case cancelled

  /// One line for people.
  public var description: String {
    switch self {
    case .outsideAnyInterval: "range coder: the code is outside of every symbol's interval"
    case .wrongFinalState: "range coder: wrong final state"
    case .unreadBytes(let count): "range coder: \(count) bytes left over"
    case .trailingZeroByte: "range coder: the last byte is zero"
    case .laneLength: "a lane's length is longer than needed or points past the end"
    case .outOfMemory: "not enough memory"
    case .cancelled: "cancelled"
    }
  }
}
