import Bytes
import Foundation
import ImagePlanes
import PNGFile

/// The images of folders, of one format, decoded and kept in memory, in order of their paths.
public struct PhotoFolder: Sendable {
  /// The images, all of the format asked for.
  public let images: [Image]
  /// Their paths.
  public let paths: [String]
  /// Whether each image was RGB in its file and is gray here.
  public let isConverted: [Bool]

  /// Reads every PNG below `folders` that is plain and suits `format`.
  ///
  /// - Parameters:
  ///   - folders: where to look, at any depth; or single files.
  ///   - format: of the images to read; with gray ones of 8 bits, also the luma of RGB ones.
  ///   - threads: 1 or more.
  /// - Throws: `TrainingError.noImages` where there is none.
  public init(folders: [String], format: PixelFormat, threads: Int) throws {
    var found: [String] = []
    for folder in folders {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        found.append(folder)
        continue
      }
      let below = FileManager.default.enumerator(atPath: folder)
      while let path = below?.nextObject() as? String {
        if path.lowercased().hasSuffix(".png") { found.append(folder + "/" + path) }
      }
    }
    found.sort()
    let all = found
    let parts = Parallel.map(threads) { worker -> [(index: Int, image: Image, isConverted: Bool)] in
      stride(from: worker, to: all.count, by: threads).compactMap { i in
        guard let data = FileManager.default.contents(atPath: all[i]),
          case let png = [UInt8](data), let information = try? PNGFile.inspect(png),
          information.pixelFormat == format
            || (information.pixelFormat == .rgb8 && format == .gray8),
          let image = try? PNGFile.decode(png)
        else { return nil }
        if image.format == format { return (i, image, false) }
        return (try? image.luma).map { (i, $0, true) }
      }
    }
    let loaded = parts.flatMap { $0 }.sorted { $0.index < $1.index }
    guard !loaded.isEmpty else {
      throw TrainingError.noImages(folder: folders.joined(separator: " "))
    }
    images = loaded.map(\.image)
    paths = loaded.map { all[$0.index] }
    isConverted = loaded.map(\.isConverted)
  }

  /// Pixels of all images.
  public var pixels: Int { images.reduce(0) { $0 + $1.width * $1.height } }
}

extension Image {
  /// The luma of ITU-R BT.601, rounded, of an RGB image of 8 bits, as a gray one; any other image
  /// itself.
  var luma: Image {
    get throws(OutOfMemory) {
      guard format == .rgb8 else { return self }
      var result = try Image(.gray8, width: width, height: height)
      let (red, green, blue) = (planes[0].samples, planes[1].samples, planes[2].samples)
      for i in red.indices {
        let sum = 299 * Int(red[i]) + 587 * Int(green[i]) + 114 * Int(blue[i])
        result.planes[0].samples[i] = UInt8(truncatingIfNeeded: (sum + 500) / 1000)
      }
      return result
    }
  }
}
