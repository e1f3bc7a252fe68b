import ArgumentParser
import Bytes
import DigitModels
import ImagePlanes
import ModelStore

/// `prnzip models`: the embedded models.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the embedded models.",
    discussion: """
      Columns: name, identity, colours, bits of a value, number of parameters, multiplications \
      for each pixel.

      \(PRNZipCommand.exitStatus)
      """)

  func run() throws {
    var rows = [["name", "identity", "colours", "bits", "parameters", "multiplications/pixel"]]
    for known in ModelStore.withDigits.descriptions {
      guard let model = try ModelStore.withDigits.model(identity: known.identity) else { continue }
      rows.append([
        model.name, known.identityHex, String(model.format.channels.count),
        String(model.format.depth), String(model.parameters),
        String(model.multiplicationsPerPixel),
      ])
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      var line = ""
      for (index, text) in row.enumerated() {
        line += text
        // Nothing stands behind the last column.
        if index + 1 < row.count {
          line += String(repeating: " ", count: widths[index] - text.count + 2)
        }
      }
      return line
    }
    try Console.print(lines.joined(separator: "\n"))
  }
}
