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

  @Test(arguments: Arithmetic.allCases)
  func whatIsAskedForIsTested(_ arithmetic: Arithmetic) {
    for set in InstructionSet.allCases {
      #expect(arithmetic.version(set, samples: 1) == set.tested(for: arithmetic).rawValue)
    }
  }

  @Test(arguments: Arithmetic.allCases)
  func muchWorkIsWorthATest(_ arithmetic: Arithmetic) {
    let best = InstructionSet.current.tested(for: arithmetic).rawValue
    let samples = Arithmetic.sparedSamples + 1
    #expect(arithmetic.version(nil, samples: samples) == best)
    // What has been tested serves for little work, too.
    #expect(arithmetic.version(nil, samples: 1) == best)
  }

  @Test func littleWorkSparesATestUntilItIsMuch() {
    let known = Arithmetic.Known()
    let (set, half) = (InstructionSet.current, Arithmetic.sparedSamples / 2)
    #expect(known.spares(.graphics, set, samples: half))
    #expect(known.spares(.graphics, set, samples: half))
    #expect(!known.spares(.graphics, set, samples: 1))
    // Each kind of work counts for itself.
    #expect(known.spares(.bilevel, set, samples: 1))
    _ = known.result(.bilevel, set)
    #expect(!known.spares(.bilevel, set, samples: 1))
  }

  @Test func currentIsTheRequestedOrTheBest() {
    let requested = InstructionSet.requested.flatMap { $0.isSupported ? $0 : nil }
    #expect(InstructionSet.current == requested ?? InstructionSet.supported.last)
  }
}
