import CPrediction
import Dispatch
import Foundation
import ImagePlanes
import PixelNetwork
import Platform
import Prediction
import TestSupport
import Testing

/// Everything that `AdaptivePrediction` finds of an image: [colour][pixel].
private struct Trace {
  /// Who does the work that may be done in any order.
  enum Order: CaseIterable {
    case plain
    case reversed
    case threads
  }

  var found: [[ReferencePrediction.Found]]

  init(
    _ image: Image, _ breadth: AdaptivePrediction.Breadth, order: Order = .plain,
    instructions: InstructionSet = .portable
  ) throws {
    let (rows, columns, colours) = (image.height, image.width, image.colours)
    let prediction = try #require(
      AdaptivePrediction(
        breadth: breadth, rows: rows, columns: columns, colours: colours,
        instructions: instructions))
    let codeOrder = CodeOrder(
      rows: rows, columns: columns, shear: AdaptivePrediction.shear)
    var found = Array(
      repeating: Array(repeating: ReferencePrediction.Found(), count: rows * columns),
      count: colours)
    for t in 0..<codeOrder.count {
      let valid = codeOrder.rowRange(t)
      let bands =
        valid.isEmpty
        ? 0..<0
        : valid.lowerBound / AdaptivePrediction.bandRows..<(valid.upperBound - 1)
          / AdaptivePrediction.bandRows + 1
      prediction.begin(diagonal: t)
      for colour in 0..<colours {
        Self.each(bands, order) { band in
          let first = band * AdaptivePrediction.bandRows
          let rows = (first..<first + AdaptivePrediction.bandRows).clamped(to: valid)
          prediction.predict(diagonal: t, colour: colour, rows: rows)
        }
        for row in valid {
          let pixel = row * columns + codeOrder.column(diagonal: t, row: row)
          found[colour][pixel] = Self.read(prediction, t, colour, row, breadth)
        }
        Self.each(valid, order) { row in
          let pixel = row * columns + codeOrder.column(diagonal: t, row: row)
          prediction.record(
            image.planes[colour].samples[pixel], diagonal: t, colour: colour, row: row)
        }
      }
      guard order != .plain else {
        prediction.end(diagonal: t)
        continue
      }
      Self.each(prediction.activeBands(diagonal: t), order) {
        prediction.learn(diagonal: t, band: $0)
      }
      guard prediction.isDue(diagonal: t) else { continue }
      Self.each(0..<colours, order) { prediction.sum(diagonal: t, colour: $0) }
      Self.each(0..<prediction.fitCount(diagonal: t), order) {
        prediction.fit(diagonal: t, item: $0)
      }
    }
    self.found = found
  }

  private static func each(
    _ items: Range<Int>, _ order: Order, _ body: @Sendable (Int) -> Void
  ) {
    switch order {
    case .plain: for i in items { body(i) }
    case .reversed: for i in items.reversed() { body(i) }
    case .threads:
      let first = items.lowerBound
      DispatchQueue.concurrentPerform(iterations: items.count) { body(first + $0) }
    }
  }

  private static func read(
    _ prediction: AdaptivePrediction, _ t: Int, _ colour: Int, _ row: Int,
    _ breadth: AdaptivePrediction.Breadth
  ) -> ReferencePrediction.Found {
    var found = ReferencePrediction.Found()
    let view = prn_prediction_view(prediction.state, Int32(colour))
    let cell = prn_prediction_cell(
      prn_prediction_stride(prediction.state), Int32(t), Int32(row))
    func values<Arrays>(_ arrays: Arrays) -> [Int] {
      withUnsafeBytes(of: arrays) {
        $0.bindMemory(to: UnsafePointer<Int16>?.self)
          .prefix(AdaptivePrediction.predictorCount(breadth))
          .compactMap { $0.map { Int($0[cell]) } }
      }
    }
    found.predictors = values(view.predictors)
    found.errors = values(view.local_errors)
    found.blend = prediction.blend(diagonal: t, colour: colour, row: row)
    var inputs = [Int16](repeating: 0, count: prediction.channels)
    inputs.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      prediction.inputs(
        diagonal: t, colour: colour, rows: row..<row + 1, into: base, stride: target.count)
    }
    found.inputs = inputs.map(Int.init)
    return found
  }
}

