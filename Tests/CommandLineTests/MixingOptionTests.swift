import PNGFile
import Testing

@Suite struct MixingOptionTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(width: 160, height: 120), to: "a.png")
  }

  /// Every level gives the pixels back, more of it smaller files, and `info` tells which it was.
  @Test func levelsRoundTripAndShrink() throws {
    var sizes: [Int] = []
    for level in ["off", "fast", "standard"] {
      #expect(try sandbox.run("compress", "-f", "--mixing", level, "a.png").status == 0)
      sizes.append(try sandbox.read("a.prn").count)
      #expect(try sandbox.run("info", "a.prn").text.contains("  mixing    \(level)\n"))
      #expect(try sandbox.run("test", "a.prn").status == 0)
      #expect(try sandbox.run("decompress", "a.prn", "-f", "-o", "b.png").status == 0)
      let image = try PNGFile.decode8(sandbox.read("b.png"))
      #expect(try image == Samples.image(width: 160, height: 120))
    }
    #expect(sizes[1] < sizes[0] && sizes[2] < sizes[1], "\(sizes)")
  }

  @Test func offIsTheDefault() throws {
    #expect(try sandbox.run("compress", "a.png").status == 0)
    #expect(try sandbox.run("compress", "--mixing", "off", "a.png", "-o", "b.prn").status == 0)
    #expect(try sandbox.read("a.prn") == sandbox.read("b.prn"))
  }

  @Test func otherLevelsAreWrongUsage() throws {
    let outcome = try sandbox.run("compress", "--mixing", "most", "a.png")
    #expect(outcome.status == 64)
    #expect(try sandbox.names == ["a.png"])
  }
}
