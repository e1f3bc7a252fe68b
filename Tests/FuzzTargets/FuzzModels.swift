import Foundation
import ModelStore

/// Small models of every kind: those of the golden files.
enum FuzzModels {
  /// Made once.
  static let store = Result {
    var store = ModelStore()
    for file in try seeds(named: "prnw") { try store.add(file) }
    return store
  }

  /// Files of the golden ones, in the order of their names.
  static func seeds(named kinds: String...) throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../PRNZipTests/Vectors")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { kinds.contains(($0 as NSString).pathExtension) }
      .map { Array(try Data(contentsOf: folder.appending(path: $0))) }
  }
}

extension FuzzTarget {
  /// Small files to begin with; none of `pixels`.
  package func seeds() throws -> [[UInt8]] {
    let files =
      switch self {
      case .input: try FuzzModels.seeds(named: "png", "pbm", "ppm")
      case .prn: try FuzzModels.seeds(named: "prn")
      case .weights: try FuzzModels.seeds(named: "prnw")
      case .pixels: [[UInt8]]()
      }
    return files.filter { $0.count < 20_000 }
  }
}
