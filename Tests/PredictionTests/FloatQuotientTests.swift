import Testing

/// Prediction finds the integer parts of some quotients by dividing floats (Predict.c,
/// WindowSums.h). They are those of integers for all operands that there can be.
@Suite struct FloatQuotientTests {
  /// 2^24 over the square of a local error: at most 4080 and 5.
  @Test func sharesOfPredictors() {
    let wrong = (1...4095).filter { error in
      Int(Float(1 << 24) / Float(error * error)) != (1 << 24) / (error * error)
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }

  /// 2^16 over the unlikeness of a sample, at most 511 and 3; 2^22 over the largest closeness,
  /// below 2^15.
  @Test(arguments: [16, 22]) func reciprocals(bits: Int) {
    let wrong = (1...32767).filter { divisor in
      Int(Float(1 << bits) / Float(divisor)) != (1 << bits) / divisor
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }
}
