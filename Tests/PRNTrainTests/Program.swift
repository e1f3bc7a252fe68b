import Bytes
import Foundation
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// What a run of the program gave.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String
}

/// A folder with a recipe and images for it, and the program run inside of it; gone when the test
/// is over.
final class Workshop {
  let folder: URL

  // `isTiled`: 1-bit mosaics instead of photos.
  init(isTiled: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "prntrain-tests-\(UUID().uuidString)")
    for name in ["data/train", "data/valid"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for i in 0..<3 {
      let image = (isTiled ? Self.mosaic : Self.photo)(UInt64(i))
      try write(PNGFile.encode(image), to: "data/\(i < 2 ? "train" : "valid")/\(i).png")
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Writes `NAME.recipe`.
  func recipe(
    _ name: String = "tiny", steps: Int = 4, extra: String = ""
  ) throws {
    let text = """
      name = \(name)
      features = 24
      bottleneck = 24
      blocks = 1
      head-features = 24
      kernel-size = 3
      train = train
      valid = valid
      crop = 8
      batch = 2
      steps = \(steps)
      \(extra)
      """
    try write(Array(text.utf8), to: name + ".recipe")
  }

  /// Runs the program to its end.
  func run(_ arguments: String...) throws -> Outcome { try run(Self.program.get(), arguments) }

  /// Runs any program to its end.
  func run(_ program: URL, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let logs = try ["output", "errors"].map { name in
      let log = folder.appendingPathComponent("\(UUID().uuidString).\(name)")
      try Data().write(to: log)
      return log
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: logs[0])
    process.standardError = try FileHandle(forWritingTo: logs[1])
    try process.run()
    process.waitUntilExit()
    let texts = try logs.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Smooth with some noise.
  private static func photo(_ seed: UInt64) -> Image {
    var generator = SplitMix64(seed: seed)
    var image = Image(width: 20, height: 16, colours: 3)
    for colour in 0..<3 {
      for i in 0..<320 {
        let value = 90 + 6 * (i / 20) + 4 * (i % 20) + generator.next(in: 12)
        image.planes[colour].samples[i] = UInt8(clamping: value)
      }
    }
    return image
  }

  /// Six tiles of 8 x 8 pixels with stripes.
  private static func mosaic(_ seed: UInt64) -> Image {
    var generator = SplitMix64(seed: seed)
    var image = Image(width: 24, height: 16, colours: 1, depth: 1)
    for i in 0..<384 {
      let noise = generator.next() % 16 == 0 ? 1 : 0
      image.planes[0].samples[i] = UInt8((i / 24 + i % 24) / 3 & 1 ^ noise)
    }
    return image
  }

  /// The program in the folder of the test bundle, or in one of those that this is in.
  static let program = Result<URL, any Error> {
    let starts = [
      Bundle.main.executableURL, CommandLine.arguments.first.map { URL(fileURLWithPath: $0) },
      Bundle(for: Workshop.self).bundleURL,
    ]
    for start in starts.compactMap({ $0?.resolvingSymlinksInPath() }) {
      var folder = start
      while folder.pathComponents.count > 1 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("prntrain")
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
          !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate.path)
        {
          return candidate
        }
      }
    }
    throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "prntrain"])
  }
}
