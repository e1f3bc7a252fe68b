import Glibc

// Bits a row, as areas of the planes above each other.
extension Page {
  private static let width = 1000.0, height = 250.0
  private static let left = 64.0, right = 8.0, top = 12.0, bottom = 30.0

  func rows() -> String {
    let scale = report.scale
    let step = scale.bandRows
    let planes = report.reduction.planes
    let means = planes.map { plane in
      plane.bands.enumerated().map { $1 / Double(min(step, scale.height - $0 * step)) }
    }
    let count = means.first?.count ?? 0
    let sums = (0..<count).map { i in means.reduce(0) { $0 + $1[i] } }
    let most = sums.max() ?? 0
    guard most > 0 else { return "" }
    let tick = Self.tick(most)
    let end = (most / tick).rounded(.up) * tick
    let plot = (
      width: Self.width - Self.left - Self.right, height: Self.height - Self.top - Self.bottom
    )
    func x(_ row: Double) -> Double { Self.left + plot.width * row / Double(max(scale.height, 1)) }
    func y(_ bits: Double) -> Double { Self.top + plot.height * (1 - bits / end) }
    func point(_ x: Double, _ y: Double) -> String {
      Number.decimals(x, 1) + " " + Number.decimals(y, 1)
    }
    var svg = ""
    for k in 0...Int((end / tick).rounded()) {
      let at = y(Double(k) * tick)
      svg += """
        <line class="grid" x1="\(Self.left)" x2="\(Self.width - Self.right)" \
        y1="\(Number.decimals(at, 1))" y2="\(Number.decimals(at, 1))"/>\
        <text x="\(Self.left - 8)" y="\(Number.decimals(at + 4, 1))" text-anchor="end">\
        \(escaped(Self.bits(Double(k) * tick)))</text>

        """
    }
    var below = [Double](repeating: 0, count: count)
    for (plane, mean) in zip(planes, means) {
      var (upper, lower): ([String], [String]) = ([], [])
      for i in 0..<count {
        let above = below[i] + mean[i]
        // A step for each mean, so that an image of one row has an area.
        for row in [i * step, min((i + 1) * step, scale.height)] {
          upper.append(point(x(Double(row)), y(above)))
          lower.append(point(x(Double(row)), y(below[i])))
        }
        below[i] = above
      }
      svg += """
        <path d="M\((upper + lower.reversed()).joined(separator: "L"))Z" \
        fill="\(PageColour.plane(plane.name))"><title>\(escaped(plane.name))</title></path>

        """
    }
    for k in 0...4 {
      let row = scale.height * k / 4
      svg += """
        <text x="\(Number.decimals(x(Double(row)), 1))" y="\(Self.height - 8)" \
        text-anchor="\(k == 0 ? "start" : k == 4 ? "end" : "middle")">\
        \(k == 0 ? "row 0" : Number.whole(row))</text>

        """
    }
    let key = planes.map {
      "<span><i style=\"background:\(PageColour.plane($0.name))\"></i>\(escaped($0.name))</span>"
    }.joined()
    let note = step == 1 ? "Of each row." : "Means of \(step) rows."
    return section(
      "rows", "Bits a row", note: note + " Top of the image at the left.",
      """
      <svg class="chart" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="Bits a row">
      \(svg)</svg>
      <p class="key">\(key)</p>
      """)
  }

  /// A round distance of lines: three to six of them.
  private static func tick(_ most: Double) -> Double {
    let power = pow(10, (log10(most / 5)).rounded(.down))
    return power * ([1, 2, 5, 10].first { most / ($0 * power) <= 5.5 } ?? 10)
  }

  private static func bits(_ value: Double) -> String {
    if value == 0 { return "0" }
    return value >= 10_000 ? Number.short(value / 1000) + " k" : Number.short(value)
  }
}
