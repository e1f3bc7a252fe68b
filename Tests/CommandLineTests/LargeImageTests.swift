import Bytes
import Foundation
import ImagePlanes
import PNGFile
import Testing

/// Images that are so large that they are coded in strips.
@Suite struct LargeImageTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// More than 2^25 pixels, most of them alike.
  private static func png() throws -> [UInt8] {
    var image = try Image(.gray8, width: 8000, height: 4200)
    for row in 0..<4200 { image.planes[0].samples[8000 * row + row % 997] = UInt8(row % 251) }
    return try PNGFile.encode(image)
  }

  @Test func filesAndPipesGiveTheSame() throws {
    let png = try Self.png()
    try sandbox.write(png, to: "a.png")
    let outcome = try sandbox.run("compress", "-e", "instant", "--verify", "a.png")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let prn = try sandbox.read("a.prn")
    #expect(try sandbox.run("compress", "-e", "instant", "a.png", "-o", "-").output == prn)
    #expect(try sandbox.run("compress", "-e", "instant", "-", input: png).output == prn)
    #expect(try sandbox.run("info", "a.prn").text.contains("8000x4200, 1 x 8 bit, in 3 strips"))
    #expect(try sandbox.run("test", "a.prn").status == 0)
    #expect(try sandbox.run("decompress", "a.prn", "-o", "b.png").status == 0)
    let again = try sandbox.read("b.png")
    #expect(try sandbox.run("decompress", "a.prn", "-o", "-").output == again)
    #expect(try PNGFile.decode(again) == PNGFile.decode(png))
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png"])
  }

  @Test func damageLeavesNothingBehind() throws {
    try sandbox.write(Self.png(), to: "a.png")
    #expect(try sandbox.run("compress", "-e", "instant", "a.png", "-o", "a.prn").status == 0)
    var prn = try sandbox.read("a.prn")
    prn[prn.count - 9] ^= 1
    try sandbox.write(prn, to: "b.prn")
    let outcome = try sandbox.run("decompress", "b.prn")
    #expect(outcome.status == 1 && outcome.errors.contains("damaged section"))
    #expect(try sandbox.names == ["a.png", "a.prn", "b.prn"])
  }
}
