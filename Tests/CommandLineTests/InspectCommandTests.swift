import Foundation
import Testing

@Suite struct InspectCommandTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func page(_ name: String) throws -> String {
    String(decoding: try sandbox.read(name), as: UTF8.self)
  }

  /// A PNG file is compressed first, and its page tells of both.
  @Test func pngFile() throws {
    let png = try Samples.png()
    try sandbox.write(png, to: "a.png")
    let outcome = try sandbox.run("inspect", "-e", "instant", "a.png")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("a.png: page of "))
    let page = try page("a.html")
    #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
    #expect(page.contains("<h1>a.png</h1>") && page.contains("48 × 40 pixels, RGB of 8 bits"))
    #expect(page.contains("compressed at effort instant"))
    #expect(try sandbox.names == ["a.html", "a.png"])
  }

  /// A prn file has the same page but for what is not known of it, to standard output here.
  @Test func prnFile() throws {
    try sandbox.write(
      sandbox.run("compress", "-e", "fast", "-", input: Samples.png()).output, to: "a.prn")
    let outcome = try sandbox.run("inspect", "-q", "a.prn", "-o", "-")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("network") && outcome.text.contains("photo-fast"))
    #expect(outcome.text.contains("as decompress writes it"))
    #expect(!outcome.text.contains("compressed at effort"))
  }

  @Test func storedFile() throws {
    try sandbox.write(Samples.storedPNG(), to: "noise.png")
    #expect(try sandbox.run("inspect", "-q", "-e", "instant", "noise.png").status == 0)
    #expect(try page("noise.html").contains("byte for byte: modelled at effort instant"))
  }

  /// Nothing appears where something is wrong, and nothing is overwritten unasked.
  @Test func refusals() throws {
    let png = try Samples.png()
    try sandbox.write(Array(png.dropLast(40)), to: "bad.png")
    try sandbox.write([1, 2, 3], to: "bad.prn")
    for (name, message) in [("bad.png", "PNG"), ("bad.prn", "prn")] {
      let outcome = try sandbox.run("inspect", name)
      #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    try sandbox.write(png, to: "a.png")
    try sandbox.write([7], to: "a.html")
    #expect(try sandbox.run("inspect", "-e", "instant", "a.png").status == 1)
    #expect(try sandbox.run("inspect", "-e", "instant", "-f", "a.png").status == 0)
    #expect(try sandbox.names == ["a.html", "a.png", "bad.png", "bad.prn"])
  }
}
