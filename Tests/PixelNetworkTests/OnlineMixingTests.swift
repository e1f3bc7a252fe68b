import Mixing
import Prediction
import Foundation
import ImagePlanes
import TestSupport
import Testing

@testable import PixelNetwork

/// Codes images value by value, as both sides of the codec do.
private struct MixingRun {
  /// Bits of each value, in code order.
  var costs: [Double] = []
  /// Every probability that was asked for.
  var probabilities: [UInt32] = []
  /// Values that the walk ended at, where they are others than the image's.
  var wrong = 0
  /// The centres that occurred.
  var centres: Set<UInt8> = []

  /// With `ahead`, a value is prepared while the one before is coded. To `endings`, the last pixel is walked, too.
  init(
    _ image: Image, _ model: PixelCNN, level: MixingLevel = .standard, adaptation: UInt8 = 0,
    ahead: Bool = true, endings: [UInt8] = []
  ) throws {
    let evaluation = try #require(
      PixelCNNEvaluation(
        model: model, samples: TileSamples(image, colours: model.architecture.colours),
        bandLength: 1, keepsDistributions: true, instructions: .current))
    let prediction = try #require(evaluation.adaptivePrediction)
    let lanes = try #require(
      OnlineMixing.lanes(level: level, adaptation: adaptation, prediction: prediction, instructions: .current))
    let scratch = Scratch()
    for t in 0..<evaluation.diagonals.count {
      let rows = evaluation.diagonals.rowRange(t)
      evaluation.begin(t..<t + 1)
      evaluation.begin(diagonal: t)
      for colour in 0..<evaluation.colours {
        evaluation.predict(diagonal: t, colour: colour, rows: rows)
        for phase in 0..<evaluation.phaseCount {
          evaluation.evaluate(
            phase: phase, diagonal: t, group: colour, rows: rows, scratch: scratch)
        }
        evaluation.distributions(diagonal: t, colour: colour, rows: rows, scratch: scratch)
        for (index, lane) in lanes.enumerated() {
          let own = OnlineMixing.rows(
            of: index, count: lanes.count, diagonal: t, in: evaluation.diagonals)
          if ahead, let first = own.first {
            lane.prepare(diagonal: t, colour: colour, row: first)
          }
          for row in own {
            if !ahead { lane.prepare(diagonal: t, colour: colour, row: row) }
            lane.begin(network: evaluation.network(row: row))
            if ahead && own.contains(row + 1) {
              lane.prepare(diagonal: t, colour: colour, row: row + 1)
            }
            centres.insert(evaluation.prediction(diagonal: t, colour: colour, row: row))
            if t == evaluation.diagonals.count - 1 {
              for value in endings {
                walk(lane, to: value)
                lane.prepare(diagonal: t, colour: colour, row: row)
                lane.begin(network: evaluation.network(row: row))
              }
            }
            walk(lane, to: evaluation.value(diagonal: t, colour: colour, row: row))
            evaluation.record(diagonal: t, colour: colour, rows: row..<row + 1)
          }
        }
      }
      evaluation.adaptivePrediction?.end(diagonal: t)
    }
  }

  private mutating func walk(_ lane: OnlineMixing, to value: UInt8) {
    var bits = 0.0
    while case let p = lane.next(), p > 0 {
      let decision = lane.decision(for: value)
      probabilities.append(p)
      bits -= log2(Double(decision ? p : 65536 - p) / 65536)
      lane.update(decision)
    }
    if lane.end() != value { wrong += 1 }
    costs.append(bits)
  }
}

@Suite struct OnlineMixingTests {
  static let levels = MixingLevel.allCases.filter { $0 != .pure }

  static func model(colours: Int = 3, isWide: Bool = true) throws -> PixelCNN {
    let architecture = Architecture(
      colours: colours, symbolCentre: isWide ? .adaptiveWidest : .adaptive,
      inputKinds: [.value, .residual, .prediction], kernelSize: 3, features: 24, bottleneck: 24,
      blocks: 0, connections: [], headFeatures: 24, activationMaximum: 16383)
    return try PixelCNN(
      weightFile: WeightFile.random(architecture: architecture, seed: 4).serialized)
  }

