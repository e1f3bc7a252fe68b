import Foundation
import ImagePlanes
import PNGFile

/// The images of folders, of 8 bits or of 1, decoded and kept in memory, in order of their paths.
public struct PhotoFolder: Sendable {
  /// The images, all of the colours asked for.
  public let images: [Image]
  /// Their paths.
  public let paths: [String]
  /// Whether each image was RGB in its file and is gray here.
  public let isConverted: [Bool]

  /// Reads every PNG below `folders` that is plain 8-bit RGB or gray and suits `colours`, or plain 1-bit gray.
  ///
  /// - Parameters:
  ///   - folders: where to look, at any depth; or single files.
  ///   - colours: 3 for the RGB images alone, 1 for the gray ones and the luma of the RGB ones.
  ///   - sampleDepth: 8, or 1 for the 1-bit images, whose values are 0 and 1, alone.
  ///   - threads: 1 or more.
  /// - Throws: `TrainingError.noImages` where there is none.
  public init(folders: [String], colours: Int, sampleDepth: Int = 8, threads: Int) throws {
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
          let image = sampleDepth == 1
            ? try? PNGFile.decode1([UInt8](data)) : try? PNGFile.decode8([UInt8](data))
        else { return nil }
        if image.colours == colours { return (i, image, false) }
        return colours == 1 ? (i, image.luma, true) : nil
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
  /// The luma of ITU-R BT.601, rounded, as a gray image; a gray image itself.
  var luma: Image {
    guard colours == 3 else { return self }
    var result = Image(width: width, height: height, colours: 1)
    let (red, green, blue) = (planes[0].samples, planes[1].samples, planes[2].samples)
    result.planes[0].samples = red.indices.map { i in
      let sum = 299 * Int(red[i]) + 587 * Int(green[i]) + 114 * Int(blue[i])
      return UInt8(truncatingIfNeeded: (sum + 500) / 1000)
    }
    return result
  }
}
