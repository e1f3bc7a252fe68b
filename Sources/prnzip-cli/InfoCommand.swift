import Bytes
import Mixing
import ArgumentParser
import FoundationEssentials
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
      try inputs.forEach { place in
        let input = try InputFile(place)
        let information = try FileInformation(input.source(), store: choice.store)
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
  /// A group of channels.
  struct Group: Codable, Equatable {
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

    init(_ group: FileInformation.GroupInformation) {
      channels = group.channels
      codec = group.codec
      mapping = group.mapping
      colours = group.colours
      model = group.modelName
      modelIdentity = group.modelIdentity.map { hexadecimal($0) }
      mixing = group.mixing.map { $0 == .pure ? "none" : "\($0)" }
      tileWidth = group.tileWidth
      tileHeight = group.tileHeight
      tiles = group.tileCount
      bytes = group.size
    }

    /// "RGB: network photo-default, identity 734c4a9a5562a2bd, mixing standard, 2 tiles of ...".
    var text: String {
      var parts = [codec]
      if let modelIdentity {
        parts[0] += " \(model ?? "unknown")"
        parts.append("identity \(modelIdentity)")
      }
      if let mixing { parts.append("mixing \(mixing)") }
      if let colours { parts.append("\(colours) colours") }
      if mapping != "none" { parts.append("mapping \(mapping)") }
      if codec == "patches" {
        parts.append("\(tiles - 1) patches")
      } else if tiles > 1 {
        parts.append("\(tiles) tiles of \(tileWidth)x\(tileHeight)")
      }
      if tiles > 0 { parts.append("\(bytes) bytes") }
      return "\(channels): " + parts.joined(separator: ", ")
    }
  }

  let file: String
  let content: String
  let givesBack: String
  let fileExtension: String
  let width: Int
  let height: Int
  let channels: Int
  let sampleDepth: Int
  let isInterlaced: Bool
  let strips: Int
  let transform: String?
  let chromaSampling: String?
  let groups: [Group]
  let metadataBytes: Int
  let frameCount: Int
  let filmBytes: Int
  let smallWidth: Int?
  let smallHeight: Int?
  let smallImageBytes: Int
  let bytes: Int
  let bpsp: Double
  let ratio: Double

  init(file: String, _ information: FileInformation) {
    self.file = file
    content = Self.content(information)
    givesBack = information.isExact ? "file" : "pixels"
    fileExtension = information.fileExtension
    width = information.width
    height = information.height
    channels = information.channels
    sampleDepth = information.sampleDepth
    isInterlaced = information.isInterlaced
    strips = information.stripCount
    transform = information.transform
    chromaSampling = information.chromaSampling
    groups = information.groups.map(Group.init)
    metadataBytes = information.metadataBytes
    frameCount = information.frameCount
    filmBytes = information.filmBytes
    smallWidth = information.smallWidth
    smallHeight = information.smallHeight
    smallImageBytes = information.smallImageBytes
    bytes = information.fileSize
    bpsp = information.bitsPerSubpixel
    ratio = Double(information.sampleDepth) / information.bitsPerSubpixel
  }

  /// modelled, exact or stored.
  static func content(_ information: FileInformation) -> String {
    !information.isModelled ? "stored" : information.isExact ? "exact" : "modelled"
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
    let kind = fileExtension == "png" ? "PNG" : "PNM"
    let back = givesBack == "file" ? "the very \(kind) file" : "pixels and chunks of the PNG file"
    var lines = [
      Console.oneLine(file),
      "  content   \(content), gives back \(back)",
      "  geometry  \(width)x\(height), \(channels) x \(sampleDepth) bit"
        + (isInterlaced ? ", interlaced" : "") + (strips > 1 ? ", in \(strips) strips" : ""),
    ]
    if let transform, let chromaSampling {
      lines.append("  colours   transform \(transform), chroma sampling \(chromaSampling)")
    }
    for group in groups { lines.append("  group     \(group.text)") }
    if smallImageBytes > 0 {
      let size = smallWidth.flatMap { width in smallHeight.map { "\(width)x\($0), " } } ?? ""
      lines.append("  preview   \(size)\(smallImageBytes) bytes")
    }
    if frameCount > 0 { lines.append("  frames    \(frameCount), \(filmBytes) bytes") }
    if !groups.isEmpty { lines.append("  metadata  \(metadataBytes) bytes") }
    lines.append(
      "  size      \(bytes) bytes, \(decimals(bpsp, 3)) bpsp, ratio \(decimals(ratio, 3))")
    return lines.joined(separator: "\n")
  }
}
