import Glibc

// Which share of the pixels take so many bits, and which share of all bits that is.
extension Page {
  private static let width = 480.0, height = 170.0, top = 6.0, bottom = 24.0
  private static let mostBars = 32

  /// Bars by bits a pixel; nothing where nothing is coded.
  func histogram() -> String {
    let reduction = report.reduction
    let (pixels, bits) = (reduction.histogram, reduction.histogramBits)
    let all = (pixels: pixels.reduce(0, +), bits: bits.reduce(0, +))
    guard all.pixels > 0, all.bits > 0 else { return "" }
    // Up to where nearly all bits are; an entry is an eighth of a bit.
    var (end, sum) = (0, 0.0)
    while end < bits.count, sum < 0.995 * all.bits {
      sum += bits[end]
      end += 1
    }
    let step = (max(end, 8) + Self.mostBars - 1) / Self.mostBars
    let count = (max(end, 8) + step - 1) / step
    let shares = (0..<count).map { bar in
      // What is beyond the end is in the last bar.
      let entries = bar * step..<(bar == count - 1 ? bits.count : (bar + 1) * step)
      return (
        pixels: Double(pixels[entries].reduce(0, +)) / Double(all.pixels),
        bits: bits[entries].reduce(0, +) / all.bits
      )
    }
    let most = shares.reduce(0) { max($0, $1.pixels, $1.bits) }
    let bar = Self.width / Double(count)
    let plot = Self.height - Self.top - Self.bottom
    func rectangle(_ x: Double, _ share: Double, _ colour: String, _ title: String) -> String {
      // A share of little is seen beside one of nearly all.
      let size = plot * (most > 0 ? (share / most).squareRoot() : 0)
      return """
        <rect x="\(Number.decimals(x, 2))" y="\(Number.decimals(Self.top + plot - size, 2))" \
        width="\(Number.decimals(bar * 0.42, 2))" height="\(Number.decimals(size, 2))" \
        style="fill:\(colour)"><title>\(escaped(title))</title></rect>
        """
    }
    var svg = ""
    for (index, share) in shares.enumerated() {
      let range =
        Number.short(Double(index * step) / 8) + " to "
        + (index == count - 1 ? "more" : Number.short(Double((index + 1) * step) / 8)) + " bits: "
      let x = bar * Double(index)
      svg += rectangle(
        x, share.pixels, "var(--quiet)", range + Number.percent(share.pixels) + " of the pixels")
      svg += rectangle(
        x + bar * 0.44, share.bits, "var(--accent)",
        range + Number.percent(share.bits)
          + " of the bits")
    }
    for k in 0...4 {
      let x = Self.width * Double(k) / 4
      let value = k == 0 ? "0" : Number.short(Double(count * step) / 8 * Double(k) / 4)
      svg += """
        <text x="\(x)" y="\(Self.height - 6)" \
        text-anchor="\(k == 0 ? "start" : k == 4 ? "end" : "middle")">\(value)</text>
        """
    }
    return """
      <h3>Pixels by their bits</h3>
      <p class="note">Heights are roots of shares, so that small ones are seen.</p>
      <svg class="chart" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="Shares of pixels and of bits by bits a pixel">
      \(svg)</svg>
      <p class="key"><span><i style="background:var(--quiet)"></i>pixels</span>\
      <span><i style="background:var(--accent)"></i>bits</span></p>

      """
  }
}