@Suite struct AdaptivePredictionTests {
  static let sizes = [
    (1, 1), (1, 2), (1, 23), (2, 1), (23, 1), (3, 2), (5, 7), (9, 40), (40, 9), (17, 19),
  ]

  @Test(arguments: sizes, [1, 3])
  func everythingIsTheReference(_ size: (Int, Int), _ colours: Int) throws {
    let (rows, columns) = size
    for breadth in AdaptivePrediction.Breadth.allCases {
      for image in [
        testImage(rows: rows, columns: columns, seed: 5, colours: colours),
        photoLikeImage(rows: rows, columns: columns, seed: 6, colours: colours),
      ] {
        let expected = ReferencePrediction(image, breadth).found
        for instructions in InstructionSet.supported {
          let found = try Trace(image, breadth, instructions: instructions).found
          for colour in 0..<colours {
            let different = (0..<rows * columns).first { found[colour][$0] != expected[colour][$0] }
            #expect(
              different == nil,
              "\(instructions), \(breadth), colour \(colour), pixel \(different ?? 0)")
          }
        }
      }
    }
  }

  @Test(arguments: [(1, 9), (9, 1), (5, 7), (50, 9), (33, 40)], [1, 3])
  func theOrderOfBandsDoesNotMatter(_ size: (Int, Int), _ colours: Int) throws {
    for breadth in AdaptivePrediction.Breadth.allCases {
      let image = photoLikeImage(rows: size.0, columns: size.1, colours: colours)
      let plain = try Trace(image, breadth).found
      #expect(try Trace(image, breadth, order: .reversed).found == plain)
      #expect(try Trace(image, breadth, order: .threads).found == plain)
    }
  }

  /// A value moves only what is coded after it.
  @Test(arguments: [(9, 13), (1, 11), (11, 1)], [1, 3])
  func nothingIsSeenBeforeItsTime(_ size: (Int, Int), _ colours: Int) throws {
    let (rows, columns) = size
    let image = photoLikeImage(rows: rows, columns: columns, colours: colours)
    func time(_ colour: Int, _ pixel: Int) -> (Int, Int) {
      (pixel % columns + AdaptivePrediction.shear * (pixel / columns), colour)
    }
    for breadth in AdaptivePrediction.Breadth.allCases {
      let before = try Trace(image, breadth).found
      for colour in 0..<colours {
        for pixel in 0..<rows * columns {
          var other = image
          other.planes[colour].samples[pixel] ^= 0x80
          let after = try Trace(other, breadth).found
          var moved = 0
          for c in 0..<colours {
            for p in 0..<rows * columns where after[c][p] != before[c][p] {
              let isLater =
                p == pixel ? c > colour : time(c, p).0 > time(colour, pixel).0
              if !isLater { Issue.record("\(pixel), \(colour) moves \(p), \(c)") }
              moved += 1
            }
          }
          let isLast = pixel == rows * columns - 1 && colour == colours - 1
          #expect(moved > 0 || isLast)
        }
      }
    }
  }

  /// Extremes, among them systems without any information: nothing overflows or leaves its range.
  @Test(arguments: [(8, 8), (40, 31), (1, 64), (64, 1)], [1, 3])
  func extremesStayInRange(_ size: (Int, Int), _ colours: Int) throws {
    let (rows, columns) = size
    let patterns: [(Int, Int, Int) -> Int] = [
      { _, _, _ in 0 }, { _, _, _ in 255 }, { r, c, _ in (r + c) % 2 * 255 },
      { r, _, _ in r % 2 * 255 }, { _, c, k in (c + k) % 2 * 255 },
      { r, c, k in (r / 2 + c / 3 + k) % 2 * 255 },
      { r, c, k in (r * r + 3 * c * c + k) % 5 / 4 * 255 },
    ]
    for breadth in AdaptivePrediction.Breadth.allCases {
      let magnitudes = Architecture(
        symbolCentre: SymbolCentre.allCases.first { $0.breadth == breadth } ?? .raw,
        inputKinds: [.value, .prediction],
        kernelSize: 3, features: 24, bottleneck: 24, blocks: 0, connections: [], headFeatures: 24,
        activationMaximum: 255
      ).predictionMagnitudes
      for (index, pattern) in patterns.enumerated() {
        var image = Image(width: columns, height: rows, colours: colours)
        for k in 0..<colours {
          for i in 0..<rows * columns {
            image.planes[k].samples[i] = UInt8(pattern(i / columns, i % columns, k))
          }
        }
        let found = try Trace(image, breadth).found
        #expect(found == ReferencePrediction(image, breadth).found)
        for value in found.joined() {
          let isInRange =
            (0...16320).contains(value.blend)
            && value.predictors.allSatisfy { (0...16320).contains($0) }
            && value.errors.allSatisfy { (5...4085).contains($0) }
            && value.inputs.count == magnitudes.count
            && zip(value.inputs, magnitudes).allSatisfy { abs($0) <= $1 }
          if !isInRange { Issue.record("pattern \(index), \(value)") }
        }
        // A constant image is known for certain away from its border.
        if index < 2, rows > 4, columns > 8 {
          for colour in 0..<colours {
            #expect(found[colour][rows * columns - 3].blend == index * 16320)
          }
        }
      }
    }
  }

  /// On a photo the blend is better than colourMED, and the fits are what makes it so.
  @Test func fitsLearn() throws {
    let image = photoLikeImage(rows: 90, columns: 80)
    for breadth in AdaptivePrediction.Breadth.allCases {
      let found = try Trace(image, breadth).found
      func error(_ value: (ReferencePrediction.Found) -> Int) -> Int {
        var sum = 0
        for colour in 0..<3 {
          for i in 40 * 80..<90 * 80 {
            sum += abs(64 * Int(image.planes[colour].samples[i]) - value(found[colour][i]))
          }
        }
        return sum
      }
      let median = error { $0.predictors[0] }
      #expect(10 * error(\.blend) < 9 * median)
      #expect(10 * error { $0.predictors.last ?? 0 } < 9 * median)
    }
  }

  @Test func illegalSizesAreRefused() {
    for (rows, columns, colours) in [
      (0, 1, 3), (1, 0, 3), (65536, 1, 1), (1, 65536, 1), (4, 4, 2), (4, 4, 0), (4, 4, 4),
      (-1, 4, 3), (Int.max, Int.max, 3),
    ] {
      for breadth in AdaptivePrediction.Breadth.allCases {
        #expect(
          AdaptivePrediction(
            breadth: breadth, rows: rows, columns: columns, colours: colours,
            instructions: .portable) == nil)
        #expect(
          AdaptivePrediction.memory(
            breadth: breadth, rows: rows, columns: columns, colours: colours) == 0)
      }
    }
  }

  @Test func memoryGrowsWithTheRows() {
    func memory(_ breadth: AdaptivePrediction.Breadth, _ rows: Int, _ colours: Int) -> Int {
      AdaptivePrediction.memory(breadth: breadth, rows: rows, columns: 100, colours: colours)
    }
    #expect(memory(.wide, 800, 3) > memory(.narrow, 800, 3))
    #expect(memory(.widest, 800, 3) >= memory(.wide, 800, 3))
    #expect(memory(.narrow, 800, 3) > 2 * memory(.narrow, 800, 1))
    #expect(memory(.narrow, 8000, 3) > 9 * memory(.narrow, 800, 3))
    #expect(
      AdaptivePrediction.memory(breadth: .wide, rows: 9, columns: 65535, colours: 3)
        == memory(.wide, 9, 3))
  }

  #if os(Linux)
    /// What the process grows by: the best of some trials, as other tests allocate at the same
    /// time.
    @Test func memoryIsWhatIsAllocated() throws {
      func used() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
          .split(separator: " ")
        return try #require(Int(pages[5])) * Int(sysconf(Int32(_SC_PAGESIZE)))
      }
      for breadth in AdaptivePrediction.Breadth.allCases {
        let stated = AdaptivePrediction.memory(
          breadth: breadth, rows: 30000, columns: 9, colours: 3)
        var differences: [Int] = []
        for _ in 0..<10 {
          let before = try used()
          let prediction = try #require(
            AdaptivePrediction(
              breadth: breadth, rows: 30000, columns: 9, colours: 3, instructions: .portable))
          differences.append(abs(try used() - before - stated))
          withExtendedLifetime(prediction) {}
          if differences.contains(where: { $0 < stated / 5 }) { break }
        }
        #expect(differences.contains { $0 < stated / 5 }, "\(differences) from \(stated)")
      }
    }
  #endif
}
