import PixelNetwork
import Testing

@testable import Training

@Suite struct QuantizerTests {
  let layout = ParameterLayout(architecture: Small.architecture())

  /// The weight file holds the rounded weights: each is that of the float network times its layer's
  /// scale.
  @Test func weightFileHoldsTheRoundedWeights() throws {
    let store = Small.store(layout)
    let file = try Quantizer(layout: layout).weightFile(name: "x", store.weights)
    let again = try WeightFile(parsing: file.serialized)
    #expect(again.layers.count == layout.architecture.layers.count)
    var rounded = [Float](repeating: 0, count: layout.parameterCount)
    try Quantizer(layout: layout).round(store.weights, into: &rounded)
    // The first convolution's last slice, whose mask hides its own value.
    let layer = try #require(layout.all(.inputConvolution).first)
    let scale = Float(1 << again.layers[0].shift)
    let first = 2 * layer.outputs / 3
    func index(_ k: Int, _ o: Int) -> Int { layer.weightOffset + k * layer.outputs + o }
    let seen = (0..<layer.inputs).filter { store.mask[index($0, first)] > 0 }
    #expect(seen.count < layer.inputs)
    let stored = again.layers[0].slices[2].weights.map { Float($0) / scale }
    let expected = (first..<layer.outputs).flatMap { o in seen.map { rounded[index($0, o)] } }
    #expect(stored == expected)
    for i in 0..<layer.weightCount {
      #expect(abs(rounded[i] - store.weights[i]) <= 0.5 / scale)
    }
  }

  /// Weights beyond every shift are refused by name, not wrapped.
  @Test func weightsThatFitNoShiftAreRefused() throws {
    let store = Small.store(layout)
    let layer = try #require(layout.all(.headHidden).first)
    store.weights[layer.weightOffset] = 1e6
    #expect(throws: TrainingError.notQuantizable(layer: "headHidden", channel: 0)) {
      _ = try Quantizer(layout: layout).weightFile(name: "x", store.weights)
    }
  }

  /// Larger weights leave room for fewer fraction bits.
  @Test func theShiftFollowsTheWeights() throws {
    let store = Small.store(layout)
    let quantizer = Quantizer(layout: layout)
    let layer = try #require(layout.all(.headHidden).first)
    let before = try quantizer.shift([layer], store.weights)
    for i in layer.weightOffset..<layer.end { store.weights[i] *= 16 }
    let after = try quantizer.shift([layer], store.weights)
    #expect(after <= before && after >= before - 4 && after < 16)
  }
}
