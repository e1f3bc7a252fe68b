import ArgumentParser
import Bytes
import Foundation
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
    for known in ModelStore.embedded.descriptions {
      guard let model = try ModelStore.embedded.model(identity: known.identity) else { continue }
      rows.append([
        model.name, known.identityHex, String(model.format.channels.count),
        String(model.format.depth), String(model.parameters),
        String(model.multiplicationsPerPixel),
      ])
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    try Console.print(lines.joined(separator: "\n"))
  }
}
