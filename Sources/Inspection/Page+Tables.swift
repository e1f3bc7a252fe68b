import PRNZip

// What was chosen: for each group of channels, and for each tile.
extension Page {
  /// Tiles that are listed at most: the dearest.
  private static let mostListed = 200

  func groups() -> String {
    let information = report.information
    let rows = report.reduction.descriptions.enumerated().map { index, description in
      let group = description.information
      let tiles = report.reduction.tiles.filter { $0.description == index }
      let size =
        tiles.isEmpty
        ? "–"
        : group.codec == "patches"
          ? "\(tiles.count - 1) patch\(tiles.count == 2 ? "" : "es")"
          : "\(Number.whole(tiles.count)) of \(group.tileWidth) × \(group.tileHeight)"
      return row([
        .text(description.channelsInWords), .codec(group.codec),
        .text(description.modelInWords), .text(description.mixingInWords),
        .text(description.valuesInWords), .number(size),
        .number(Number.whole(description.payloadBytes)),
      ])
    }
    var transform = "The colours themselves are coded."
    if let name = information.transform, let sampling = information.chromaSampling {
      transform =
        "The colours came from luma and chroma, by the transform \(name), with chroma sampling "
        + "\(sampling): those are coded, and what they do not explain."
    }
    return section(
      "groups", "What was chosen", note: escaped(transform),
      table(
        "groups",
        ["channels", "codec", "model", "mixing", "values", "tiles", "bytes"], numbersFrom: 5, rows))
  }

  func tiles() -> String {
    let all = report.reduction.tiles.enumerated().sorted {
      ($1.element.tile.bits, $0.offset) < ($0.element.tile.bits, $1.offset)
    }
    let rows = all.prefix(Self.mostListed).map { number, entry in
      let (description, tile) = (report.reduction.descriptions[entry.description], entry.tile)
      let place = tile.rectangle
      let isNetwork = tile.codec == "network"
      return row([
        .number("\(number)"), .text(description.channelsInWords), .codec(tile.codec),
        .text(isNetwork ? description.modelInWords : "–"),
        .text(isNetwork ? description.mixingInWords : "–"),
        .number("\(place.column), \(place.row)"), .number("\(place.width) × \(place.height)"),
        .number(Number.whole(Int((tile.bits / 8).rounded()))),
        .number(
          Number.decimals(tile.bits / Double(max(place.width * place.height, 1)), 3)),
      ])
    }
    let note =
      all.count > rows.count
      ? "The \(rows.count) dearest of \(Number.whole(all.count)) tiles." : "The dearest first."
    return section(
      "tiles", "Tiles", note: note,
      table(
        "tiles",
        [
          "tile", "channels", "codec", "model", "mixing", "column, row", "size", "bytes", "bits/px",
        ], numbersFrom: 5, firstIsNumber: true, rows))
  }

  private enum Cell {
    case text(String)
    case number(String)
    case codec(String)
  }

  private func row(_ cells: [Cell]) -> String {
    let cells = cells.map { cell in
      switch cell {
      case .text(let text): "<td>\(escaped(text))</td>"
      case .number(let text): "<td class=\"num\">\(escaped(text))</td>"
      case .codec(let name):
        "<td><span class=\"chip\" style=\"--chip:\(PageColour.codec(name))\">\(escaped(name))"
          + "</span></td>"
      }
    }
    return "<tr>\(cells.joined())</tr>"
  }

  private func table(
    _ id: String, _ heads: [String], numbersFrom: Int, firstIsNumber: Bool = false, _ rows: [String]
  ) -> String {
    let heads = heads.enumerated().map { index, head in
      let isNumber = index >= numbersFrom || (firstIsNumber && index == 0)
      return "<th scope=\"col\"\(isNumber ? " class=\"num\"" : "")>\(escaped(head))</th>"
    }
    return """
      <div class="scroll"><table class="list" id="table-\(id)">
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}
