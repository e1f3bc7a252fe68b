// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "prnzip",
  products: [
    .executable(name: "prnzip", targets: ["prnzip"]),
    .executable(name: "prntrain", targets: ["prntrain"]),
    .library(name: "PRNZip", targets: ["PRNZip"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
  ],
  targets: [
    // C: system libraries and the code that must be C.
    .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CPNGShims", dependencies: ["CLibPNG"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CAdaptivePrediction"),
    .target(name: "CIntegerKernels"),
    .target(name: "CPixelMixing", dependencies: ["CAdaptivePrediction", "CIntegerKernels"]),
    .target(name: "CTrainingKernels"),
    .target(name: "CModelWeights", exclude: ["weights"]),

    // Leaves: they know nothing of each other.
    .target(name: "ImagePlanes"),
    .target(name: "EntropyCoding"),
    .target(name: "Container", dependencies: ["CZlib"]),

    // PNG -> planes -> model -> frequencies -> coder -> container.
    .target(name: "PNGFile", dependencies: ["ImagePlanes", "CPNGShims", "CZlib"]),
    .target(
      name: "PixelModels",
      dependencies: [
        "ImagePlanes", "CAdaptivePrediction", "CIntegerKernels", "CPixelMixing", "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "PRNZip",
      dependencies: [
        "ImagePlanes", "EntropyCoding", "Container", "PNGFile", "PixelModels", "CModelWeights",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "PixelTraining",
      dependencies: ["ImagePlanes", "PNGFile", "PixelModels", "COpenBLAS", "CTrainingKernels"]),
    .executableTarget(
      name: "prnzip",
      dependencies: [
        "PRNZip", "PixelModels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/prnzip-cli"),
    .executableTarget(
      name: "prntrain",
      dependencies: [
        "PixelTraining", "PRNZip", "PixelModels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests mirror the sources.
    .testTarget(name: "ImagePlanesTests", dependencies: ["ImagePlanes"]),
    .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
    .testTarget(name: "ContainerTests", dependencies: ["Container"]),
    .testTarget(
      name: "PNGFileTests", dependencies: ["PNGFile", "ImagePlanes"], exclude: ["PngSuite"]),
    .testTarget(
      name: "PixelModelsTests",
      dependencies: ["PixelModels", "ImagePlanes", "CAdaptivePrediction", "CIntegerKernels"]),
    .testTarget(name: "PRNZipTests", dependencies: ["PRNZip"], exclude: ["Vectors"]),
    .testTarget(
      name: "PixelTrainingTests",
      dependencies: [
        "PixelTraining", "PixelModels", "PNGFile", "PRNZip", "EntropyCoding", "ImagePlanes",
        "CTrainingKernels",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["prnzip", "Container", "ImagePlanes", "PNGFile", "PixelModels"]),
  ],
  swiftLanguageModes: [.v6]
)
