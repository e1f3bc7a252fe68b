import EmbeddedDigits
import ModelStore

extension ModelStore {
  /// The models of the library, and those of binarized digits, `mnist-*`.
  ///
  /// They take more than a megabyte of a program, and are for nothing but digits: so only who links
  /// this module has them.
  package static let withDigits = ModelStore(embedded, digits)

  private static let digits = ModelDescription.ofDigits.enumerated().map { index, description in
    let place = Int32(index)
    return EmbeddedModel(description) {
      Array(
        UnsafeBufferPointer(start: prn_digits_bytes(place), count: Int(prn_digits_size(place))))
    }
  }
}
