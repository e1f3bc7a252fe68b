import Foundation
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// `prnzip sample` and `prnzip complete`.
@Suite struct SheetCommandTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func sampleWritesASheet() throws {
    let arguments = ["sample", "--size", "6x5", "--count", "4", "--seed", "3"]
    let first = try sandbox.start(arguments + ["-o", "a.png"]).outcome()
    #expect(first.status == 0 && first.errors.isEmpty && first.output.isEmpty)
    let sheet = try PNGFile.decode(sandbox.read("a.png"))
    #expect(sheet.width == 18 && sheet.height == 16 && sheet.colours == 3)
    let mode = try FileManager.default.attributesOfItem(atPath: sandbox.path("a.png"))
    #expect((mode[.posixPermissions] as? Int ?? 0) & 0o600 == 0o600)
    // The same on another number of threads, and to standard output.
    let second = try sandbox.start(arguments + ["-o", "-", "--threads", "1"]).outcome()
    #expect(try second.output == sandbox.read("a.png"))
    let other = try sandbox.run("sample", "--size", "6x5", "--seed", "4", "-o", "-")
    #expect(other.status == 0 && other.output != second.output)
    // Nothing is overwritten without being told to.
    let refused = try sandbox.start(arguments + ["-o", "a.png"]).outcome()
    #expect(refused.status == 1)
    #expect(refused.errors == "prnzip: a.png: exists already; -f overwrites it\n")
    #expect(try sandbox.start(arguments + ["-f", "-o", "a.png"]).outcome().status == 0)
    #expect(try sandbox.names == ["a.png"])
  }

  @Test func modelsAreChosen() throws {
    try sandbox.write(Samples.grayModel(), to: "gray.prnw")
    for model in ["gray", "gray.prnw"] {
      let outcome = try sandbox.run("sample", "--size", "4x4", "--model", model, "-o", "-")
      #expect(try PNGFile.decode(outcome.output).colours == 1)
    }
    let unknown = try sandbox.run("sample", "--model", "none", "-o", "a.png")
    #expect(unknown.status == 1 && unknown.errors.hasPrefix("prnzip: none: neither an embedded"))
    #expect(try sandbox.names == ["gray.prnw"])
  }

  /// A row for each image: what is visible, the completions, the image.
  @Test func completeWritesARowForEachImage() throws {
    let images = [try Samples.image(width: 12, height: 9), try Samples.grayImage()]
    for (i, image) in images.enumerated() {
      try sandbox.write(PNGFile.encode(image), to: "\(i).png")
    }
    let outcome = try sandbox.run(
      "complete", "0.png", "1.png", "--count", "2", "--sharpness", "2", "-o", "a.png")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let sheet = try PNGFile.decode(sandbox.read("a.png"))
    #expect(sheet.width == 4 * 50 + 2 && sheet.height == 2 + 11 + 42 && sheet.colours == 3)
    func part(_ column: Int, height: Int) throws -> Image {
      try sheet.crop(TileRectangle(row: 2, column: 2 + 50 * column, height: height, width: 12))
    }
    #expect(try part(3, height: 9) == images[0])
    let top = TileRectangle(row: 0, column: 0, height: 5, width: 12)
    for column in 0..<3 { #expect(try part(column, height: 5) == images[0].crop(top)) }
    #expect(try part(1, height: 9) != part(2, height: 9))
    #expect(try part(0, height: 9).planes[1].samples[60...].allSatisfy { $0 == 0 })
  }

  @Test func masksAreRead() throws {
    let image = try Samples.image(width: 4, height: 4)
    try sandbox.write(PNGFile.encode(image), to: "a.png")
    let mask = Image(
      width: 4, height: 4, interleaved: [UInt8](repeating: 255, count: 15) + [0], colours: 1)
    try sandbox.write(PNGFile.encode(mask), to: "mask.png")
    let outcome = try sandbox.run(
      "complete", "a.png", "--occlude", "mask.png", "--count", "1", "-o", "-")
    let hidden = try PNGFile.decode(outcome.output).crop(
      TileRectangle(row: 2, column: 2, height: 4, width: 4))
    #expect(hidden.planes[0].samples[..<15] == image.planes[0].samples[..<15])
    #expect(hidden.planes.map { $0.samples[15] } == [0, 0, 0])
  }

  static let wrongInputs: [(arguments: [String], message: String)] = [
    (["complete", "a.png", "--occlude", "b.png"], "prnzip: a.png: unsuitable mask: it has 2x2"),
    (["complete", "a.png", "--occlude", "none"], "prnzip: none: No such file"),
    (["complete", "none.png"], "prnzip: none.png: No such file"),
    (
      ["complete", "a.png", "--model", "gray"], "prnzip: a.png: the model gray is for images of one"
    ),
    (["complete", "junk.png"], "prnzip: junk.png: "),
  ]

  @Test(arguments: wrongInputs.indices) func refusals(_ index: Int) throws {
    let (arguments, message) = Self.wrongInputs[index]
    try sandbox.write(PNGFile.encode(Samples.image(width: 4, height: 4)), to: "a.png")
    try sandbox.write(PNGFile.encode(Image(width: 2, height: 2, colours: 1)), to: "b.png")
    try sandbox.write([1, 2, 3], to: "junk.png")
    let outcome = try sandbox.start(arguments + ["-o", "c.png"]).outcome()
    #expect(outcome.status == 1 && !outcome.wasKilled)
    #expect(outcome.errors.hasPrefix(message), "\(outcome.errors)")
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
    #expect(try sandbox.names == ["a.png", "b.png", "junk.png"])
  }

  @Test func anInputIsNeverOverwritten() throws {
    let png = try Samples.png(width: 4, height: 4)
    try sandbox.write(png, to: "a.png")
    let outcome = try sandbox.run("complete", "a.png", "-f", "-o", "a.png")
    #expect(outcome.status == 1 && outcome.errors == "prnzip: a.png: is the input itself\n")
    #expect(try sandbox.read("a.png") == png)
  }

  static let wrongOptions: [[String]] = [
    ["--size", "0x4"], ["--size", "4"], ["--size", "4x4x4"], ["--size", "65536x1"],
    ["--count", "0"], ["--count", "1001"], ["--seed", "-1"], ["--sharpness", "0"],
    ["--sharpness", "5"], ["--threads", "-1"],
  ]

  @Test(arguments: wrongOptions) func wrongUsage(_ arguments: [String]) throws {
    let outcome = try sandbox.start(["sample", "-o", "a.png"] + arguments).outcome()
    #expect(outcome.status == 64)
    #expect(try sandbox.names.isEmpty)
  }
}
