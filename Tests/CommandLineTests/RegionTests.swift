import ImagePlanes
import PNGFile
import Testing

/// `decompress --region`.
@Suite struct RegionTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
    try #require(try sandbox.run("compress", "-e", "fast", "a.png").status == 0)
  }

  @Test func aRegionIsAPNGFileOfItsPixels() throws {
    let outcome = try sandbox.run("decompress", "--region", "5,7,20x9", "a.prn")
    #expect(outcome.status == 0)
    let png = try sandbox.read("a-region.png")
    #expect(outcome.errors == "a.prn: region of \(png.count) bytes\n")
    let expected = try Samples.image().crop(.init(row: 7, column: 5, height: 9, width: 20))
    #expect(try PNGFile.decode(png) == expected)
    let piped = try sandbox.run(
      "decompress", "-q", "--region", "5,7,20x9", "-", input: sandbox.read("a.prn"))
    #expect(piped.status == 0 && piped.output == png && piped.errors.isEmpty)
  }

  @Test func regionsOutsideAreRefused() throws {
    let outcome = try sandbox.run("decompress", "--region", "40,0,9x1", "a.prn")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "prnzip: a.prn: no region of an image of 48 x 40 pixels: 9 x 1 from 40, 0 on\n"
    )
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  @Test(arguments: [
    "", "1,2", "1,2,3", "1,2,3x", "1,2,0x1", "-1,2,3x4", "1,2,3x4x5", "1,+2,3x4", "1,2,3x4,5",
    "99999999999999999999,1,1x1",
  ])
  func otherTextIsWrongUsage(region: String) throws {
    #expect(
      try sandbox.start(["decompress", "--region=\(region)", "a.prn"]).outcome().status == 64)
    let both = ["decompress", "--preview", "--region", "0,0,1x1", "a.prn"]
    #expect(try sandbox.start(both).outcome().status == 64)
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }
}
