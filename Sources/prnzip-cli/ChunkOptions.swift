import ArgumentParser
import PNGFile

/// Which chunks of a PNG file come along: a list such as tEXt,tIME, or a word.
enum ChunkList: ExpressibleByArgument, Equatable {
  case all, safe
  case types(Set<String>)

  init?(argument: String) {
    switch argument {
    case "all": self = .all
    case "safe", "display": self = .safe
    default:
      let types = argument.split(separator: ",", omittingEmptySubsequences: false)
      guard
        types.allSatisfy({ type in
          // The third letter is a capital in all types there are.
          type.utf8.count == 4 && type.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
            && type.utf8.dropFirst(2).first.map { $0 & 0x20 } == 0
        })
      else { return nil }
      self = .types(Set(types.map(String.init)))
    }
  }
}

/// What is left out of PNG files.
struct ChunkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Leave chunks out: all that the pixels do not need; safe, those that do not change how the \
      image looks; or types such as tEXt,tIME.
      """, valueName: "all|safe|list"))
  var strip: ChunkList?

  @Option(
    help: ArgumentHelp(
      """
      Keep chunks of these types alone, beside those that the pixels need; display stands for \
      those that change how the image looks.
      """, valueName: "display|list"))
  var keep: ChunkList?

  func validate() throws {
    if strip != nil && keep != nil {
      throw ValidationError("--strip and --keep exclude each other.")
    }
    if case .types(let types)? = strip,
      let needed = types.sorted().first(where: ChunkSelection.isNeeded)
    {
      throw ValidationError("--strip leaves out no chunk that pixels need, such as \(needed).")
    }
    if keep == .all { throw ValidationError("--keep takes display or types of chunks, not all.") }
  }

  /// The chunks that are kept.
  var selection: ChunkSelection {
    switch (strip, keep) {
    case (.all, _): .none
    case (.safe, _), (_, .safe): .safe
    case (.types(let types), _): .allBut(types)
    case (_, .types(let types)): .only(types)
    default: .all
    }
  }
}
