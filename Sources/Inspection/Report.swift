import Mixing
import PRNZip

/// All that a page tells of a file.
struct Report {
  /// What is known of the PNG file.
  enum Origin {
    /// It was given, and compressed.
    case given(bytes: Int, effort: String)
    /// It comes back byte for byte.
    case kept(bytes: Int)
    /// A new one, as decompressing writes it.
    case new(bytes: Int)
    /// Nothing.
    case unknown
  }

  /// The file's name, for people.
  let name: String
  let information: FileInformation
  let origin: Origin
  /// The picture as a PNG file, and what the squares of it are.
  let picture: [UInt8]
  let reduction: Reduction
  /// Of all planes, then of each; none of a stored file.
  let maps: [HeatMap]
  /// Why it is stored; nil of a modelled file.
  let storedReason: String?

  var scale: Scale { reduction.scale }

  /// Bytes of the PNG file.
  var pngBytes: Int? {
    switch origin {
    case .given(let bytes, _), .kept(let bytes), .new(let bytes): bytes
    case .unknown: nil
    }
  }

  /// What the PNG or PNM file of the comparison is.
  var pngName: String {
    let kind = information.isPNM ? "PNM file" : "PNG file"
    return switch origin {
    case .given, .unknown: kind
    case .kept: kind + ", which comes back"
    case .new: kind + ", as decompress writes it"
    }
  }

  /// Bytes of the samples, uncompressed, in whole bytes a row; those of frames beside the image
  /// as their bits come to.
  var sampleBytes: Int {
    let row = (information.width * information.channels * information.sampleDepth + 7) / 8
    let frames = information.sampleCount - pixels * Double(information.channels)
    return row * information.height + Int(frames * Double(information.sampleDepth) / 8)
  }

  /// Pixels of the image.
  var pixels: Double { Double(information.width) * Double(information.height) }

  /// Bits of the file for each pixel, of frames too.
  var bitsPerPixel: Double { information.bitsPerSubpixel * Double(information.channels) }
}

/// Colours of what is drawn, the same on light and dark pages.
enum PageColour {
  static let planes: [String: String] = [
    "red": "#e0564f", "green": "#3fa66b", "blue": "#4b82e6", "alpha": "#9a9aa6",
    "gray": "#8b8f9c", "luma": "#8b8f9c", "chroma 1": "#4b82e6", "chroma 2": "#e0564f",
    "red correction": "#f0a19d", "green correction": "#93cfad", "blue correction": "#a3c0f4",
    "colour numbers": "#b07ad9", "whole colours": "#d9a13b", "which pixels have any": "#d9a13b",
  ]
  static let codecs: [String: String] = [
    "network": "#8b6cf0", "graphics": "#14a89b", "bilevel": "#d9a13b", "deep": "#4b82e6",
    "sparse": "#d765a5", "linear": "#5aa845", "constant": "#9a9aa6", "patches": "#14a89b",
    "runs": "#c9a227",
  ]

  static func plane(_ name: String) -> String { planes[name] ?? "#8b8f9c" }
  static func codec(_ name: String) -> String { codecs[name] ?? "#8b8f9c" }
}

/// How a group is coded, in words.
extension Reduction.Description {
  /// "red, green, blue".
  var channelsInWords: String {
    if !planes.isEmpty { return planes.joined(separator: ", ") }
    let words: [Character: String] = ["R": "red", "G": "green", "B": "blue", "A": "alpha"]
    return information.channels.map { words[$0] ?? "\($0)" }.joined(separator: ", ")
  }

  /// The model's name; "–" without a network.
  var modelInWords: String {
    information.modelIdentity == nil ? "–" : information.modelName ?? "unknown"
  }

  /// How the network is mixed; "–" without one.
  var mixingInWords: String {
    guard let mixing = information.mixing else { return "–" }
    return mixing == .pure ? "none" : "\(mixing)"
  }

  /// What the coded values are.
  var valuesInWords: String {
    let colours = information.colours
    switch information.mapping {
    case "none": return colours.map { "numbers of \($0) colours" } ?? "samples"
    case "doubled": return "samples of 8 bits, twice"
    case "table": return "ranks of samples"
    default: return colours.map { "numbers of \($0) colours" } ?? "numbers of colours"
    }
  }
}
