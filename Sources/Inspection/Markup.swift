import Bytes
import FoundationEssentials

// Small parts of a page. All text comes through `escaped`, so that no name of a file or a model can
// add to the page.

/// Text as HTML and XML have it, of the characters that XML allows.
func escaped(_ text: some StringProtocol) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\n", "\r": result += " "
    default:
      let isLegal =
        scalar.properties.generalCategory != .control && scalar.value & 0xFFFE != 0xFFFE
      result.unicodeScalars.append(isLegal ? scalar : "?")
    }
  }
  return result
}

/// Numbers as people read them, the same in every locale.
enum Number {
  /// 1234567 as "1 234 567", with spaces that do not break.
  static func whole(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return text
  }

  /// With `count` decimals.
  static func decimals(_ value: Double, _ count: Int) -> String {
    Bytes.decimals(value, count)
  }

  /// With as many decimals as leave three digits, at most four.
  static func short(_ value: Double) -> String {
    let size = abs(value)
    return decimals(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4)
  }

  /// A share as "12.3 %".
  static func percent(_ share: Double) -> String {
    let value = 100 * share
    return decimals(value, value >= 99.95 || value == 0 ? 0 : value >= 0.1 ? 1 : 3) + "\u{202F}%"
  }

  /// Bytes as "525 885".
  static func bytes(_ count: Int) -> String { whole(count) + "\u{202F}B" }
}

/// A file in a page.
func dataURI(_ bytes: [UInt8], type: String = "image/png") -> String {
  "data:\(type);base64," + Data(bytes).base64EncodedString()
}

/// A part of a page under a heading.
func section(_ id: String, _ title: String, note: String = "", _ body: String) -> String {
  let note = note.isEmpty ? "" : "<p class=\"note\">\(note)</p>"
  return """
    <section id="\(id)">
    <h2>\(escaped(title))</h2>\(note)
    \(body)
    </section>

    """
}

/// Bars with names and numbers. They are as long as their values; a scale is the largest value.
struct Bars {
  struct Bar {
    let name: String
    let value: Double
    /// What stands behind the bar: cells of numbers, aligned at the right.
    let numbers: [String]
    /// Of the bar, as CSS has it.
    let colour: String
  }

  var bars: [Bar] = []
  /// Names of the columns of numbers.
  let heads: [String]

  /// A table of them.
  func html() -> String {
    let most = bars.map(\.value).max() ?? 0
    var rows = ""
    for bar in bars {
      let width = most > 0 ? 100 * bar.value / most : 0
      rows += """
        <tr><th scope="row">\(escaped(bar.name))</th><td class="track">\
        <span class="bar" style="width:\(Number.decimals(width, 2))%;background:\(bar.colour)">\
        </span></td>
        """
      rows += bar.numbers.map { "<td class=\"num\">\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    let heads = heads.map { "<th scope=\"col\" class=\"num\">\(escaped($0))</th>" }.joined()
    return """
      <table class="bars">
      <thead><tr><th scope="col"></th><th scope="col"></th>\(heads)</tr></thead>
      <tbody>
      \(rows)</tbody>
      </table>
      """
  }
}
