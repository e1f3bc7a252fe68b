import Foundation
import ModelStore
import PRNZip
import PixelNetwork
import Training

/// Makes prn files of PNG files with one weight file alone, to measure them.
struct FileCoding {
  private let store: ModelStore
  private let name: String
  private let threads: Int
  private let tileLimit: Int?

  /// - Parameters:
  ///   - weights: the weight file.
  ///   - threads: 1 or more.
  ///   - tileLimit: the largest side of a tile; nil for prnzip's own choice.
  /// - Throws: `WeightFileError`.
  init(_ weights: WeightFile, threads: Int, tileLimit: Int? = nil) throws {
    var store = ModelStore()
    name = try store.add(weights.serialized).name
    self.store = store
    self.threads = threads
    self.tileLimit = tileLimit
  }

  /// Bytes of some files.
  struct Sizes {
    /// Of the prn files.
    var bytes = 0
    /// Of the metadata in them.
    var metadata = 0
    /// Of prn files in which the network has no part.
    var withoutNetwork = 0
  }

  /// The sizes of the prn files of PNG files, at an effort; nil for `--pure`.
  func sizes(_ paths: [String], _ effort: Effort?) throws -> Sizes {
    let compressor = compressor(effort)
    return try paths.reduce(into: Sizes()) { sum, path in
      let png = try read(path)
      let prn = try compressor.compress(png)
      sum.bytes += prn.count
      let information = try FileInformation(prn, store: store)
      sum.metadata += information.metadataBytes
      if effort != nil {
        let level = information.groups.compactMap(\.mixing).first
        sum.withoutNetwork += try compressor.sizeWithoutNetwork(png, level: level)
      }
    }
  }

  /// What the network says of each tile of a PNG file, in bits, and the bytes of the PNG file and
  /// of the prn file.
  func tiles(
    _ path: String, _ effort: Effort?
  ) throws -> (codeLengths: [Double], pngBytes: Int, bytes: Int) {
    let compressor = compressor(effort)
    let png = try read(path)
    return (try compressor.codeLengths(png), png.count, try compressor.compress(png).count)
  }

  private func compressor(_ effort: Effort?) -> Compressor {
    var options = Compressor.Options()
    options.store = store
    options.model = name
    options.threads = threads
    options.isPure = effort == nil
    options.effort = effort ?? .fast
    options.tileLimit = tileLimit ?? options.tileLimit
    return Compressor(options)
  }

  private func read(_ path: String) throws -> [UInt8] {
    guard let png = FileManager.default.contents(atPath: path) else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    return [UInt8](png)
  }
}
