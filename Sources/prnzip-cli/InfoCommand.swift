import Bytes
import Mixing
import ArgumentParser
import Foundation
import PRNZip
import Bytes

/// `prnzip info`: what the headers say, without decoding.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show geometry, model and sizes of prn files, without decoding.",
    discussion: """
      bpsp is bits of the file per subpixel (a sample of one colour of one pixel); ratio is the \
      size of the samples over that of the file.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var models: DecodingModelOptions

  @Flag(help: "Print a JSON array with one object for each file that could be read.")
  var json = false

  func run() throws {
    let choice = try ModelChoice(models.model)
    var entries: [InfoEntry] = []
    let outcome = Result {
      try Console.forEach(inputs.files.map { Place($0) }, name: \.name) { place in
        let prn = try InputFile(place).readAll()
        let information = try FileInformation(prn, store: choice.store)
        entries.append(InfoEntry(file: place.name, information))
      }
    }
    if json || !entries.isEmpty {
      try Console.print(json ? InfoEntry.json(entries) : InfoEntry.text(entries))
    }
    try outcome.get()
  }
}

/// One file's information as it is printed; the names are those of the JSON.
struct InfoEntry: Codable, Equatable {
  let file: String
  let content: String
  let width: Int
  let height: Int
  let channels: Int
  let sampleDepth: Int
  let model: String?
  let modelIdentity: String?
  let mixing: String?
  let tileWidth: Int?
  let tileHeight: Int?
  let tiles: Int?
  let metadataBytes: Int
  let smallWidth: Int?
  let smallHeight: Int?
  let smallImageBytes: Int
  let bytes: Int
  let bpsp: Double
  let ratio: Double

  init(file: String, _ information: FileInformation) {
    self.file = file
    content = information.isModelled ? "modelled" : "stored"
    width = information.width
    height = information.height
    channels = information.channels
    sampleDepth = information.sampleDepth
    model = information.modelName
    modelIdentity = information.modelIdentity.map { hexadecimal($0) }
    mixing = information.mixing.map(InfoEntry.name)
    tileWidth = information.tileWidth
    tileHeight = information.tileHeight
    tiles = information.tileCount
    metadataBytes = information.metadataBytes
    smallWidth = information.smallWidth
    smallHeight = information.smallHeight
    smallImageBytes = information.smallImageBytes
    bytes = information.fileSize
    bpsp = information.bitsPerSubpixel
    ratio = Double(information.sampleDepth) / information.bitsPerSubpixel
  }

  /// What a level of the mixing is called.
  private static func name(_ level: MixingLevel) -> String {
    level == .pure ? "none" : "\(level)"
  }

  static func json(_ entries: [InfoEntry]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(entries), as: UTF8.self)
  }

  /// A block of lines for each file.
  static func text(_ entries: [InfoEntry]) -> String {
    entries.map(\.text).joined(separator: "\n\n")
  }

  private var text: String {
    var lines = [
      Console.oneLine(file),
      "  content   \(content)",
      "  geometry  \(width)x\(height), \(channels) x \(sampleDepth) bit",
    ]
    if let modelIdentity {
      lines.append("  model     \(model ?? "unknown"), identity \(modelIdentity)")
    }
    if let mixing { lines.append("  mixing    \(mixing)") }
    if smallImageBytes > 0 {
      let size = smallWidth.flatMap { width in smallHeight.map { "\(width)x\($0), " } } ?? ""
      lines.append("  preview   \(size)\(smallImageBytes) bytes")
    }
    if let tiles, let tileWidth, let tileHeight {
      lines.append("  tiles     \(tiles) of \(tileWidth)x\(tileHeight)")
      lines.append("  metadata  \(metadataBytes) bytes")
    }
    lines.append(
      "  size      \(bytes) bytes, \(decimals(bpsp, 3)) bpsp, ratio \(decimals(ratio, 3))")
    return lines.joined(separator: "\n")
  }
}