  /// Constant stripes bring the centres to every value, noise the values.
  static func stripes(_ colours: Int) -> Image {
    var generator = TestGenerator(8)
    var samples: [UInt8] = []
    for row in 0..<24 {
      for column in 0..<128 {
        for colour in 0..<colours {
          let base = 2 * column + row % 2 + 40 * colour
          samples.append(
            row < 14
              ? UInt8(truncatingIfNeeded: base) : UInt8.random(in: 0...255, using: &generator))
        }
      }
    }
    return Image(width: 128, height: 24, interleaved: samples, colours: colours)
  }

  @Test(arguments: levels, [1, 3])
  func everyWalkEndsAtItsValue(_ level: MixingLevel, _ colours: Int) throws {
    let image = Self.stripes(colours)
    for adaptation in 0..<OnlineMixing.adaptations {
      for isWide in [false, true] {
        let model = try Self.model(colours: colours, isWide: isWide)
        let run = try MixingRun(image, model, level: level, adaptation: adaptation)
        #expect(run.wrong == 0)
        #expect(run.costs.count == colours * 24 * 128)
        #expect(run.probabilities.allSatisfy { (32...65504).contains($0) })
        #expect(run.centres.count > 200)
        for plane in image.planes { #expect(Set(plane.samples).count == 256) }
      }
    }
  }

  /// Behind a row of equal values the centre is theirs.
  @Test(arguments: levels, [1, 3])
  func everyValueIsReachedFromEveryCentre(_ level: MixingLevel, _ colours: Int) throws {
    let model = try Self.model(colours: colours)
    for base in UInt8.min...UInt8.max {
      var image = Image(width: 13, height: 1, colours: colours)
      for k in 0..<colours {
        image.planes[k].samples = Array(repeating: base, count: 13)
      }
      let run = try MixingRun(image, model, level: level, endings: Array(0...255))
      #expect(run.wrong == 0 && run.centres.contains(base))
      #expect(run.costs.count == colours * (13 + 256))
      #expect(run.probabilities.allSatisfy { (32...65504).contains($0) })
    }
  }

  @Test(arguments: levels, [1, 3])
  func aRepeatedTextureBecomesCheap(_ level: MixingLevel, _ colours: Int) throws {
    var generator = TestGenerator(3)
    let texture = (0..<colours * 64).map { _ in UInt8.random(in: 60...190, using: &generator) }
    var image = Image(width: 64, height: 64, colours: colours)
    for colour in 0..<colours {
      for i in 0..<4096 {
        image.planes[colour].samples[i] = texture[colour * 64 + i / 64 % 8 * 8 + i % 8]
      }
    }
    for adaptation in 0..<OnlineMixing.adaptations {
      let run = try MixingRun(
        image, Self.model(colours: colours), level: level, adaptation: adaptation)
      func mean(_ costs: ArraySlice<Double>) -> Double {
        costs.reduce(0, +) / Double(costs.count)
      }
      let first = mean(run.costs.prefix(colours * 256))
      let last = mean(run.costs.suffix(colours * 1024))
      #expect(last < 0.8 * first, "\(first) -> \(last)")
    }
  }

  @Test(arguments: levels, [1, 3])
  func preparingAheadChangesNothing(_ level: MixingLevel, _ colours: Int) throws {
    let image = photoLikeImage(rows: 41, columns: 23, colours: colours)
    let model = try Self.model(colours: colours)
    let ahead = try MixingRun(image, model, level: level, ahead: true)
    let justBefore = try MixingRun(image, model, level: level, ahead: false)
    #expect(ahead.probabilities == justBefore.probabilities)
    #expect(ahead.costs == justBefore.costs)
  }

  /// The levels differ, and so do the adaptations once the rate has fallen to its least.
  @Test func choicesMatter() throws {
    let image = photoLikeImage(rows: 80, columns: 80, colours: 3)
    let model = try Self.model()
    let costs = try Self.levels.map { level in
      try MixingRun(image, model, level: level).costs.reduce(0, +)
    }
    // The network's weights are random numbers: of the levels, only the last has experts beside it.
    #expect(costs[2] < costs[0])
    #expect(costs[2] < costs[1])
    #expect(costs[1] != costs[0])
    let adapted = try (0..<OnlineMixing.adaptations).map {
      try MixingRun(image, model, adaptation: $0).costs.reduce(0, +)
    }
    #expect(Set(adapted).count == 3)
  }

  /// A tile of two lanes: the left half and the right half learn on their own.
  @Test func lanesAreHalves() throws {
    #expect(OnlineMixing.laneCount(rows: 512, columns: 256) == 2)
    #expect(OnlineMixing.laneCount(rows: 511, columns: 256) == 1)
    #expect(OnlineMixing.laneCount(rows: 1 << 17, columns: 1) == 1)
    for (rows, columns) in [(1, 2), (3, 3), (40, 255), (9, 1)] {
      let diagonals = CodeOrder(rows: rows, columns: columns, shear: 4)
      for t in 0..<diagonals.count {
        let lanes = (0..<2).map { lane in
          OnlineMixing.rows(of: lane, count: 2, diagonal: t, in: diagonals)
        }
        for row in diagonals.rowRange(t) {
          let half = (columns + 1) / 2
          let lane = t >= half && row < ((t - half) / 4 + 1) / 8 * 8 ? 1 : 0
          #expect(lanes[lane].contains(row) && !lanes[1 - lane].contains(row))
          // A column is out of its half by less than a band.
          let column = diagonals.column(diagonal: t, row: row)
          #expect(lane == 1 ? column >= half : column < half + 4 * 8)
        }
        let bands = (0..<2).map { lane in
          OnlineMixing.bands(0..<(rows + 7) / 8, of: lane, count: 2, diagonal: t, in: diagonals)
        }
        for lane in 0..<2 where !lanes[lane].isEmpty {
          let own = lanes[lane].lowerBound / 8...(lanes[lane].upperBound - 1) / 8
          #expect(own.allSatisfy(bands[lane].contains))
        }
        #expect(bands[0].count + bands[1].count == (rows + 7) / 8)
        #expect(lanes[0].count + lanes[1].count == diagonals.rowRange(t).count)
      }
    }
    let wide = testImage(rows: 4, columns: 1 << 15, colours: 1)
    let run = try MixingRun(wide, Self.model(colours: 1), level: .fast)
    #expect(run.wrong == 0 && run.costs.count == 4 << 15)
  }

  @Test func refusesWhatCannotBeMixed() throws {
    let adaptive = try Self.model()
    for (model, level, adaptation) in [
      (adaptive, MixingLevel.pure, 0), (adaptive, .fast, 3), (adaptive, .full, 255),
    ] as [(PixelCNN, MixingLevel, UInt8)] {
      let evaluation = try #require(
        PixelCNNEvaluation(
          model: model, samples: TileSamples(rows: 3, columns: 4), bandLength: 1,
          keepsDistributions: true, instructions: .current))
      let prediction = try #require(evaluation.adaptivePrediction)
      #expect(
        OnlineMixing.lanes(level: level, adaptation: adaptation, prediction: prediction, instructions: .current) == nil)
    }
  }

  @Test func memoryGrowsWithLevelAndSize() {
    func memory(_ level: MixingLevel, _ side: Int) -> Int {
      OnlineMixing.memory(level: level, rows: side, columns: side)
    }
    for side in [1, 100, 1000] {
      // Level 1 has a context more than level 2, level 2 more statistics: which needs more follows the size.
      #expect(memory(.fast, side) < memory(.full, side))
      #expect(memory(.standard, side) < memory(.full, side))
    }
    for level in Self.levels {
      #expect(memory(level, 16) < memory(level, 360))
      #expect(memory(level, 360) < memory(level, 1000))
      #expect(memory(level, 65535) < 1 << 29)
    }
    #expect(OnlineMixing.memory(level: .pure, rows: 9, columns: 9) == 0)
  }
}
