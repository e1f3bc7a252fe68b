import CPlatform
import Foundation
import Testing

@Suite struct LogisticTests {
  /// Within two units of the real function, and never certain.
  @Test func isTheLogisticFunction() {
    let table = prn_logistic()
    for d in 0...Int32(PRN_LOGISTIC_LIMIT) {
      let exact = 65536 / (1 + exp2(-Double(d) / 256))
      #expect(abs(Double(prn_logistic_of(table, d)) - min(exact, 65504)) < 2)
      #expect(prn_logistic_of(table, -d) == 65536 - prn_logistic_of(table, d))
    }
    #expect(prn_logistic_of(table, 1 << 30) == 65504)
    #expect(prn_logistic_of(table, -1 << 30) == 32)
  }

  /// Threads that ask for it first at the same time get one table, complete.
  @Test func thereIsOneTable() {
    let addresses = UnsafeMutablePointer<Int>.allocate(capacity: 16)
    defer { addresses.deallocate() }
    nonisolated(unsafe) let found = addresses
    DispatchQueue.concurrentPerform(iterations: 16) { i in
      found[i] = prn_logistic().map { $0[3071] == 65504 ? Int(bitPattern: $0) : 0 } ?? 0
    }
    for i in 0..<16 { #expect(found[i] == Int(bitPattern: prn_logistic())) }
  }

  @Test func powersOfTwoHalve() {
    #expect(prn_exp2_negative(0) == 1 << 45)
    for d in 0..<(46 * 256) as Range<UInt32> {
      let exact = exp2(45 - Double(d) / 256)
      #expect(abs(Double(prn_exp2_negative(d)) - exact) <= 1 + 1e-4 * exact)
    }
    #expect(prn_exp2_negative(46 * 256) == 0)
  }
}
