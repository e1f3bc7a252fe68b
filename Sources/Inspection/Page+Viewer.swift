import PRNZip

// The picture, with the bits of its pixels and its tiles over it.
extension Page {
  /// Tiles that are drawn at most: the dearest.
  private static let mostDrawn = 2000

  func viewer() -> String {
    let scale = report.scale
    // Small images are shown in larger pixels.
    let isSmall = scale.columns < 400 && scale.rows < 400
    let style = "aspect-ratio:\(scale.width)/\(scale.height)"
    let height = "--shape:\(Number.decimals(Double(scale.width) / Double(scale.height), 4))"
    let picture = """
      <img class="picture" src="\(dataURI(report.picture))" alt="The image" \
      width="\(scale.columns)" height="\(scale.rows)"/>
      """
    guard let first = report.maps.first else {
      return section(
        "picture", "The image",
        "<div class=\"view\(isSmall ? " pixels" : "")\" style=\"\(style);\(height)\">"
          + "\(picture)</div>"
      )
    }
    let maps = report.maps.enumerated().map { index, map in
      """
      <img class="heat" src="\(dataURI(map.png))" alt="Bits a pixel, \(escaped(map.name))" \
      data-top="\(Number.decimals(map.top, 6))" data-cut="\(map.isCut ? 1 : 0)" \
      data-power="\(map.power)"\
      \(index == 0 ? "" : " hidden=\"hidden\"")/>
      """
    }
    let choices = report.maps.enumerated().map { index, map in
      """
      <label><input type="radio" name="plane" value="\(index)"\
      \(index == 0 ? " checked=\"checked\"" : "")/><span>\(escaped(map.name))</span></label>
      """
    }
    let hexadecimal = colours.colours.map { red, green, blue in
      [red, green, blue].map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }.joined()
    let note =
      scale.side == 1
      ? "Each pixel has its own bits."
      : "Each point is the mean of \(scale.side) × \(scale.side) pixels."
    return section(
      "picture", "Where the bits are", note: note,
      """
      <div class="controls">
      <div class="choice" role="radiogroup" aria-label="Plane">\(choices.joined())</div>
      <div class="choice" role="radiogroup" aria-label="Mode"><label><input type="radio" \
      name="mode" value="split" checked="checked"/><span>split</span></label><label><input \
      type="radio" name="mode" value="blend"/><span>blend</span></label></div>
      <label class="toggle"><input type="checkbox" id="show-tiles"/><span>tiles</span></label>
      <label class="slide"><span>picture</span><input type="range" id="blend" min="0" max="100" \
      value="50" aria-label="From picture to bits"/><span>bits</span></label>
      </div>
      <div class="view split\(isSmall ? " pixels" : "")" id="view" style="\(style);\(height)" \
      data-width="\(scale.width)" data-height="\(scale.height)" data-side="\(scale.side)" \
      data-palette="\(hexadecimal)">
      \(picture)
      \(maps.joined(separator: "\n"))
      \(overlay())
      <span class="edge" aria-hidden="true"></span>
      </div>
      <div class="legend">
      <span class="ramp" style="background:\(colours.gradient)"></span>
      <div class="ticks" id="ticks">\(ticks(first))</div>
      <output id="readout">bits a pixel</output>
      </div>
      """)
  }

  /// Five numbers below the ramp.
  private func ticks(_ map: HeatMap) -> String {
    (0...4).map { step in
      let value = Number.short(map.bits(at: Double(step) / 4))
      return "<span>\(step == 4 && map.isCut ? "≥ " : "")\(step == 0 ? "0" : value)</span>"
    }.joined()
  }

  /// The tiles as rectangles, in pixels of the image.
  private func overlay() -> String {
    let tiles = report.reduction.tiles.sorted { $0.tile.bits > $1.tile.bits }
      .prefix(Self.mostDrawn)
    let rectangles = tiles.map { description, tile in
      let place = tile.rectangle
      let title =
        report.reduction.descriptions[description].channelsInWords + ": \(tile.codec), "
        + Number.bytes(Int((tile.bits / 8).rounded()))
      return """
        <rect x="\(place.column)" y="\(place.row)" width="\(place.width)" \
        height="\(place.height)" stroke="\(PageColour.codec(tile.codec))"><title>\
        \(escaped(title))</title></rect>
        """
    }
    return """
      <svg class="tiles" viewBox="0 0 \(report.scale.width) \(report.scale.height)" \
      preserveAspectRatio="none" aria-hidden="true">\(rectangles.joined())</svg>
      """
  }
}
