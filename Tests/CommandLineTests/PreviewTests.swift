import Foundation
import PNGFile
import Testing

/// Files of a multi-scale model, and `decompress --preview`.
@Suite struct PreviewTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write(Samples.multiScaleModel(), to: "m.prnw")
  }

  @Test func previewsAreTheSmallImage() throws {
    let compression = try sandbox.run("compress", "--verify", "--model", "m.prnw", "a.png")
    #expect(compression.status == 0 && !compression.errors.contains("stored"))
    let outcome = try sandbox.run("decompress", "--preview", "--model", "m.prnw", "a.prn")
    #expect(outcome.status == 0)
    let preview = try sandbox.read("a-preview.png")
    #expect(outcome.errors == "a.prn: preview of \(preview.count) bytes\n")
    let expected = try Samples.image().subsampled(by: 4)
    #expect(try PNGFile.decode(preview) == expected)

    let info = try sandbox.run("info", "--model", "m.prnw", "a.prn")
    #expect(info.text.contains("  preview   12x10, "))
    #expect(try sandbox.run("info", "a.prn").text.contains("  preview   "))
    #expect(!(try sandbox.run("info", "a.prn").text.contains("12x10")))

    // A part of the file will do, for a preview alone.
    let prn = try sandbox.read("a.prn")
    let half = Array(prn[..<(prn.count / 2)])
    try sandbox.write(half, to: "half.prn")
    let part = try sandbox.run(
      "decompress", "--preview", "-q", "--model", "m.prnw", "half.prn", "-o", "b.png")
    #expect(part.status == 0 && part.errors.isEmpty)
    #expect(try sandbox.read("b.png") == preview)
    let whole = try sandbox.run("decompress", "--model", "m.prnw", "half.prn")
    #expect(whole.status == 1 && whole.errors.hasPrefix("prnzip: half.prn: truncated file"))
    let piped = try sandbox.run("decompress", "--preview", "--model", "m.prnw", "-", input: half)
    #expect(piped.output == preview)

    let decoded = try sandbox.run("decompress", "-f", "--model", "m.prnw", "a.prn")
    #expect(decoded.status == 0)
    #expect(try PNGFile.decode(sandbox.read("a.png")) == Samples.image())
  }

  @Test func otherFilesHaveNone() throws {
    #expect(try sandbox.run("compress", "a.png").status == 0)
    let outcome = try sandbox.run("decompress", "--preview", "a.prn")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "prnzip: a.prn: it has no preview: only files of multi-scale models have one\n")
    #expect(try sandbox.names == ["a.png", "a.prn", "m.prnw"])
    #expect(!(try sandbox.run("info", "a.prn").text.contains("preview")))
  }

  @Test func samplesAndCompletions() throws {
    let sample = try sandbox.run(
      "sample", "--model", "m.prnw", "--size", "7x6", "--count", "2", "-o", "s.png")
    #expect(sample.status == 0)
    let completion = try sandbox.run(
      "complete", "--model", "m.prnw", "a.png", "--count", "1", "-o", "c.png")
    #expect(completion.status == 0)
    #expect(try PNGFile.decode(sandbox.read("c.png")).width == 2 + 3 * 50)
  }
}
