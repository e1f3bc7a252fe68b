import CMixing
import Bytes
import EntropyCoding
import ImagePlanes
import Platform
import Prediction
import TestSupport
import Testing

@testable import Mixing

@Suite struct LaneMixerTests {
  static let levels = MixingLevel.allCases.filter { $0 != .pure }

  /// Constant stripes bring the centres to every value, noise the values.
  static func stripes(_ colours: Int) -> Image {
    var generator = SplitMix64(seed: 8)
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
    for plane in image.planes { #expect(Set(plane.samples).count == 256) }
    for adaptation in 0..<MixingParameters.adaptations {
      for (breadth, usesNetwork) in [
        (AdaptivePrediction.Breadth.narrow, true), (.widest, true), (.wide, false),
      ] {
        let run = MixingRun(
          parameters: MixingParameters(level, adaptation: adaptation), breadth: breadth,
          usesNetwork: usesNetwork)
        #expect(try run.decode(run.encode(image), like: image) == image)
      }
    }
  }

  /// Behind a row of equal values the centre is theirs; every value is reached from each.
  @Test(arguments: levels, [1, 3])
  func everyValueIsReachedFromEveryCentre(_ level: MixingLevel, _ colours: Int) throws {
    let run = MixingRun(parameters: MixingParameters(level), breadth: .narrow)
    for base in stride(from: 0, through: 255, by: 15) {
      var image = Image(width: 13 * 256, height: 1, colours: colours)
      for k in 0..<colours {
        image.planes[k].samples = (0..<256).flatMap { other in
          Array(repeating: UInt8(base), count: 12) + [UInt8(other)]
        }
      }
      #expect(try run.decode(run.encode(image), like: image) == image)
    }
  }

  @Test(arguments: levels, [1, 3])
  func aRepeatedTextureBecomesCheap(_ level: MixingLevel, _ colours: Int) throws {
    var generator = SplitMix64(seed: 3)
    let texture = (0..<colours * 64).map { _ in UInt8.random(in: 60...190, using: &generator) }
    func image(rows: Int) -> Image {
      var image = Image(width: 64, height: rows, colours: colours)
      for colour in 0..<colours {
        for i in 0..<64 * rows {
          image.planes[colour].samples[i] = texture[colour * 64 + i / 64 % 8 * 8 + i % 8]
        }
      }
      return image
    }
    for adaptation in 0..<MixingParameters.adaptations {
      let run = MixingRun(parameters: MixingParameters(level, adaptation: adaptation))
      let few = try run.encode(image(rows: 8))[0].count
      let more = try run.encode(image(rows: 72))[0].count
      #expect(Double(more - few) < 0.8 * 8 * Double(few), "\(few) -> \(more)")
    }
  }

  /// However the rows of a diagonal are split into calls, the stream is the same.
  @Test(arguments: levels, [1, 3])
  func callsMayBeSplit(_ level: MixingLevel, _ colours: Int) throws {
    let image = photoLikeImage(rows: 41, columns: 23, colours: colours)
    var run = MixingRun(parameters: MixingParameters(level))
    let expected = try run.encode(image)
    for rows in [1, 3] {
      run.rowsAtOnce = rows
      #expect(try run.encode(image) == expected)
      #expect(try run.decode(expected, like: image) == image)
    }
  }

  @Test(arguments: levels, [1, 3])
  func instructionSetsAgree(_ level: MixingLevel, _ colours: Int) throws {
    let image = photoLikeImage(rows: 33, columns: 40, colours: colours)
    var run = MixingRun(parameters: MixingParameters(level), instructions: .portable)
    let expected = try run.encode(image)
    for instructions in InstructionSet.supported {
      #expect(prn_mixing_agrees(instructions.rawValue) != 0)
      run.instructions = instructions
      #expect(try run.encode(image) == expected)
      #expect(try run.decode(expected, like: image) == image)
    }
  }

  /// Pixels of the small image are neither coded nor learnt from.
  @Test(arguments: levels, [2, 4]) func knownPixelsAreSkipped(_ level: MixingLevel, _ scale: Int)
    throws
  {
    let image = photoLikeImage(rows: 23, columns: 38, colours: 3)
    let run = MixingRun(parameters: MixingParameters(level), scale: scale)
    let streams = try run.encode(image)
    #expect(try run.decode(streams, like: image) == image)
    let all = try MixingRun(parameters: MixingParameters(level)).encode(image)
    #expect(streams[0].count < all[0].count)
  }

  /// The levels differ, and so do the adaptations once the rate has fallen to its least.
  @Test func choicesMatter() throws {
    let image = photoLikeImage(rows: 80, columns: 80, colours: 3)
    let sizes = try Self.levels.map { level in
      try MixingRun(parameters: MixingParameters(level)).encode(image)[0].count
    }
    #expect(sizes[2] < sizes[0])
    #expect(sizes[2] < sizes[1])
    #expect(sizes[1] != sizes[0])
    let adapted = try (0..<MixingParameters.adaptations).map {
      try MixingRun(parameters: MixingParameters(.standard, adaptation: $0)).encode(image)
    }
    #expect(Set(adapted).count == 3)
    let alone = try MixingRun(usesNetwork: false).encode(image)
    #expect(alone != adapted[0])
  }

  /// A tile of two lanes: each has a stream, and learns on its own.
  @Test func largeTilesHaveTwoLanes() throws {
    let wide = photoLikeImage(rows: 4, columns: 1 << 15, colours: 1)
    let run = MixingRun(parameters: MixingParameters(.fast), breadth: .narrow)
    let streams = try run.encode(wide)
    #expect(streams.count == 2 && streams.allSatisfy { !$0.isEmpty })
    #expect(try run.decode(streams, like: wide) == wide)
    #expect(AdaptivePrediction.bandRows == Lanes.bandRows)
  }

  @Test func refusesWhatCannotBeMixed() throws {
    let prediction = try #require(
      AdaptivePrediction(
        breadth: .wide, rows: 3, columns: 4, colours: 3, instructions: .portable))
    for (level, adaptation, scale) in [
      (MixingLevel.pure, 0, 1), (.fast, 3, 1), (.full, 255, 1), (.fast, 0, 0), (.fast, 0, 3),
    ] as [(MixingLevel, UInt8, Int)] {
      #expect(
        LaneMixer.lanes(
          MixingParameters(level, adaptation: adaptation), prediction: prediction, scale: scale,
          instructions: .portable) == nil)
    }
  }

  @Test func memoryGrowsWithLevelAndSize() {
    func memory(_ level: MixingLevel, _ side: Int) -> Int {
      LaneMixer.memory(level: level, rows: side, columns: side)
    }
    for side in [1, 100, 1000] {
      // Level 1 has a context more than level 2, level 2 more statistics: which needs more follows
      // the size.
      #expect(memory(.fast, side) < memory(.full, side))
      #expect(memory(.standard, side) < memory(.full, side))
    }
    for level in Self.levels {
      #expect(memory(level, 16) < memory(level, 360))
      #expect(memory(level, 360) < memory(level, 1000))
      #expect(memory(level, 65535) < 1 << 29)
    }
    #expect(memory(.pure, 9) == 0)
  }
}
