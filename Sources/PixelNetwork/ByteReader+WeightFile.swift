import Bytes

/// Reads a weight file.
typealias WeightReader = ByteReader<WeightFileError>

extension ByteReader where Failure == WeightFileError {
  /// A reader of a weight file's fields.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - range: where the fields are: what comes behind is the checksum.
  init(weightFile bytes: [UInt8], _ range: Range<Int>) {
    let actual = bytes.count
    self.init(bytes, range) { problem in
      // The fields have no integers of variable length.
      guard case .end(let end) = problem else { return .wrongLength(expected: 0, actual: actual) }
      return .wrongLength(expected: end == .max ? .max : end + 4, actual: actual)
    }
  }
}
