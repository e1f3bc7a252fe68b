import Platform
import Testing

@testable import TileCoding

@Suite struct ArithmeticTests {
  @Test(arguments: Arithmetic.allCases, InstructionSet.allCases)
  func whatTheMachineHasAgrees(_ arithmetic: Arithmetic, _ set: InstructionSet) {
    #expect(arithmetic.agrees(set) == set.isSupported)
    // The second answer is remembered.
    #expect(arithmetic.agrees(set) == set.isSupported)
  }

  @Test(arguments: Arithmetic.allCases)
  func whatTheMachineLacksGivesWayToTheBestSlowerSet(_ arithmetic: Arithmetic) {
    for set in InstructionSet.allCases {
      let best = InstructionSet.supported.last { $0.rawValue <= set.rawValue }
      #expect(set.tested(for: arithmetic) == best)
    }
  }

  @Test func currentIsTheRequestedOrTheBest() {
    let requested = InstructionSet.requested.flatMap { $0.isSupported ? $0 : nil }
    #expect(InstructionSet.current == requested ?? InstructionSet.supported.last)
  }
}
