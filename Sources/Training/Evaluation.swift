import COpenBLAS
import ImagePlanes
import Mixing
import PixelNetwork

/// The float model's code length.
struct Evaluation {
  let graph: PixelCNNGraph

  /// Images of one size that are evaluated together: small ones, one behind the other. A multi-scale network takes one at a time.
  private func groups(_ images: [Image]) -> [Range<Int>] {
    guard graph.architecture.scale == 1 else { return images.indices.map { $0..<$0 + 1 } }
    var groups: [Range<Int>] = []
    for (i, image) in images.enumerated() {
      if let last = groups.last, images[last.lowerBound].width == image.width,
        images[last.lowerBound].height == image.height,
        (last.count + 1) * image.width * image.height <= 16384
      {
        groups[groups.count - 1] = last.lowerBound..<i + 1
      } else {
        groups.append(i..<i + 1)
      }
    }
    return groups
  }

  /// Bits for each subpixel over `images`, each coded as one tile; with `quantize` as the integer network computes.
  func bitsPerDimension(
    _ images: [Image], parameters: UnsafePointer<Float>, threads: Int, quantize: Bool
  ) throws -> Double {
    openblas_set_num_threads(1)
    var rounded: UnsafeMutablePointer<Float>?
    defer { rounded?.deallocate() }
    if quantize {
      let copy = UnsafeMutablePointer<Float>.allocate(capacity: graph.parameterCount)
      copy.initialize(repeating: 0, count: graph.parameterCount)
      rounded = copy
      try Quantizer(graph: graph).round(parameters, into: copy)
    }
    struct Used: @unchecked Sendable { let pointer: UnsafePointer<Float> }
    let used = Used(pointer: rounded.map { UnsafePointer($0) } ?? parameters)
    let graph = graph
    let groups = groups(images)
    let sums = Parallel.map(threads) { worker -> Double in
      var sum = 0.0
      var space: Workspace?
      for i in stride(from: worker, to: groups.count, by: threads) {
        let images = images[groups[i]]
        let (rows, columns) = (images.first?.height ?? 0, images.first?.width ?? 0)
        let usable = space.flatMap {
          $0.crops == images.count && $0.rows == rows && $0.columns == columns ? $0 : nil
        }
        space = nil
        let current =
          usable
          ?? Workspace(
            crops: images.count, rows: rows, columns: columns, graph: graph, keeps: false)
        space = current
        let pass = PixelCNNPass(
          graph: graph, space: current, parameters: used.pointer, quantize: quantize)
        pass.forward(
          images.map { image in
            TrainingSample(
              PredictedImage(image, architecture: graph.architecture, instructions: .current),
              row: 0, column: 0,
              rows: rows, columns: columns, graph: graph)
          })
        sum += pass.loss()
      }
      return sum
    }
    let subpixels = images.reduce(0) { $0 + graph.architecture.colours * $1.width * $1.height }
    return sums.reduce(0, +) / Double(max(subpixels, 1)) * 1.4426950408889634
  }
}
