import Bytes
import CEntropyCoding
import Platform
import CNetwork
import TestSupport
import Testing

@testable import PixelNetwork

/// Every version of the kernels against the portable one, bit for bit.
@Suite struct KernelsTests {
  /// The portable kernels, and the others that run here.
  static func versions() -> (reference: prn_kernels, others: [prn_kernels]) {
    let all = InstructionSet.supported.compactMap { prn_kernels_of($0.rawValue)?.pointee }
    return (all[0], Array(all.dropFirst()))
  }

  /// Half of them extremes.
  static func activations(_ count: Int, _ generator: inout SplitMix64) -> [Int16] {
    (0..<count).map { _ in
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: .min
      case 1: .max
      default: Int16.random(in: .min ... .max, using: &generator)
      }
    }
  }

  static func sums(_ count: Int, _ generator: inout SplitMix64) -> [Int32] {
    let spread = Int32(1) << Int32.random(in: 4...30, using: &generator)
    return (0..<count).map { _ in
      Int.random(in: 0..<40, using: &generator) == 0
        ? [.min, .max, 0].randomElement(using: &generator) ?? 0
        : Int32.random(in: -spread...spread, using: &generator)
    }
  }

  @Test func everySupportedSetHasKernelsThatAgree() {
    for instructions in InstructionSet.allCases {
      #expect((prn_kernels_of(instructions.rawValue) != nil) == instructions.isSupported)
      #expect((prn_network_agrees(instructions.rawValue) != 0) == instructions.isSupported)
    }
    #expect(prn_kernels_of(-1) == nil && prn_kernels_of(3) == nil)
    #expect(prn_network_agrees(-1) == 0 && prn_network_agrees(3) == 0)
  }

  @Test func convolutionsAgree() {
    let (reference, others) = Self.versions()
    var generator = SplitMix64(seed: 1)
    for outputs in [8, 16, 24, 32, 40, 64, 256] {
      for channels in [[1], [2], [4, 3], [96], [5, 5, 5, 1, 2], [48, 48, 16]] {
        for pixels in [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 29] {
          let pairs = channels.reduce(0) { $0 + ($1 + 1) / 2 }
          let stride = 2 * pairs + 4
          let cells = Self.activations((pixels + 1) * stride + 2, &generator)
          let weights = Self.activations(2 * pairs * outputs, &generator)
          let bias = Self.sums(outputs, &generator)
          func run(_ kernels: prn_kernels) -> [Int32] {
            var result = [Int32](repeating: 77, count: pixels * outputs + 8)
            cells.withUnsafeBufferPointer { cells in
              var offset = 0
              let segments = channels.map { count -> prn_segment in
                defer { offset += (count + 1) / 2 * 2 }
                return prn_segment(
                  source: cells.baseAddress.map { $0 + offset }, pixel_stride: stride,
                  channels: Int32(count))
              }
              kernels.masked_convolution(
                segments, Int32(segments.count), weights, bias, Int32(outputs), Int32(pixels),
                &result)
            }
            return result
          }
          let expected = run(reference)
          for other in others {
            #expect(run(other) == expected, "\(outputs), \(channels), \(pixels)")
          }
        }
      }
    }
  }

  /// Gates of every number of units, with the largest cells and with sums that leave the table.
  @Test func gatesAgree() {
    let (reference, others) = Self.versions()
    var generator = SplitMix64(seed: 8)
    for units in [8, 16, 24, 48] {
      for shift in [1, 9, 17, 24] as [Int32] {
        let (pixels, stride) = (7, units + 8)
        let sums = Self.sums(4 * units * pixels, &generator)
        let before = Self.activations(stride * pixels, &generator)
        func run(_ kernels: prn_kernels) -> [Int16] {
          var cells = [Int16](repeating: 1, count: stride * pixels)
          var states = cells
          kernels.gates(
            sums, Int32(pixels), Int32(units), shift, before, &cells, &states, stride)
          return cells + states
        }
        let expected = run(reference)
        #expect(Set(expected).count > units)
        for other in others { #expect(run(other) == expected, "\(units), \(shift)") }
      }
    }
  }

  /// Both symbols of a sigmoid, as those of two logits of which the first is 0.
  @Test func sigmoidsAreTwoLogits() {
    var generator = SplitMix64(seed: 5)
    var accumulators = Self.sums(500, &generator)
    accumulators += [.min, .max, 0, -1, 1, 31, 32, -32, -33]
    for accumulator in accumulators {
      for shift in [1, 5, 24] as [Int32] {
        let expected = ReferenceNetwork.frequencies([0, Int(accumulator >> shift)])
        var distribution = prn_distribution()
        prn_sigmoid_distribution(accumulator, shift, &distribution)
        let stored = withUnsafeBytes(of: distribution.frequencies) {
          $0.bindMemory(to: UInt32.self).map(Int.init)
        }
        #expect(stored == expected + Array(repeating: 0, count: 254))
        for (symbol, cumulative) in [(0, 0), (1, expected[0]), (7, expected[0])] {
          let event = prn_sigmoid_event(accumulator, shift, UInt8(symbol))
          #expect(Int(event.cumulative) == cumulative)
          #expect(Int(event.frequency) == expected[min(symbol, 1)])
          #expect(Int(event.total) == expected[0] + expected[1])
          var found: (cumulative: UInt32, frequency: UInt32) = (0, 0)
          for target in [cumulative, cumulative + expected[min(symbol, 1)] - 1] {
            let value = prn_find_symbol(
              &distribution, UInt32(target), &found.cumulative, &found.frequency)
            #expect(Int(value) == min(symbol, 1))
            #expect(found == (event.cumulative, event.frequency))
          }
        }
      }
    }
  }

  /// A class's logit is that of each of its symbols.
  @Test func classesAreSymbolsOfOneLogit() {
    let (reference, others) = Self.versions()
    var generator = SplitMix64(seed: 9)
    let classes = (0...255).map { Int(prn_class_of($0)) }
    #expect(classes == (0..<256).map(ReferenceNetwork.classOf))
    for k in 0..<Int(PRN_CLASSES) {
      #expect(classes.filter { $0 == k }.count == 1 << prn_class_shift(Int32(k)))
    }
    for shift in [1, 5, 12, 24] as [Int32] {
      for _ in 0..<30 {
        let accumulators = Self.sums(Int(PRN_CLASSES), &generator)
        let logits = classes.map { Int(accumulators[$0] >> shift) }
        let expected = ReferenceNetwork.frequencies(logits)
        let all = classes.map { accumulators[$0] }
        var symbols = prn_distribution()
        reference.distribution(all, shift, &symbols)
        for kernels in [reference] + others {
          var distribution = prn_distribution()
          kernels.class_distribution(accumulators, shift, &distribution)
          withUnsafeBytes(of: distribution) { one in
            withUnsafeBytes(of: symbols) { other in #expect(one.elementsEqual(other)) }
          }
          let stored = withUnsafeBytes(of: distribution.frequencies) {
            $0.bindMemory(to: UInt32.self).map(Int.init)
          }
          #expect(stored == expected)
          for symbol in 0...255 as ClosedRange<UInt8> {
            let event = kernels.class_event(accumulators, shift, symbol)
            #expect(Int(event.total) == expected.reduce(0, +))
            #expect(Int(event.cumulative) == expected[..<Int(symbol)].reduce(0, +))
            #expect(Int(event.frequency) == expected[Int(symbol)])
          }
        }
      }
    }
  }

  /// The portable kernel itself, against sums of products of unpacked weights.
  @Test func portableConvolutionIsTheSum() {
    let (reference, _) = Self.versions()
    var generator = SplitMix64(seed: 2)
    for outputs in [8, 24, 32] {
      let channels = [3, 4, 1]
      let bias = (0..<outputs).map { _ in Int32.random(in: -1000...1000, using: &generator) }
      let weights = (0..<8 * outputs).map { _ in Int16.random(in: -999...999, using: &generator) }
      let slice = PackedSlice(
        MaskedConvolution.Slice(bias: bias, weights: weights), segments: channels, shift: 5)
      defer { slice.deallocate() }
      let cells = (0..<5 * 14).map { _ in Int16.random(in: -5000...5000, using: &generator) }
      var result = [Int32](repeating: 0, count: 5 * outputs)
      cells.withUnsafeBufferPointer { cells in
        let segments = zip(channels, [0, 4, 9]).map { count, offset in
          prn_segment(
            source: cells.baseAddress.map { $0 + offset }, pixel_stride: 14,
            channels: Int32(count))
        }
        reference.masked_convolution(
          segments, 3, slice.weights, slice.bias, Int32(outputs), 5, &result)
      }
      for pixel in 0..<5 {
        for output in 0..<outputs {
          var sum = bias[output] + 16
          for (k, offset) in [0, 1, 2, 4, 5, 6, 7, 9].enumerated() {
            sum += Int32(weights[8 * output + k]) * Int32(cells[14 * pixel + offset])
          }
          #expect(result[pixel * outputs + output] == sum)
        }
      }
    }
  }

  @Test func epiloguesAgree() {
    let (reference, others) = Self.versions()
    var generator = SplitMix64(seed: 3)
    for round in 0..<400 {
      let pixels = Int32.random(in: 0...5, using: &generator)
      let channels = 8 * Int32.random(in: 1...6, using: &generator)
      let stride = Int(channels) + 8 * Int.random(in: 0...2, using: &generator)
      let count = 6 * stride
      let shift = Int32.random(in: 1...24, using: &generator)
      let maximum = ([255, 4000, 32767] as [Int32]).randomElement(using: &generator) ?? 255
      let accumulators = Self.sums(Int(pixels * channels) + 8, &generator)
      let addend = Self.activations(count, &generator)
      func run(_ kernels: prn_kernels) -> [[Int16]] {
        // Once in place, as the stream; once without an addend.
        var stream = addend
        var rectified = [Int16](repeating: 9, count: count)
        var hidden = rectified
        var bare = rectified
        stream.withUnsafeMutableBufferPointer { target in
          kernels.saturate(
            accumulators, pixels, channels, shift, target.baseAddress, target.baseAddress,
            &rectified, stride, maximum)
        }
        kernels.rectify(
          accumulators, pixels, channels, shift, round % 2 == 0 ? addend : nil, stride, &hidden,
          stride, maximum)
        kernels.saturate(
          accumulators, pixels, channels, shift, nil, &bare, nil, stride, maximum)
        return [stream, rectified, hidden, bare]
      }
      let expected = run(reference)
      for other in others { #expect(run(other) == expected) }
    }
  }

  @Test func distributionsAgree() {
    let (reference, others) = Self.versions()
    var generator = SplitMix64(seed: 4)
    for _ in 0..<2000 {
      let accumulators = Self.sums(256, &generator)
      let shift = Int32.random(in: 1...24, using: &generator)
      let frequencies = ReferenceNetwork.frequencies(accumulators.map { Int($0 >> shift) })
      let symbol = UInt8.random(in: 0...255, using: &generator)
      let below = frequencies[..<Int(symbol)].reduce(0, +)
      for kernels in [reference] + others {
        var distribution = prn_distribution()
        kernels.distribution(accumulators, shift, &distribution)
        let stored = withUnsafeBytes(of: distribution.frequencies) {
          $0.bindMemory(to: UInt32.self).map(Int.init)
        }
        #expect(stored == frequencies)
        #expect(Int(distribution.total) == frequencies.reduce(0, +))
        let event = kernels.event(accumulators, shift, symbol)
        #expect(Int(event.cumulative) == below)
        #expect(Int(event.frequency) == frequencies[Int(symbol)])
        #expect(event.total == distribution.total)
        for target in [below, below + frequencies[Int(symbol)] - 1] {
          var cumulative: UInt32 = 0
          var frequency: UInt32 = 0
          let found = prn_find_symbol(
            &distribution, UInt32(target), &cumulative, &frequency)
          #expect(found == symbol)
          #expect(Int(cumulative) == below && Int(frequency) == frequencies[Int(symbol)])
        }
      }
    }
  }
}
