/// What can be wrong with a weight file (FORMAT.md, section 4).
public enum WeightFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It does not begin with "PRNW".
  case notAWeightFile
  /// Its `weightVersion` is newer than this program.
  case newerVersion(UInt8)
  /// It has `actual` bytes where its fields call for `expected` (or more, if it ends before them).
  case wrongLength(expected: Int, actual: Int)
  /// Its checksum does not fit its bytes.
  case wrongChecksum(stored: UInt32, computed: UInt32)
  /// Its name is not 1 to 32 of a-z, 0-9, "-" and ".".
  case illegalName(String)
  /// A field has a value that the format does not allow.
  case illegalField(name: String, value: Int)
  /// A layer is missing, is one too many or has not the shape that the architecture gives it.
  case wrongLayer(name: String)
  /// The small image's model is missing, not called for, or has not what the other calls for.
  case wrongSmallModel(String)
  /// The accumulator of an output channel (0 ..< all of the layer's) could exceed 32 bits.
  case overflowingBound(layer: String, channel: Int, bound: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .notAWeightFile: "not a weight file"
    case .newerVersion(let version): "weight file of a newer version (\(version))"
    case .wrongLength(let expected, let actual):
      "weight file of \(actual) bytes, \(expected) expected"
    case .wrongChecksum(let stored, let computed):
      "damaged weight file (checksum \(hex(computed)), stored \(hex(stored)))"
    case .illegalName(let name): "illegal model name \(String(reflecting: name))"
    case .illegalField(let name, let value): "illegal \(name) \(value) in weight file"
    case .wrongLayer(let name): "layer \(name) does not fit the architecture"
    case .wrongSmallModel(let what): "the small image's model \(what)"
    case .overflowingBound(let layer, let channel, let bound):
      "layer \(layer), channel \(channel): sums up to \(bound) exceed 32 bits"
    }
  }

  private func hex(_ value: UInt32) -> String { String(value, radix: 16) }
}
