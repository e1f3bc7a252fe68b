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
    .target(name: "CPlatform"),
    .target(name: "CPrediction", dependencies: ["CPlatform"]),
    .target(name: "CEntropyCoding"),
    .target(name: "CNetwork", dependencies: ["CPlatform", "CEntropyCoding"]),
    .target(name: "CMixing", dependencies: ["CPlatform", "CPrediction", "CEntropyCoding"]),
    .target(name: "CTraining"),
    .target(name: "EmbeddedModels", exclude: ["weights"]),

    // Leaves: they know nothing of each other.
    .target(name: "Platform", dependencies: ["CPlatform"]),
    .target(name: "ImagePlanes"),
    .target(name: "EntropyCoding", dependencies: ["CEntropyCoding"]),
    .target(name: "Container", dependencies: ["CZlib"]),

    // PNG -> planes -> model -> frequencies -> coder -> container.
    .target(name: "PNGFile", dependencies: ["ImagePlanes", "CPNGShims", "CZlib"]),
    .target(name: "Prediction", dependencies: ["Platform", "CPrediction"]),
    .target(
      name: "Mixing",
      dependencies: [
        "Platform", "ImagePlanes", "EntropyCoding", "Prediction", "CEntropyCoding", "CMixing",
        "CPrediction", "CNetwork",
      ]),
    .target(
      name: "PixelNetwork",
      dependencies: [
        "Platform", "ImagePlanes", "Prediction", "CEntropyCoding", "CPrediction", "CNetwork",
        "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "PRNZip",
      dependencies: [
        "Platform", "ImagePlanes", "EntropyCoding", "Container", "PNGFile", "PixelNetwork",
        "Prediction", "Mixing", "EmbeddedModels",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Training",
      dependencies: [
        "Platform", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction", "Mixing", "COpenBLAS",
        "CTraining",
      ]),
    .executableTarget(
      name: "prnzip",
      dependencies: [
        "PRNZip", "PixelNetwork", "Prediction", "Mixing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/prnzip-cli"),
    .executableTarget(
      name: "prntrain",
      dependencies: [
        "Training", "PRNZip", "PixelNetwork", "Prediction", "Mixing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests mirror the sources.
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "CPlatform"]),
    .testTarget(name: "ImagePlanesTests", dependencies: ["ImagePlanes"]),
    .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
    .testTarget(
      name: "MixingTests",
      dependencies: [
        "Mixing", "Platform", "Prediction", "EntropyCoding", "ImagePlanes", "CEntropyCoding",
        "CMixing",
      ]),
    .testTarget(name: "ContainerTests", dependencies: ["Container"]),
    .testTarget(
      name: "PNGFileTests", dependencies: ["PNGFile", "ImagePlanes"], exclude: ["PngSuite"]),
    .testTarget(
      name: "PixelNetworkTests",
      dependencies: [
        "Platform", "PixelNetwork", "Prediction", "ImagePlanes", "CEntropyCoding", "CPrediction",
        "CNetwork",
      ]),
    .testTarget(
      name: "PRNZipTests",
      dependencies: [
        "Platform", "PRNZip", "PixelNetwork", "Prediction", "Mixing", "EntropyCoding", "Container",
        "ImagePlanes",
        "PNGFile",
      ], exclude: ["Vectors"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Platform", "Training", "PixelNetwork", "Prediction", "Mixing", "PNGFile", "PRNZip",
        "EntropyCoding", "ImagePlanes",
        "CTraining",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "prnzip", "Container", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction", "Mixing",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
