import Foundation
import PRNZip

/// The lines about one prn file, made from its headers alone.
struct Summary {
  let information: FileInformation

  /// - Throws: `PRNZipError` if `prn` is none.
  init(of prn: [UInt8], registry: ModelRegistry) throws {
    information = try FileInformation(prn, registry: registry)
  }

  /// "525885 -> 377730 bytes, 71.8 %, 3.036 bpsp".
  func compression(from pngSize: Int) -> String {
    "\(pngSize) -> \(information.fileSize) bytes, "
      + "\(percent(of: pngSize)), \(rate)\(storedNote)"
  }

  /// "377730 -> 525885 bytes, 3.036 bpsp".
  func decompression(to pngSize: Int) -> String {
    "\(information.fileSize) -> \(pngSize) bytes, \(rate)\(storedNote)"
  }

  /// What -v adds.
  func details(since start: ContinuousClock.Instant) -> String {
    let seconds = (ContinuousClock.now - start).seconds
    let pixels = Double(information.width) * Double(information.height)
    var parts = ["\(information.width)x\(information.height)"]
    if information.isModelled {
      parts.append("model \(information.modelName ?? "unknown")")
      if let width = information.tileWidth, let height = information.tileHeight,
        let count = information.tileCount
      {
        parts.append("\(count) tile\(count == 1 ? "" : "s") of \(width)x\(height)")
      }
      parts.append("\(information.metadataBytes) bytes of metadata")
    }
    parts.append(decimals(seconds, 3) + " s")
    parts.append(decimals(pixels / max(seconds, 1e-9) / 1e6, 3) + " MP/s")
    return "; " + parts.joined(separator: ", ")
  }

  private var storedNote: String { information.isModelled ? "" : ", stored" }

  private var rate: String { decimals(information.bitsPerSubpixel, 3) + " bpsp" }

  private func percent(of pngSize: Int) -> String {
    decimals(100 * Double(information.fileSize) / Double(max(pngSize, 1)), 1) + " %"
  }
}

/// The number with `count` decimals and a point, in every locale.
func decimals(_ value: Double, _ count: Int) -> String {
  String(format: "%.\(count)f", value)
}
