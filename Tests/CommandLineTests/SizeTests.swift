import PNGFile
import Testing

/// Pictures that are scaled down, for thumbnails.
@Suite struct SizeTests {
  @Test func aThumbnailFits() throws {
    let sandbox = try Sandbox()
    try sandbox.write(sandbox.run("compress", "-c", input: Samples.png()).output, to: "a.prn")
    let outcome = try sandbox.run("decompress", "--size", "16", "a.prn")
    #expect(outcome.status == 0 && outcome.errors.hasPrefix("a.prn: small image of "))
    let image = try PNGFile.decode(sandbox.read("a-small.png"))
    #expect((image.width, image.height) == (16, 13))
    for wrong in [["--size", "0"], ["--size", "9", "--rm"], ["--size", "9", "--salvage"]] {
      #expect(try sandbox.start(["decompress", "a.prn"] + wrong).outcome().status == 64)
    }
  }
}
