import Foundation
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import Training

@Suite struct PhotoFolderTests {
  /// Two RGB images, one gray one, one that is no image, one of another kind, in folders of
  /// folders.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/prn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path + "/below", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    try write(PNGFile.encode(Small.image(width: 5, height: 4)), "c.png")
    try write(PNGFile.encode(Small.image(width: 7, height: 3)), "below/a.PNG")
    try write(PNGFile.encode(Small.image(width: 6, height: 2, colours: 1)), "b.png")
    try write([1, 2, 3], "d.png")
    try write(PNGFile.encode(Small.image(width: 2, height: 2)), "e.jpg")
    try body(path)
  }

  @Test(arguments: [1, 3]) func colourFoldersHoldTheColourImages(_ threads: Int) throws {
    try Self.withFolder { path in
      let photos = try PhotoFolder(folders: [path], format: .rgb8, threads: threads)
      #expect(photos.paths == [path + "/below/a.PNG", path + "/c.png"])
      #expect(
        photos.images == [Small.image(width: 7, height: 3), Small.image(width: 5, height: 4)])
      #expect(photos.isConverted == [false, false])
      #expect(photos.pixels == 41)
    }
  }

  @Test(arguments: [1, 3]) func grayFoldersHoldAll(_ threads: Int) throws {
    try Self.withFolder { path in
      let photos = try PhotoFolder(folders: [path], format: .gray8, threads: threads)
      #expect(photos.paths == ["/b.png", "/below/a.PNG", "/c.png"].map { path + $0 })
      #expect(photos.isConverted == [false, true, true])
      #expect(
        try photos.images == [
          Small.image(width: 6, height: 2, colours: 1), Small.image(width: 7, height: 3).luma,
          Small.image(width: 5, height: 4).luma,
        ])
      #expect(photos.images.allSatisfy { $0.colours == 1 })
      #expect(photos.pixels == 53)
    }
  }

  @Test func foldersWithoutSuchImagesAreRefused() throws {
    try Self.withFolder { path in
      try FileManager.default.removeItem(atPath: path + "/c.png")
      #expect(throws: TrainingError.noImages(folder: path + "/x")) {
        try PhotoFolder(folders: [path + "/x"], format: .rgb8, threads: 1)
      }
      try FileManager.default.removeItem(atPath: path + "/below")
      #expect(throws: TrainingError.noImages(folder: path)) {
        try PhotoFolder(folders: [path], format: .rgb8, threads: 1)
      }
      #expect(try PhotoFolder(folders: [path], format: .gray8, threads: 1).images.count == 1)
    }
  }

  /// Black, white and gray stay; the primaries have the weights of BT.601, and halves are rounded
  /// up.
  @Test func lumaIsRounded() throws {
    func luma(_ r: UInt8, _ g: UInt8, _ b: UInt8) throws -> UInt8 {
      try Image(width: 1, height: 1, interleaved: [r, g, b]).luma.planes[0].samples[0]
    }
    for x in UInt8.min...UInt8.max { #expect(try luma(x, x, x) == x) }
    #expect(try luma(255, 0, 0) == 76 && luma(0, 255, 0) == 150 && luma(0, 0, 255) == 29)
    #expect(try luma(1, 0, 2) == 1 && luma(0, 1, 0) == 1 && luma(1, 0, 1) == 0)
    let gray = Small.image(width: 3, height: 4, colours: 1)
    #expect(try gray.luma == gray)
  }
}
