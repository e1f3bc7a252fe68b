import Mixing
import Foundation
import Testing

@Suite struct InfoCommandTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(sandbox.run("compress", "-", input: Samples.png()).output, to: "a.prn")
    try sandbox.write(
      sandbox.run("compress", "-", input: Samples.storedPNG()).output, to: "gray.prn")
  }

  /// The fields of `info --json`, as a reader of it would declare them.
  private struct Entry: Decodable {
    struct Group: Decodable {
      let channels: String
      let codec: String
      let mapping: String
      let colours: Int?
      let model: String?
      let modelIdentity: String?
      let mixing: String?
      let tileWidth: Int
      let tileHeight: Int
      let tiles: Int
      let bytes: Int
    }

    let file: String
    let content: String
    let givesBack: String
    let width: Int
    let height: Int
    let channels: Int
    let sampleDepth: Int
    let isInterlaced: Bool
    let groups: [Group]
    let metadataBytes: Int
    let bytes: Int
    let bpsp: Double
    let ratio: Double
  }

  private func entries(_ outcome: Outcome) throws -> [Entry] {
    try JSONDecoder().decode([Entry].self, from: Data(outcome.output))
  }

  @Test func textOfBothKinds() throws {
    let outcome = try sandbox.run("info", "a.prn", "gray.prn")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let blocks = outcome.text.components(separatedBy: "\n\n")
    try #require(blocks.count == 2)
    let size = try sandbox.read("a.prn").count
    for line in [
      "a.prn", "  content   modelled, gives back pixels and chunks of the PNG file",
      "  geometry  48x40, 3 x 8 bit",
    ] {
      #expect(blocks[0].contains(line + "\n"))
    }
    #expect(blocks[0].contains("  group     RGB: network "))
    #expect(blocks[0].contains("  size      \(size) bytes, "))
    let start = """
      gray.prn
        content   stored, gives back the very PNG file
        geometry  256x256, 1 x 16 bit

      """
    #expect(blocks[1].hasPrefix(start) && !blocks[1].contains("group "))
  }

  @Test func jsonOfBothKinds() throws {
    let outcome = try sandbox.run("info", "--json", "a.prn", "gray.prn")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let entries = try entries(outcome)
    try #require(entries.map(\.file) == ["a.prn", "gray.prn"])
    #expect(entries.map(\.content) == ["modelled", "stored"])
    let (first, second) = (entries[0], entries[1])
    #expect(first.width == 48 && first.height == 40)
    #expect(first.channels == 3 && first.sampleDepth == 8)
    #expect(first.givesBack == "pixels" && second.givesBack == "file" && !first.isInterlaced)
    try #require(first.groups.count == 1)
    let group = first.groups[0]
    #expect(group.channels == "RGB" && group.codec == "network" && group.mapping == "none")
    #expect(group.model?.isEmpty == false && group.modelIdentity?.count == 16)
    #expect(group.tileWidth == 48 && group.tileHeight == 40 && group.tiles == 1)
    #expect(group.colours == nil && group.bytes < first.bytes && group.bytes > 1000)
    #expect(first.metadataBytes > 0)
    #expect(try first.bytes == sandbox.read("a.prn").count)
    #expect(abs(first.bpsp - 8 * Double(first.bytes) / (3 * 48 * 40)) < 1e-9)
    #expect(abs(first.ratio * first.bpsp - 8) < 1e-9)
    #expect(["none", "fast", "standard", "full"].contains(group.mixing))
    #expect(second.channels == 1 && second.groups.isEmpty)
  }

  @Test func filesThatCannotBeReadAreLeftOut() throws {
    try sandbox.write([1, 2, 3], to: "bad.prn")
    let some = try sandbox.run("info", "--json", "bad.prn", "gray.prn")
    #expect(some.status == 1 && some.errors == "prnzip: bad.prn: not a prn file\n")
    #expect(try entries(some).map(\.file) == ["gray.prn"])
    let none = try sandbox.run("info", "--json", "bad.prn")
    #expect(none.status == 1)
    #expect(try entries(none).isEmpty)
    let text = try sandbox.run("info", "bad.prn", "missing.prn")
    #expect(text.status == 1 && text.output.isEmpty)
  }

  @Test func standardInput() throws {
    let outcome = try sandbox.run("info", "--json", "-", input: sandbox.read("a.prn"))
    #expect(outcome.status == 0)
    #expect(try entries(outcome).map(\.file) == ["-"])
  }

  @Test func controlCharactersInNamesStayOutOfTheText() throws {
    try sandbox.write(sandbox.read("gray.prn"), to: "x\u{1B}[2J\ny.prn")
    let outcome = try sandbox.run("info", "x\u{1B}[2J\ny.prn")
    #expect(outcome.status == 0 && outcome.text.hasPrefix("x?[2J?y.prn\n"))
    let missing = try sandbox.run("info", "no\nfile")
    #expect(missing.errors == "prnzip: no?file: No such file or directory\n")
  }
}
