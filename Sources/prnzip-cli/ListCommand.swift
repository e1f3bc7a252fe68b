import Bytes
import ArgumentParser
import Glibc
import PRNZip

/// `prnzip list`: a line for each prn file, and totals.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List prn files in a table, with totals, without decoding.",
    discussion: """
      samples is the size of the image without compression, ratio that over the size of the file; \
      bpsp is bits of the file per subpixel; kind is modelled, exact (the very PNG file comes \
      back) or stored.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var models: DecodingModelOptions

  func run() throws {
    let choice = try ModelChoice(models.model)
    var table = ListTable()
    let outcome = Result {
      try inputs.forEach { place in
        let input = try InputFile(place)
        table.add(try FileInformation(input.source(), store: choice.store), name: place.name)
      }
    }
    if !table.isEmpty { try Console.print(table.text) }
    try outcome.get()
  }
}

/// The lines of `prnzip list`.
struct ListTable {
  private var rows: [[String]] = []
  private var total = (bytes: 0, samples: 0.0, subpixels: 0.0)

  var isEmpty: Bool { rows.isEmpty }

  /// Adds a line.
  mutating func add(_ information: FileInformation, name: String) {
    let subpixels = information.sampleCount
    let samples = subpixels * Double(information.sampleDepth) / 8
    total.bytes += information.fileSize
    total.samples += samples
    total.subpixels += subpixels
    var coders: [String] = []
    for group in information.groups {
      let coder = group.modelIdentity == nil ? group.codec : group.modelName ?? "unknown"
      if !coders.contains(coder) { coders.append(coder) }
    }
    rows.append(
      Self.figures(information.fileSize, samples, subpixels) + [
        "\(information.width)x\(information.height)", InfoEntry.content(information),
        coders.isEmpty ? "-" : coders.joined(separator: "+"), Console.oneLine(name),
      ])
  }

  /// Aligned columns below a line of titles; totals at the end if there are several files.
  var text: String {
    let titles = ["bytes", "samples", "ratio", "bpsp", "size", "kind", "coded by", "file"]
    var lines = [titles] + rows
    if rows.count > 1 {
      lines.append(
        Self.figures(total.bytes, total.samples, total.subpixels)
          + ["", "", "", "\(rows.count) files"])
    }
    let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - line[column].count)
        // Figures stand on the right, words on the left, and nothing behind the last.
        if column < 5 { return space + line[column] }
        return line[column] + (column == line.count - 1 ? "" : space)
      }
      return cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func figures(_ bytes: Int, _ samples: Double, _ subpixels: Double) -> [String] {
    let bits = 8 * Double(bytes) / max(subpixels, 1)
    return [
      "\(bytes)", decimals(samples.rounded(.up), 0),
      decimals(samples / Double(max(bytes, 1)), 3), decimals(bits, 3),
    ]
  }
}
