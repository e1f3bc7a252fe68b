import PNGFile
import Testing

@Suite struct EffortOptionTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(width: 160, height: 120), to: "a.png")
  }

  /// Every effort gives the pixels back, and a higher one no larger file; `info` tells of the
  /// mixing.
  @Test(arguments: [[], ["--pure"]]) func effortsRoundTripAndShrink(options: [String]) throws {
    var sizes: [Int] = []
    for effort in ["fast", "default", "best"] {
      let arguments = ["compress", "-f", "--effort", effort, "a.png"] + options
      #expect(try sandbox.start(arguments).outcome().status == 0)
      sizes.append(try sandbox.read("a.prn").count)
      let info = try sandbox.run("info", "a.prn").text
      #expect(info.contains(", mixing none, ") == !options.isEmpty)
      #expect(try sandbox.run("test", "a.prn").status == 0)
      #expect(try sandbox.run("decompress", "a.prn", "-f", "-o", "b.png").status == 0)
      let image = try PNGFile.decode(sandbox.read("b.png"))
      #expect(try image == Samples.image(width: 160, height: 120))
    }
    #expect(sizes == sizes.sorted(by: >), "\(sizes)")
  }

  @Test func defaultIsTheDefault() throws {
    let plain = try sandbox.run("compress", "a.png", "-o", "-")
    #expect(plain.status == 0)
    #expect(try sandbox.run("compress", "-e", "default", "a.png", "-o", "-").output == plain.output)
  }
}
