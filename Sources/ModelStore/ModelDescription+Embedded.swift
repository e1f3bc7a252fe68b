import Bytes
import ImagePlanes

// What is known of the models that are trained, without their weights.
extension ModelDescription {
  /// Those that the library has, in their order there.
  static let ofLibrary: [ModelDescription] = [
    make("photo-fast", "fe71f9f20edc6bb328a9da91a21094a6", .rgb8, [.fast]),
    make("photo-default", "e88e1f8ad0f02691e89db7343345a860", .rgb8, [.default]),
    make("photo-best", "6c395c3435b137d82e9c27564ee35b0c", .rgb8, [.best]),
    make("gray", "53068b6d2b853c8efbef6bc940720daf", .gray8, [.fast, .default, .best]),
    make("chroma", "0e3eace2e13d43434af0cf5dc69d6675", .rgb8, Effort.allCases, isForChroma: true),
    make("photo-rowlstm", "d646480515cf57cb8c89417809117fc3", .rgb8),
    make("photo-bilstm", "ae0ab9a641514c951b1b40f3d86a309a", .rgb8),
    make("photo-multiscale", "6d32c4dac4a8371db0c03c9535a7f0a8", .rgb8),
  ]

  /// Those of digits, whose weights are in a module of their own.
  package static let ofDigits: [ModelDescription] = [
    make("mnist-pixelcnn", "04fca9ebc4c337819e58ced7a2a8a036", .gray1, [.fast], tileLimit: 28),
    make("mnist-rowlstm", "20c3a31a4f5ff8efb209e414a6a5ee47", .gray1, [.default], tileLimit: 28),
    make("mnist-bilstm", "7a7682c6e673d2876c695ac5c84d1f6d", .gray1, [.best], tileLimit: 28),
  ]

  private static func make(
    _ name: String, _ identity: String, _ format: PixelFormat, _ efforts: [Effort] = [],
    isForChroma: Bool = false, tileLimit: Int = 65535
  ) -> ModelDescription {
    ModelDescription(
      name: name, identity: Bytes.bytes(hexadecimal: identity), format: format, efforts: efforts,
      isForChroma: isForChroma, tileLimit: tileLimit)
  }
}
