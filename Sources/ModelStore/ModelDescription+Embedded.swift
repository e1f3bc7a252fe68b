import Bytes
import ImagePlanes

// What is known of the models that are trained, without their weights.
extension ModelDescription {
  /// Those that the library has, in their order there.
  static let ofLibrary: [ModelDescription] = [
    make("photo-fast", "5842bd779d36d82341d128384e5d9d22", .rgb8, [.fast]),
    make("photo-default", "6eed3968e749b176f79d9625e45da913", .rgb8, [.default]),
    make("photo-best", "0954c7f0c5aca12f21716683950198b2", .rgb8, [.best]),
    make("gray-fast", "1eacb68f381c1fdb8b64a5fda8f5a044", .gray8, [.fast]),
    make("gray", "61e4eefd6c22b3f0b35d8040268e20e5", .gray8, [.default]),
    make("gray-best", "838f8448ee2193f9e356b7ef704cd458", .gray8, [.best]),
    make(
      "chroma-fast", "03f737bae30304d381dc8396946f5105", .rgb8, [.instant, .fast],
      isForChroma: true),
    make("chroma", "75d0f351647bf3779e3d0e8ce937a121", .rgb8, [.default], isForChroma: true),
    make("chroma-best", "9ac85504744a185a72d535dcb5097f27", .rgb8, [.best], isForChroma: true),
    make("photo-rowlstm", "d646480515cf57cb8c89417809117fc3", .rgb8),
    make("photo-bilstm", "ae0ab9a641514c951b1b40f3d86a309a", .rgb8),
    make("photo-multiscale", "6d32c4dac4a8371db0c03c9535a7f0a8", .rgb8),
  ]

  /// Those of digits, whose weights are in a module of their own.
  package static let ofDigits: [ModelDescription] = [
    make("mnist-pixelcnn", "44b2325610ce88ca497962321f498c69", .gray1, [.fast], tileLimit: 28),
    make("mnist-rowlstm", "15d5b30be54e5263f91c9ec0fcc4fa8e", .gray1, [.default], tileLimit: 28),
    make("mnist-bilstm", "042753ae968ad4bd0557d706eee5fdd7", .gray1, [.best], tileLimit: 28),
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
