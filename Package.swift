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
    .target(name: "CPrediction"),
    .target(name: "CNetwork"),
    .target(name: "CMixing", dependencies: ["CPrediction", "CNetwork"]),
    .target(name: "CTraining"),
    .target(name: "EmbeddedModels", exclude: ["weights"]),

    // Leaves: of each other they know nothing, but of Bytes.
    .target(name: "Bytes", dependencies: ["CZlib"]),
    .target(name: "ImagePlanes", dependencies: ["Bytes"]),
    .target(name: "EntropyCoding"),
    .target(name: "Container", dependencies: ["Bytes"]),

    // PNG -> planes -> model -> frequencies -> coder -> container.
    .target(name: "PNGFile", dependencies: ["Bytes", "ImagePlanes", "CPNGShims"]),
    .target(name: "Prediction", dependencies: ["CPrediction"]),
    .target(
      name: "Mixing",
      dependencies: ["ImagePlanes", "Prediction", "CMixing", "CPrediction"]),
    .target(
      name: "PixelNetwork",
      dependencies: [
        "Bytes", "ImagePlanes", "Prediction", "CPrediction", "CNetwork",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "PRNZip",
      dependencies: [
        "Bytes", "ImagePlanes", "EntropyCoding", "Container", "PNGFile", "PixelNetwork",
        "Prediction", "Mixing", "EmbeddedModels",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Training",
      dependencies: [
        "Bytes", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction", "Mixing", "COpenBLAS",
        "CTraining",
      ]),
    .executableTarget(
      name: "prnzip",
      dependencies: [
        "Bytes", "ImagePlanes", "PNGFile", "PRNZip", "PixelNetwork", "Prediction", "Mixing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/prnzip-cli"),
    .executableTarget(
      name: "prntrain",
      dependencies: [
        "Training", "PRNZip", "PixelNetwork", "Prediction", "Mixing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests mirror the sources.
    .target(name: "TestSupport", dependencies: ["ImagePlanes"], path: "Tests/TestSupport"),
    .testTarget(name: "BytesTests", dependencies: ["Bytes"]),
    .testTarget(name: "ImagePlanesTests", dependencies: ["ImagePlanes", "Bytes", "TestSupport"]),
    .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
    .testTarget(name: "ContainerTests", dependencies: ["Container", "Bytes"]),
    .testTarget(
      name: "PNGFileTests", dependencies: ["PNGFile", "ImagePlanes", "Bytes", "TestSupport"],
      exclude: ["PngSuite"]),
    .testTarget(
      name: "PixelNetworkTests",
      dependencies: [
        "PixelNetwork", "Prediction", "Mixing", "ImagePlanes", "CPrediction", "CNetwork", "Bytes",
        "TestSupport",
      ]),
    .testTarget(
      name: "PRNZipTests",
      dependencies: [
        "PRNZip", "PixelNetwork", "Prediction", "Mixing", "EntropyCoding", "Container",
        "ImagePlanes", "PNGFile", "Bytes", "TestSupport",
      ], exclude: ["Vectors"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "PixelNetwork", "Prediction", "Mixing", "PNGFile", "PRNZip", "EntropyCoding",
        "ImagePlanes", "CTraining", "Bytes", "TestSupport",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "prnzip", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction", "Mixing", "Bytes",
        "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
