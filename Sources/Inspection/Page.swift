import PRNZip

/// A page of HTML that tells all of a report. It needs nothing but itself: pictures are in it, and
/// its style and its script.
struct Page {
  let report: Report
  let colours = HeatColours()

  /// The file's name without its folders.
  private var name: String { report.name.split(separator: "/").last.map(String.init) ?? "image" }

  /// The page.
  ///
  /// It is XML, too, but for its first line.
  func html() -> String {
    let title = escaped(name) + " · prnzip inspect"
    var body = head()
    if let reason = report.storedReason { body += stored(reason) }
    body += viewer()
    if !report.maps.isEmpty {
      body += "<div class=\"pair\">\n" + planes() + parts() + "</div>\n"
      body += rows() + groups() + tiles()
    } else {
      body += parts()
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width,initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(title)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(body)</main>
      <footer>Made by prnzip, format version \(Compressor.formatVersion).\(
        report.maps.isEmpty ? "" : " The bits are what the decoder took; nothing is estimated.")
      </footer>
      <script>//<![CDATA[
      \(Self.script)
      //]]></script>
      </body>
      </html>

      """
  }

  // MARK: The start

  private func head() -> String {
    let information = report.information
    let kind =
      "\(information.width) × \(information.height) pixels, "
      + "\(Self.kind(information)) of \(information.sampleDepth) bits"
      + (information.isInterlaced ? ", interlaced" : "")
      + (information.frameCount > 0 ? ", \(information.frameCount) frames more" : "")
      + (information.stripCount > 1 ? ", in \(information.stripCount) strips" : "")
    var cards = [card(Number.whole(information.fileSize), "bytes", "the prn file", isMain: true)]
    if let png = report.pngBytes {
      let share = Double(information.fileSize) / Double(max(png, 1))
      cards.append(
        card(
          Number.percent(share), "", "of the \(report.pngName), \(Number.bytes(png))"))
    }
    cards.append(card(Number.short(report.bitsPerPixel), "bits", "a pixel"))
    cards.append(
      card(Number.short(information.bitsPerSubpixel), "bits", "a sample (bpsp)"))
    cards.append(
      card(Number.decimals(information.ratio, 2) + "\u{202F}:\u{202F}1", "", "samples to file"))
    if let share = report.reduction.shareOfHalf {
      cards.append(card(Number.percent(share), "of pixels", "take half of the bits"))
    }
    var effort = ""
    if case .given(_, let name) = report.origin { effort = ", compressed at effort \(name)" }
    return """
      <header>
      <p class="eyebrow">prnzip inspect</p>
      <h1>\(escaped(name))</h1>
      <p class="lead">\(escaped(kind + effort))</p>
      <div class="cards">
      \(cards.joined())</div>
      </header>

      """
  }

  private func card(
    _ value: String, _ unit: String, _ label: String, isMain: Bool = false
  ) -> String {
    let unit = unit.isEmpty ? "" : " <small>\(escaped(unit))</small>"
    return """
      <div class="card\(isMain ? " main" : "")"><b>\(escaped(value))\(unit)</b>\
      <span>\(escaped(label))</span></div>

      """
  }

  private static func kind(_ information: FileInformation) -> String {
    switch information.colourType {
    case 0: "gray"
    case 2: "RGB"
    case 3: "a palette"
    case 4: "gray and alpha"
    default: "RGBA"
    }
  }

  private func stored(_ reason: String) -> String {
    """
    <aside id="stored" class="reason"><b>Stored.</b> The file holds the \
    \(report.information.isPNM ? "PNM" : "PNG") file byte for byte: \
    \(escaped(reason))</aside>

    """
  }
}
