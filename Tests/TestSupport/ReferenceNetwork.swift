import ImagePlanes
import PixelNetwork
import Prediction

/// FORMAT.md, sections 2, 5 and 6, written down once more: whole image, no skew, no ring, no
/// kernels.
package struct ReferenceNetwork {
  package let file: WeightFile
  package let image: Image
  package let rows: Int
  package let columns: Int
  package let colours: Int
  /// [colour][pixel], 0...255.
  package private(set) var predictions: [[Int]] = []
  /// The residual inputs: [colour][pixel].
  package private(set) var residuals: [[Int]] = []
  /// The prediction inputs: [colour][pixel][channel].
  package private(set) var predictionInputs: [[[Int]]] = []
  /// Empty if there is no small image.
  private var conditioningMap: Activations = []

  /// Channels of a layer: [channel][pixel].
  typealias Activations = [[Int]]

  package init(_ file: WeightFile, _ image: Image) {
    self.file = file
    self.image = image
    rows = image.height
    columns = image.width
    colours = file.architecture.colours
    let pixels = 0..<rows * columns
    let centre = file.architecture.symbolCentre
    if let breadth = centre.breadth {
      let found = ReferencePrediction(image, breadth).found
      predictions = found.map { $0.map { ($0.blend + 32) >> 6 } }
      residuals = (0..<colours).map { c in
        pixels.map { (64 * x(c, $0 / columns, $0 % columns) - found[c][$0].blend) >> 2 }
      }
      predictionInputs = found.map { $0.map(\.inputs) }
    } else {
      predictions = (0..<colours).map { c in
        pixels.map { predict(colour: c, row: $0 / columns, column: $0 % columns) }
      }
      residuals = (0..<colours).map { c in
        pixels.map { 16 * (x(c, $0 / columns, $0 % columns) - predictions[c][$0]) }
      }
      predictionInputs = predictions.map { $0.map { [16 * ($0 - 128)] } }
    }
    let upsampling = file.architecture.upsamplingCount
    if upsampling > 0 { conditioningMap = upsampled(file.layers.prefix(upsampling)) }
  }

  package func x(_ colour: Int, _ row: Int, _ column: Int) -> Int {
    Int(image.planes[colour].samples[row * columns + column])
  }

  private func predict(colour: Int, row: Int, column: Int) -> Int {
    if file.architecture.symbolCentre == .raw { return 0 }
    func u(_ r: Int, _ c: Int) -> Int {
      colour == 0 ? x(0, r, c) : x(colour, r, c) - x(colour - 1, r, c)
    }
    let p: Int
    if row == 0 && column == 0 {
      p = colour == 0 ? 128 : 0
    } else if row == 0 {
      p = u(0, column - 1)
    } else if column == 0 {
      p = u(row - 1, 0)
    } else {
      let w = u(row, column - 1)
      let n = u(row - 1, column)
      let nw = u(row - 1, column - 1)
      if nw >= max(w, n) {
        p = min(w, n)
      } else if nw <= min(w, n) {
        p = max(w, n)
      } else {
        p = w + n - nw
      }
    }
    if colour == 0 { return p }
    return min(max(p + x(colour - 1, row, column), 0), 255)
  }

  /// y of a layer: [channel][pixel]. `inputs` are those of a pixel for a slice, in the weights'
  /// order.
  private func convolve(
    _ layer: MaskedConvolution, inputs: (_ slice: Int, _ row: Int, _ column: Int) -> [Int]
  ) -> Activations {
    var y: Activations = []
    for (g, slice) in layer.slices.enumerated() {
      var own = [[Int]](repeating: [], count: slice.bias.count)
      for pixel in 0..<rows * columns {
        let a = inputs(g, pixel / columns, pixel % columns)
        for o in 0..<slice.bias.count {
          var accumulator = Int(slice.bias[o])
          for k in 0..<a.count { accumulator += Int(slice.weights[o * a.count + k]) * a[k] }
          own[o].append((accumulator + 1 << (layer.shift - 1)) >> layer.shift)
        }
      }
      y += own
    }
    return y
  }

  private func map(_ a: Activations, _ f: (Int) -> Int) -> Activations { a.map { $0.map(f) } }

  private func add(_ a: Activations, _ b: Activations) -> Activations {
    zip(a, b).map { zip($0, $1).map { $0 + $1 } }
  }

  private func relu(_ a: Activations) -> Activations {
    map(a) { min(max($0, 0), file.architecture.activationMaximum) }
  }

  private func sat16(_ a: Activations) -> Activations { map(a) { min(max($0, -32768), 32767) } }

  private func isInside(_ r: Int, _ c: Int) -> Bool {
    r >= 0 && r < rows && c >= 0 && c < columns
  }

  private func taps(_ size: Int) -> [(Int, Int)] {
    let reach = (size - 1) / 2
    var taps: [(Int, Int)] = []
    for dr in -reach...0 {
      for dc in -reach...reach where dr < 0 || dc < 0 { taps.append((dr, dc)) }
    }
    return taps
  }

  private func pointwise(_ layer: MaskedConvolution, _ a: Activations) -> Activations {
    convolve(layer) { g, r, c in
      (0..<(g + 1) * a.count / colours).map { a[$0][r * columns + c] }
    }
  }

  private func convolve3x3(
    _ layer: MaskedConvolution, _ dilation: Int, _ a: Activations
  ) -> Activations {
    convolve(layer) { g, r, c in
      var inputs: [Int] = []
      for (dr, dc) in taps(3).map({ (dilation * $0.0, dilation * $0.1) }) {
        for channel in a {
          inputs.append(
            isInside(r + dr, c + dc) ? channel[(r + dr) * columns + c + dc] : 0)
        }
      }
      return inputs + (0..<(g + 1) * a.count / colours).map { a[$0][r * columns + c] }
        + conditioningMap.map { $0[r * columns + c] }
    }
  }

  /// Section 5.6: by the definition of a transposed convolution. Every cell of the coarser map adds
  /// to the 4x4 cells of the finer one that begin at (2 row - 1, 2 column - 1).
  private func upsampled(_ layers: ArraySlice<MaskedConvolution>) -> Activations {
    let scale = file.architecture.scale
    let valueScale = file.architecture.head == .sigmoid ? 255 : 1
    var (height, width) = ((rows + scale - 1) / scale, (columns + scale - 1) / scale)
    var map = (0..<colours).map { k in
      (0..<height * width).map {
        16 * (valueScale * x(k, scale * ($0 / width), scale * ($0 % width)) - 128)
      }
    }
    for layer in layers {
      let outputs = layer.slices[0].bias.count
      let fine = 2 * width
      var sums = (0..<outputs).map { o in
        (0..<4 * height * width).map { i in
          Int(layer.slices[2 * (i / fine % 2) + i % fine % 2].bias[o])
        }
      }
      for i in 0..<height {
        for j in 0..<width {
          for (y, x) in (0..<16).map({ (2 * i - 1 + $0 / 4, 2 * j - 1 + $0 % 4) }) {
            guard y >= 0, y < 2 * height, x >= 0, x < fine else { continue }
            let slice = layer.slices[2 * (y % 2) + x % 2]
            // Which of the phase's 2x2 cells (i, j) is.
            let tap = 2 * (i - y / 2 + 1 - y % 2) + j - x / 2 + 1 - x % 2
            for o in 0..<outputs {
              for k in map.indices {
                let weight = slice.weights[(4 * o + tap) * map.count + k]
                sums[o][y * fine + x] += Int(weight) * map[k][i * width + j]
              }
            }
          }
        }
      }
      map = relu(self.map(sums) { ($0 + 1 << (layer.shift - 1)) >> layer.shift })
      (height, width) = (2 * height, fine)
    }
    return map.map { channel in
      (0..<rows * columns).map { channel[$0 / columns * width + $0 % columns] }
    }
  }

  private func inputConvolution(_ layer: MaskedConvolution) -> Activations {
    let kinds = file.architecture.inputKinds
    let scale = file.architecture.head == .sigmoid ? 255 : 1
    func channels(_ colours: Range<Int>, _ r: Int, _ c: Int) -> [Int] {
      colours.flatMap { k -> [Int] in
        let inside = isInside(r, c)
        var both: [Int] = []
        if kinds.contains(.value) { both.append(inside ? 16 * (scale * x(k, r, c) - 128) : 0) }
        if kinds.contains(.residual) {
          both.append(inside ? residuals[k][r * columns + c] : 0)
        }
        return both
      }
    }
    return convolve(layer) { g, r, c in
      var inputs = taps(file.architecture.kernelSize).flatMap {
        channels(0..<colours, r + $0, c + $1)
      }
      inputs += channels(0..<g, r, c)
      if kinds.contains(.prediction) {
        inputs += (0...g).flatMap { predictionInputs[$0][r * columns + c] }
      }
      return inputs
    }
  }

  /// Section 5.4: the states of a Row LSTM layer, [channel][pixel], row by row.
  private func states(
    _ layer: MaskedConvolution, _ dilation: Int, _ initial: InitialState, _ stream: Activations
  ) -> Activations {
    let units = file.architecture.bottleneck
    // With as many cells as are looked at on either side.
    let width = columns + 2 * dilation
    var above = [[Int]](repeating: initial.states.map { Int($0) }, count: width)
    var cells = [[Int]](repeating: initial.cells.map { Int($0) }, count: columns)
    var states = Activations(repeating: [], count: units)
    for r in 0..<rows {
      var here = [[Int]](repeating: [Int](repeating: 0, count: units), count: width)
      for c in 0..<columns {
        for (g, slice) in layer.slices.enumerated() {
          let seen = (0..<(g + 1) * stream.count / colours)
          var inputs = stream.map { c > 0 ? $0[r * columns + c - 1] : 0 }
          inputs += seen.map { stream[$0][r * columns + c] }
          for tap in 0..<3 { inputs += above[c + tap * dilation] }
          inputs += conditioningMap.map { $0[r * columns + c] }
          let count = units / colours
          for k in 0..<count {
            let unit = g * count + k
            (cells[c][unit], here[c + dilation][unit]) = step(
              layer, slice, inputs, unit: k, units: count, before: cells[c][unit])
          }
        }
      }
      for k in 0..<units { states[k] += (0..<columns).map { here[$0 + dilation][k] } }
      above = here
    }
    return states
  }

  /// Section 5.4: cell and state of a unit of a slice, from its four gates.
  private func step(
    _ layer: MaskedConvolution, _ slice: MaskedConvolution.Slice, _ inputs: [Int], unit: Int,
    units: Int, before: Int
  ) -> (cell: Int, state: Int) {
    let gates = (0..<4).map { gate in
      let o = gate * units + unit
      let sum = inputs.indices.reduce(Int(slice.bias[o])) {
        $0 + Int(slice.weights[o * inputs.count + $1]) * inputs[$1]
      }
      return squash((sum + 1 << (layer.shift - 1)) >> layer.shift)
    }
    let moved = (gates[1] * before + 32768) >> 16 + (gates[2] * (gates[3] - 32768) + 1 << 19) >> 20
    let cell = min(max(moved, -32767), 32767)
    return (cell, (gates[0] * (squash((cell * 23637 + 32768) >> 16) - 32768) + 1 << 18) >> 19)
  }

  /// Section 5.5: the states of a direction of a Diagonal BiLSTM layer, [channel][pixel]; its step
  /// is 1 from the left, -1 from the right.
  private func states(
    _ layer: MaskedConvolution, _ initial: InitialState, _ stream: Activations, direction: Int
  ) -> Activations {
    let units = file.architecture.bottleneck
    var states = [[Int]](repeating: [], count: rows * columns)
    for r in 0..<rows {
      var beside = initial.states.map { Int($0) }
      var cells = initial.cells.map { Int($0) }
      for place in 0..<columns {
        let c = direction > 0 ? place : columns - 1 - place
        let above = r > 0 ? states[(r - 1) * columns + c] : initial.states.map { Int($0) }
        var here: [Int] = []
        for (g, slice) in layer.slices.enumerated() {
          let seen = (0..<(g + 1) * stream.count / colours)
          let inputs =
            seen.map { stream[$0][r * columns + c] } + above + beside
            + conditioningMap.map { $0[r * columns + c] }
          for k in 0..<units / colours {
            let unit = g * units / colours + k
            let (cell, state) = step(
              layer, slice, inputs, unit: k, units: units / colours, before: cells[unit])
            cells[unit] = cell
            here.append(state)
          }
        }
        states[r * columns + c] = here
        beside = here
      }
    }
    return (0..<units).map { unit in states.map { $0[unit] } }
  }

  /// Section 5.5: the output of a Diagonal BiLSTM layer.
  private func output(
    _ left: Activations, _ right: Activations
  ) -> Activations {
    zip(left, right).map { left, right in
      left.indices.map { $0 < columns ? left[$0] : left[$0] + right[$0 - columns] }
    }
  }

  /// Section 8.2.
  private func squash(_ d: Int) -> Int {
    if d < 0 { return 65536 - squash(-d) }
    let d = min(d, 3071)
    let a = [32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867]
    let b = [32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376]
    let c = [32768, 32679, 32591, 32503]
    let e = (a[(d >> 5) & 7] * b[(d >> 2) & 7] * c[d & 3]) >> (d >> 8)
    return min(65504, (1 << 61) / ((1 << 45) + e))
  }

  /// [colour][pixel][symbol]
  package func logits() -> [[[Int]]] {
    let connections = file.architecture.connections
    var layers = file.layers.dropFirst(file.architecture.upsamplingCount)
    var stream = sat16(inputConvolution(layers.removeFirst()))
    var skipSum: Activations?
    for block in 0..<file.architecture.blocks {
      let dilation = [1, 2, 4, 8, 16][block % file.architecture.dilationCycle]
      let last: Activations
      if file.architecture.body == .rowLSTM {
        last = states(layers.removeFirst(), dilation, file.initialStates[block], stream)
      } else if file.architecture.body == .diagonalBiLSTM {
        last = output(
          states(layers.removeFirst(), file.initialStates[2 * block], stream, direction: 1),
          states(layers.removeFirst(), file.initialStates[2 * block + 1], stream, direction: -1))
      } else {
        let a = relu(pointwise(layers.removeFirst(), relu(stream)))
        last = relu(convolve3x3(layers.removeFirst(), dilation, a))
      }
      let expanded = pointwise(layers.removeFirst(), last)
      stream = sat16(connections.contains(.residual) ? add(expanded, stream) : expanded)
      if connections.contains(.skip) {
        let skip = pointwise(layers.removeFirst(), last)
        skipSum = sat16(skipSum.map { add($0, skip) } ?? skip)
      }
    }
    let y0 = sat16(pointwise(layers.removeFirst(), relu(stream)))
    let hidden = relu(skipSum.map { add(y0, $0) } ?? y0)
    let y = pointwise(layers.removeFirst(), hidden)
    if file.architecture.head == .sigmoid { return [y[0].map { [0, $0] }] }
    let isOfClasses = file.architecture.head == .classes
    let outputs = isOfClasses ? (0..<256).map(Self.classOf) : Array(0..<256)
    let count = isOfClasses ? 64 : 256
    return (0..<colours).map { g in
      (0..<rows * columns).map { pixel in outputs.map { y[count * g + $0][pixel] } }
    }
  }

  /// The class of a symbol: 16 of one symbol at each end, then 4 of four, then 12 of eight.
  package static func classOf(_ symbol: Int) -> Int {
    let sizes =
      [Int](repeating: 1, count: 16) + [Int](repeating: 4, count: 4)
      + [Int](repeating: 8, count: 12)
    let classes = (sizes + sizes.reversed()).enumerated().flatMap { k, size in
      [Int](repeating: k, count: size)
    }
    return classes[symbol]
  }

  /// Section 5.
  package static func frequencies(_ logits: [Int]) -> [Int] {
    let a = [32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867]
    let b = [32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376]
    let m = logits.reduce(Int.min, max)
    return logits.map { logit in
      let d = m - logit
      let n = d >> 6
      return 1 + (n > 22 ? 0 : (a[(d >> 3) & 7] * b[d & 7]) >> (8 + n))
    }
  }
}
