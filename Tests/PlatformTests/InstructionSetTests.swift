import CPlatform
import Foundation
import Platform
import Testing

@Suite struct InstructionSetTests {
  @Test func portableIsAlwaysThere() {
    #expect(InstructionSet.supported.first == .portable)
    for set in InstructionSet.allCases {
      #expect(set.isSupported == InstructionSet.supported.contains(set))
      #expect(set.isSupported == (prn_supports(set.rawValue) != 0))
    }
    #expect(prn_supports(-1) == 0 && prn_supports(3) == 0)
  }

  /// A set has all that the ones before it have.
  @Test func setsGrow() {
    #expect(!InstructionSet.avx512.isSupported || InstructionSet.avx2.isSupported)
  }

  @Test func namesAreThoseOfTheVariable() {
    #expect(InstructionSet.allCases.map(\.description) == ["portable", "avx2", "avx512"])
    let name = ProcessInfo.processInfo.environment["PRNZIP_INSTRUCTION_SET"]
    #expect(
      InstructionSet.requested?.description
        == (name.flatMap { name in
          InstructionSet.allCases.contains { $0.description == name } ? name : nil
        }))
  }
}
