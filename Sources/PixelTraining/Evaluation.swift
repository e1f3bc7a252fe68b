import COpenBLAS
import ImagePlanes
import PixelModels

/// The float model's code length.
struct Evaluation {
  let graph: PixelCNNGraph

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
    let sums = Parallel.map(threads) { worker -> Double in
      var sum = 0.0
      var space: Workspace?
      for i in stride(from: worker, to: images.count, by: threads) {
        let image = images[i]
        let usable = space.flatMap {
          $0.rows == image.height && $0.columns == image.width ? $0 : nil
        }
        let current =
          usable ?? Workspace(rows: image.height, columns: image.width, graph: graph)
        space = current
        let sample = TrainingSample(
          PredictedImage(image, architecture: graph.architecture), row: 0, column: 0,
          rows: image.height, columns: image.width, graph: graph)
        let pass = PixelCNNPass(
          graph: graph, space: current, parameters: used.pointer, quantize: quantize)
        pass.forward(sample)
        sum += pass.loss(sample)
      }
      return sum
    }
    let subpixels = images.reduce(0) { $0 + graph.architecture.colours * $1.width * $1.height }
    return sums.reduce(0, +) / Double(max(subpixels, 1)) * 1.4426950408889634
  }
}
