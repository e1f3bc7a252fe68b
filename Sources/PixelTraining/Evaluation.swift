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
      var mine = Array(stride(from: worker, to: images.count, by: threads))[...]
      while let first = mine.first {
        let (rows, columns) = (images[first].height, images[first].width)
        let usable = space.flatMap { $0.rows == rows && $0.columns == columns ? $0 : nil }
        let current =
          usable
          ?? Workspace(
            rows: rows, columns: columns,
            crops: min(
              mine.count,
              Workspace.crops(rows: rows, columns: columns, architecture: graph.architecture)),
            graph: graph)
        space = current
        let together = mine.prefix(current.crops).prefix {
          images[$0].height == rows && images[$0].width == columns
        }
        mine = mine.dropFirst(together.count)
        let samples = together.map {
          TrainingSample(
            PredictedImage(images[$0], architecture: graph.architecture), row: 0, column: 0,
            rows: rows, columns: columns, graph: graph)
        }
        let sample = TrainingSample(samples, crops: current.crops)
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
