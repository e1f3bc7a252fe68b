import Testing

@testable import Training

@Suite struct DropoutTests {
  /// A fifth of the features is 0, the others are 5 / 4 of what they were; other steps, crops and
  /// blocks lose others.
  @Test func takesItsShare() throws {
    let layout = ParameterLayout(architecture: Small.architecture(blocks: 2))
    let blocks = layout.all(.expand)
    let cells = 4000
    func dropped(step: Int, crop: Int, block: Int) throws -> [Float] {
      let dropout = try #require(Dropout(share: 0.2, seed: 7, step: step, crop: crop))
      var x = [Float](repeating: 2, count: cells * blocks[block].inputs)
      x.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        dropout.drop(base, into: base, before: blocks[block], start: 0, n: cells)
      }
      return x
    }
    let all = try [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)].map {
      try dropped(step: $0, crop: $1, block: $2)
    }
    for (i, x) in all.enumerated() {
      #expect(Set(x) == [0, 2.5])
      let share = Double(x.count { $0 == 0 }) / Double(x.count)
      #expect(abs(share - 0.2) < 0.02)
      for y in all.dropFirst(i + 1) {
        let both = Double(zip(x, y).count { $0 == 0 && $1 == 0 }) / Double(x.count)
        #expect(abs(both - 0.04) < 0.01)
      }
    }
    #expect(Dropout(share: 0, seed: 7, step: 0, crop: 0) == nil)
  }

  /// Parts of the cells lose what they lose together.
  @Test func partsAreLikeTheWhole() throws {
    let layout = ParameterLayout(architecture: Small.architecture())
    let expand = try #require(layout.all(.expand).first)
    let dropout = try #require(Dropout(share: 0.5, seed: 1, step: 1, crop: 0))
    let ones = [Float](repeating: 1, count: 50 * expand.inputs)
    var whole = ones, parts = ones
    ones.withUnsafeBufferPointer { x in
      guard let x = x.baseAddress else { return }
      dropout.drop(x, into: &whole, before: expand, start: 0, n: 50)
      parts.withUnsafeMutableBufferPointer {
        guard let target = $0.baseAddress else { return }
        dropout.drop(x, into: target, before: expand, start: 0, n: 20)
        dropout.drop(
          x, into: target + 20 * expand.inputs, before: expand, start: 20, n: 30)
      }
    }
    #expect(whole == parts)
    #expect(Set(whole) == [0, 2])
  }
}
