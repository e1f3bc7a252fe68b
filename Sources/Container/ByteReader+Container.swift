import Bytes

/// Reads a prn file.
typealias FileReader = ByteReader<ContainerError>

extension ByteReader where Failure == ContainerError {
  /// A reader of a part of a file. The end of the file and the end of a field in it are told apart.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - range: the part to read; clamped to the file.
  ///   - field: what the part is, if its length was stated elsewhere; nil for the file itself.
  init(_ bytes: [UInt8], _ range: Range<Int>, field: String? = nil) {
    let available = bytes.count
    self.init(bytes, range) { problem in
      switch problem {
      case .end(let expected):
        // Inside of a field whose own length is checked, a missing byte is a broken rule.
        field.map { .corrupt(reason: "the \($0) ends too early") }
          ?? .truncated(expected: expected, available: available)
      case .longInteger: .corrupt(reason: "an integer is longer than needed")
      case .largeInteger: .corrupt(reason: "an integer has more than 63 bits")
      }
    }
  }
}
