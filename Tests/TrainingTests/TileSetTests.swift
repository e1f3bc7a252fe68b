import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import TestSupport
import Testing

@testable import Training

@Suite struct TileSetTests {
  /// Each pixel tells the number of its mosaic and of its tile.
  static func mosaic(_ number: UInt8, rows: Int, columns: Int, extra: Int = 0) -> Image {
    var image = Image(width: 4 * columns + extra, height: 4 * rows + extra, colours: 1)
    for i in image.planes[0].samples.indices {
      let tile = i / image.width / 4 * columns + min(i % image.width / 4, columns - 1)
      image.planes[0].samples[i] = 16 * number + UInt8(truncatingIfNeeded: tile)
    }
    return image
  }

  /// Raster order, mosaic by mosaic; what is not whole, and what a file's name does not count, is
  /// no tile.
  @Test func tilesAreInOrder() {
    let mosaics = [
      Self.mosaic(0, rows: 2, columns: 3), Self.mosaic(1, rows: 3, columns: 2, extra: 3),
      Self.mosaic(2, rows: 2, columns: 2), Self.mosaic(3, rows: 1, columns: 1),
    ]
    let tiles = TileSet(
      mosaics: mosaics, paths: ["a/b-0-4.png", "c-7.png", "x-2-9.png", "d-0-0.png"], side: 4)
    #expect(tiles.count == 4 + 6 + 4)
    let expected: [UInt8] = [0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 32, 33, 34, 35]
    for (i, number) in expected.enumerated() {
      #expect(tiles[i].planes[0].samples == Array(repeating: number, count: 16))
    }
    #expect(tiles.images().map { $0.planes[0].samples[0] } == expected)
    #expect(tiles.images(limit: 4).map { $0.planes[0].samples[0] } == [0, 3, 19, 32])
    #expect(TileSet(mosaics: [], paths: [], side: 4).images().isEmpty)
  }

  @Test func namesTellTheNumberOfTiles() {
    for (path, count) in [
      ("train-4-9845.png", 9845), ("a/test-0-9966.PNG", 9966), ("train-10.png", nil),
      ("a-1/b-2.png", nil), ("a-b-3.png", nil), ("5-6.png", nil), ("x-5-6.png", 6), ("x", nil),
      ("", nil),
    ] as [(String, Int?)] {
      #expect(TileSet.tileCount(path: path) == count, "\(path)")
    }
  }

  /// Two mosaics of 1-bit tiles of 8 x 8 pixels, with stripes.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/prn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, seed) in [("train-0", 1), ("train-1", 2), ("valid-0-7", 3)] as [(String, UInt64)] {
      let image = Small.image(width: 32, height: 24, for: Small.sigmoid(), seed: seed)
      try Data(PNGFile.encode(image)).write(to: URL(fileURLWithPath: "\(path)/\(name).png"))
    }
    try Data(PNGFile.encode(Small.image(width: 9, height: 9, colours: 1)))
      .write(to: URL(fileURLWithPath: path + "/gray.png"))
    try body(path)
  }

  static func recipe(steps: Int, extra: String = "") throws -> Recipe {
    try Recipe(
      text: """
        name = small
        colours = 1
        head = sigmoid
        centre = raw
        inputs = value
        kernel-size = 5
        features = 16
        bottleneck = 8
        blocks = 1
        head-features = 8
        train = train-0.png train-1.png
        valid = valid-0-7.png
        tile = 8
        batch = 5
        warmup = 2
        learning-rate = 0.01
        steps = \(steps)
        \(extra)
        """)
  }

  @Test func photoFoldersTakeBitsAndFiles() throws {
    try Self.withFolder { path in
      let bits = try PhotoFolder(folders: [path], format: .gray1, threads: 2)
      #expect(bits.paths == ["/train-0.png", "/train-1.png", "/valid-0-7.png"].map { path + $0 })
      #expect(bits.images[0] == Small.image(width: 32, height: 24, for: Small.sigmoid(), seed: 1))
      #expect(bits.isConverted == [false, false, false])
      let one = try PhotoFolder(
        folders: [path + "/train-1.png"], format: .gray1, threads: 1)
      #expect(one.images == [bits.images[1]])
      #expect(try PhotoFolder(folders: [path], format: .gray8, threads: 1).pixels == 81)
      #expect(throws: TrainingError.self) {
        try PhotoFolder(
          folders: [path + "/gray.png"], format: .gray1, threads: 1)
      }
    }
  }

  /// Steps of whole tiles lower the loss of tiles that were not seen; a run that was stopped goes
  /// on as if it had not been.
  @Test(arguments: ["", "mirror = vertical diagonal\nbody = rowLSTM"])
  func trainsOnTiles(_ extra: String) throws {
    try Self.withFolder { path in
      let recipe = try Self.recipe(steps: 60, extra: extra)
      func trainer(_ runs: String) throws -> Trainer {
        try Trainer(recipe: recipe, data: path, folder: path + runs, threads: 2)
      }
      var lines: [String] = []
      try trainer("/a").run { lines.append($0) }
      #expect(lines.first?.contains("24 images") == true)
      #expect(lines.last?.contains("nats") == true)
      let log = try String(contentsOfFile: path + "/a/small.csv", encoding: .utf8)
      let fields = log.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      #expect(fields.count == 2 && fields[0].count == 7 && fields[1].count == 7)
      let (bits, nats) = (Double(fields[1][3]) ?? 0, Double(fields[1][5]) ?? 0)
      #expect(bits > 0 && abs(nats - bits * 64 * 0.693147) < 0.01)

      for _ in 0..<2 {
        let part = try trainer("/b")
        for _ in 0..<30 { _ = try part.trainStep() }
        try part.save()
      }
      let (whole, resumed) = (
        try TrainingState(recipe: recipe, folder: path + "/a"),
        try TrainingState(recipe: recipe, folder: path + "/b")
      )
      #expect(whole.parameters == resumed.parameters)

      let tiles = TileSet(
        try PhotoFolder(
          folders: [path + "/valid-0-7.png"], format: .gray1, threads: 1), side: 8
      ).images()
      #expect(tiles.count == 7)
      let start = try TrainingState(recipe: recipe, folder: path + "/none")
      let before = try start.bitsPerDimension(tiles, quantized: false, threads: 1)
      let after = try whole.bitsPerDimension(tiles, quantized: true, threads: 2)
      #expect(after < before - 0.1, "\(before) -> \(after)")
      #expect(abs(after - bits) < 0.05)
    }
  }
}
