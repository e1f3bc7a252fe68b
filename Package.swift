// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "prnzip",
  products: [
    .executable(name: "prnzip", targets: ["prnzip"]),
    .executable(name: "prntrain", targets: ["prntrain"]),
    .library(name: "PRNZip", targets: ["PRNZip"]),
    // libprnzip-c.so, which scripts/install names libprnzip.so: a product has the name prnzip.
    .library(name: "prnzip-c", type: .dynamic, targets: ["PRNZipC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
    // For `swift package generate-documentation` alone.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"),
  ],
  targets: [
    // C: system libraries and the code that must be C.
    .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPNGShims", dependencies: ["CLibPNG", "CZlib"]),
    .target(name: "CPlatform"),
    .target(name: "CPrediction", dependencies: ["CPlatform"]),
    .target(name: "CEntropyCoding"),
    .target(name: "CNetwork", dependencies: ["CPlatform", "CEntropyCoding"]),
    .target(name: "CMixing", dependencies: ["CPlatform", "CPrediction", "CEntropyCoding"]),
    .target(
      name: "CAdaptive", dependencies: ["CPlatform", "CEntropyCoding"], exclude: ["primed.bin"]),
    .target(name: "CTraining", dependencies: ["CNetwork"]),
    .target(name: "EmbeddedModels", exclude: ["weights"]),
    .target(name: "EmbeddedDigits"),

    // Leaves: they know nothing of each other.
    .target(name: "Platform", dependencies: ["CPlatform"]),
    .target(name: "Bytes", dependencies: ["CZlib"]),
    .target(name: "ImagePlanes", dependencies: ["Bytes"]),
    .target(name: "EntropyCoding", dependencies: ["CEntropyCoding"]),
    .target(name: "Container", dependencies: ["Bytes", "ColourLattices"]),

    // PNG -> planes -> model -> frequencies -> coder -> container.
    .target(name: "PNGFile", dependencies: ["Platform", "Bytes", "ImagePlanes", "CPNGShims"]),
    .target(name: "PNMFile", dependencies: ["Bytes", "ImagePlanes"]),
    .target(name: "ColourLattices", dependencies: ["Platform", "Bytes", "ImagePlanes"]),
    .target(name: "Prediction", dependencies: ["Platform", "CPrediction"]),
    .target(
      name: "Mixing",
      dependencies: [
        "Platform", "ImagePlanes", "EntropyCoding", "Prediction", "CEntropyCoding", "CMixing",
      ]),
    .target(
      name: "PixelNetwork",
      dependencies: [
        "Platform", "Bytes", "ImagePlanes", "Prediction", "CEntropyCoding", "CNetwork",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "TileCoding",
      dependencies: [
        "Platform", "Bytes", "ImagePlanes", "EntropyCoding", "Prediction", "PixelNetwork", "Mixing",
        "CPrediction", "CNetwork", "CMixing", "CAdaptive", "CEntropyCoding",
      ]),
    .target(
      name: "AdaptiveCoding",
      dependencies: ["Platform", "ImagePlanes", "EntropyCoding", "TileCoding", "CAdaptive"]),
    .target(
      name: "ModelStore",
      dependencies: ["Platform", "Bytes", "ImagePlanes", "PixelNetwork", "EmbeddedModels"]),
    .target(name: "DigitModels", dependencies: ["ModelStore", "EmbeddedDigits"]),
    .target(
      name: "PRNZip",
      dependencies: [
        "Platform", "Bytes", "ImagePlanes", "ColourLattices", "EntropyCoding", "Container",
        "PNGFile", "PNMFile", "PixelNetwork", "Mixing", "TileCoding", "AdaptiveCoding",
        "ModelStore",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "CPRNZip"),
    .target(
      name: "PRNZipC",
      dependencies: [
        "Platform", "Bytes", "Container", "PNGFile", "ModelStore", "DigitModels", "PRNZip",
        "CPRNZip",
      ]),
    .target(
      name: "Sampling",
      dependencies: [
        "Bytes", "ImagePlanes", "EntropyCoding", "PixelNetwork", "TileCoding", "ModelStore",
        "PRNZip",
      ]),
    .target(
      name: "Inspection", dependencies: ["Bytes", "ImagePlanes", "PNGFile", "Mixing", "PRNZip"]),
    .target(
      name: "Training",
      dependencies: [
        "Bytes", "ImagePlanes", "PNGFile", "Prediction", "PixelNetwork", "TileCoding", "COpenBLAS",
        "CNetwork", "CTraining",
      ]),
    .executableTarget(
      name: "prnzip",
      dependencies: [
        "CPlatform", "Platform", "Bytes", "ImagePlanes", "PNGFile", "Mixing", "TileCoding",
        "ModelStore", "DigitModels", "PRNZip", "Sampling",
        "Inspection",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Sources/prnzip-cli"),
    .executableTarget(
      name: "prntrain",
      dependencies: [
        "ImagePlanes", "PixelNetwork", "Training", "ModelStore", "PRNZip",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests mirror the sources.
    .target(
      name: "TestSupport",
      dependencies: ["Bytes", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction"],
      path: "Tests/TestSupport"),
    // What fuzzing does with bytes, for the tests and for libFuzzer.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Bytes", "Container", "ImagePlanes", "ModelStore", "PNGFile", "PRNZip", "TestSupport",
      ], path: "Tests/FuzzTargets"),
    .testTarget(name: "BytesTests", dependencies: ["Bytes"]),
    .testTarget(name: "ImagePlanesTests", dependencies: ["ImagePlanes", "Bytes", "TestSupport"]),
    .testTarget(name: "EntropyCodingTests", dependencies: ["EntropyCoding"]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "CPlatform"]),
    .testTarget(
      name: "MixingTests",
      dependencies: [
        "Mixing", "CMixing", "CEntropyCoding", "Prediction", "Platform", "EntropyCoding",
        "ImagePlanes", "Bytes", "TestSupport",
      ]),
    .testTarget(
      name: "ColourLatticesTests", dependencies: ["ColourLattices", "ImagePlanes", "Bytes"]),
    .testTarget(name: "ContainerTests", dependencies: ["Container", "ColourLattices", "Bytes"]),
    .testTarget(
      name: "PNGFileTests", dependencies: ["PNGFile", "ImagePlanes", "Bytes", "TestSupport"],
      exclude: ["PngSuite"]),
    .testTarget(
      name: "PNMFileTests", dependencies: ["PNMFile", "ImagePlanes", "Bytes", "TestSupport"]),
    .testTarget(
      name: "PredictionTests",
      dependencies: [
        "Prediction", "Platform", "PixelNetwork", "ImagePlanes", "CPrediction", "TestSupport",
      ]),
    .testTarget(
      name: "PixelNetworkTests",
      dependencies: [
        "PixelNetwork", "Platform", "Prediction", "ImagePlanes", "CEntropyCoding", "CNetwork",
        "Bytes", "TestSupport",
      ]),
    .testTarget(
      name: "TileCodingTests",
      dependencies: [
        "TileCoding", "PixelNetwork", "Prediction", "Mixing", "EntropyCoding", "Container",
        "Platform", "ImagePlanes", "TestSupport",
      ]),
    .testTarget(
      name: "AdaptiveCodingTests",
      dependencies: [
        "AdaptiveCoding", "TileCoding", "EntropyCoding", "Platform", "ImagePlanes", "Bytes",
        "CAdaptive", "TestSupport",
      ]),
    .testTarget(
      name: "ModelStoreTests",
      dependencies: [
        "ModelStore", "DigitModels", "EmbeddedModels", "EmbeddedDigits", "PixelNetwork",
        "ImagePlanes", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "PRNZipTests",
      dependencies: [
        "PRNZip", "ModelStore", "DigitModels", "AdaptiveCoding", "TileCoding", "PixelNetwork",
        "Prediction",
        "Mixing", "EntropyCoding", "ColourLattices", "Container", "ImagePlanes", "PNGFile",
        "Platform", "Bytes", "TestSupport", "FuzzTargets",
        .product(name: "Crypto", package: "swift-crypto"),
      ], exclude: ["Vectors", "Found"]),
    .testTarget(name: "PRNZipCTests", dependencies: ["PRNZipC", "CPRNZip", "Bytes"]),
    .testTarget(
      name: "SamplingTests",
      dependencies: [
        "Sampling", "PRNZip", "ModelStore", "DigitModels", "PixelNetwork", "ImagePlanes", "Bytes",
        "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "InspectionTests",
      dependencies: ["Inspection", "PRNZip", "ImagePlanes", "PNGFile", "Bytes", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "TileCoding", "PixelNetwork", "Prediction", "PNGFile", "Platform",
        "EntropyCoding", "ImagePlanes", "CNetwork", "CTraining", "Bytes", "TestSupport",
      ]),
    .testTarget(
      name: "PRNTrainTests",
      dependencies: [
        "prntrain", "PixelNetwork", "PNGFile", "ImagePlanes", "Bytes", "TestSupport",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "prnzip", "Container", "ImagePlanes", "PNGFile", "PixelNetwork", "Prediction", "Mixing",
        "Bytes", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// For the thread sanitizer (`scripts/sanitize`): nothing but the tests of TileCoding, and
// what they need.
if Context.environment["PRNZIP_SANITIZE"] != nil {
  package.products = []
  package.targets.removeAll { $0.type == .executable }
  let tests = ["PlatformTests", "ColourLatticesTests", "TileCodingTests"]
  package.targets.removeAll { $0.isTest && !tests.contains($0.name) }
}

// For libFuzzer (`scripts/fuzz-library --guided`): nothing but what it calls.
if Context.environment["PRNZIP_FUZZ"] != nil {
  package.products = []
  package.targets.removeAll { $0.type == .executable || $0.isTest }
  package.targets.append(
    .executableTarget(
      name: "prnfuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzzer", exclude: ["Corpus"],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
