import COpenBLAS
import ImagePlanes
import PixelNetwork
import TileCoding

/// The float model's code length.
struct FloatCodeLength {
  let layout: ParameterLayout

  /// Bits for each coded subpixel over `images`, each coded as one tile.
  ///
  /// - Parameters:
  ///   - images: of the architecture's colours.
  ///   - parameters: [parameters].
  ///   - threads: 1 or more.
  ///   - quantize: as the integer network computes.
  /// - Returns: the mean over all subpixels of all images.
  /// - Throws: `TrainingError.notQuantizable` or `EntropyCodingError.outOfMemory`.
  func bitsPerDimension(
    _ images: [Image], parameters: [Float], threads: Int, quantize: Bool
  ) throws -> Double {
    openblas_set_num_threads(1)
    var used = parameters
    if quantize { try Quantizer(layout: layout).round(parameters, into: &used) }
    let (groups, parameters) = (groups(images), used)
    let sums = try Parallel.map(threads) { worker throws(any Error) -> Double in
      var sum = 0.0
      var space: Workspace?
      for i in Parallel.share(of: worker, among: threads, count: groups.count) {
        let images = Array(images[groups[i]])
        let geometry = geometry(images)
        if space?.geometry != geometry {
          // The old one goes before the new one comes.
          space = nil
          space = Workspace(
            crops: geometry.crops, rows: geometry.rows, columns: geometry.columns, layout: layout,
            keeps: false)
        }
        guard let space else { continue }
        sum += try nats(images, parameters, space, quantize: quantize)
      }
      return sum
    }
    let subpixels = images.reduce(0) { $0 + layout.codedColours * $1.width * $1.height }
    return sums.reduce(0, +) / Double(max(subpixels, 1)) * .bitsPerNat
  }

  private func nats(
    _ images: [Image], _ parameters: [Float], _ space: Workspace, quantize: Bool
  ) throws -> Double {
    let samples = try images.map { image in
      TrainingSample(
        try PredictedImage(image, architecture: layout.architecture), row: 0, column: 0,
        rows: image.height, columns: image.width, layout: layout)
    }
    return parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return 0 }
      let pass = NetworkPass(
        layout: layout, space: space, parameters: parameters, quantize: quantize)
      pass.forward(samples)
      return pass.loss()
    }
  }

  private func geometry(_ images: [Image]) -> MapGeometry {
    MapGeometry(
      crops: images.count, rows: images.first?.height ?? 0, columns: images.first?.width ?? 0,
      padding: layout.padding)
  }

  /// Images of one size that are evaluated together: small ones, one behind the other. A
  /// multi-scale network takes one at a time.
  private func groups(_ images: [Image]) -> [Range<Int>] {
    guard layout.architecture.scale == 1 else { return images.indices.map { $0..<$0 + 1 } }
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
}

extension Double {
  /// 1 / log(2).
  static let bitsPerNat = 1.4426950408889634
}
