import Foundation
import ImagePlanes
import PNGFile

/// The 8-bit RGB images of folders, decoded and kept in memory, in order of their paths.
public struct PhotoFolder: Sendable {
  /// The images.
  public let images: [Image]
  /// Their paths.
  public let paths: [String]

  /// Reads every PNG below `folders` that is plain 8-bit RGB; throws `noImages` where there is none.
  public init(folders: [String], threads: Int) throws {
    var found: [String] = []
    for folder in folders {
      let below = FileManager.default.enumerator(atPath: folder)
      while let path = below?.nextObject() as? String {
        if path.lowercased().hasSuffix(".png") { found.append(folder + "/" + path) }
      }
    }
    found.sort()
    let all = found
    let parts = Parallel.map(threads) { worker -> [(Int, Image)] in
      stride(from: worker, to: all.count, by: threads).compactMap { i in
        guard let data = FileManager.default.contents(atPath: all[i]),
          let image = try? PNGFile.decode8([UInt8](data)), image.colours == 3
        else { return nil }
        return (i, image)
      }
    }
    let loaded = parts.flatMap { $0 }.sorted { $0.0 < $1.0 }
    guard !loaded.isEmpty else {
      throw TrainingError.noImages(folder: folders.joined(separator: " "))
    }
    images = loaded.map(\.1)
    paths = loaded.map { all[$0.0] }
  }

  /// Pixels of all images.
  public var pixels: Int { images.reduce(0) { $0 + $1.width * $1.height } }
}
