import Bytes
import Glibc
import ModelStore
import PRNZip

/// The lines about one prn file, made from its headers alone.
struct Summary {
  let information: FileInformation

  /// - Throws: `PRNZipError` if `prn` is none.
  init(of prn: any ByteSource, store: ModelStore) throws {
    information = try FileInformation(prn, store: store)
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

  /// What decompressing gives.
  var givesBack: String {
    if information.isPNM { return "the very PNM file" }
    return information.isExact ? "the very PNG file" : "pixels and chunks of the PNG file"
  }

  /// What -v adds.
  ///
  /// - Parameters:
  ///   - start: of the work.
  ///   - isExact: whether the very file was asked for.
  /// - Returns: the end of a line.
  func details(since start: ContinuousClock.Instant, isExact: Bool = false) -> String {
    let seconds = (ContinuousClock.now - start).seconds
    let pixels = Double(information.width) * Double(information.height)
    var parts = ["\(information.width)x\(information.height)"]
    if information.isModelled {
      if let transform = information.transform { parts.append("transform \(transform)") }
      parts += information.groups.map(\.summary)
      if information.frameCount > 0 {
        parts.append("\(information.frameCount) frames of \(information.filmBytes) bytes")
      }
      parts.append("\(information.metadataBytes) bytes of metadata")
    }
    if !information.isModelled {
      parts.append(
        isExact
          ? "stored because no settings of zlib make it, or nothing makes it smaller"
          : "stored because nothing makes it smaller")
    }
    parts.append(decimals(seconds, 3) + " s")
    parts.append(decimals(pixels / max(seconds, 1e-9) / 1e6, 3) + " MP/s")
    return "; " + parts.joined(separator: ", ")
  }

  private var storedNote: String {
    if !information.isModelled { return ", stored" }
    return information.isExact ? ", exact" : ""
  }

  private var rate: String { decimals(information.bitsPerSubpixel, 3) + " bpsp" }

  private func percent(of pngSize: Int) -> String {
    decimals(100 * Double(information.fileSize) / Double(max(pngSize, 1)), 1) + " %"
  }
}

extension FileInformation.GroupInformation {
  /// "RGB by model photo-default in 2 tiles of 1536x1024".
  var summary: String {
    let by = modelIdentity == nil ? codec : "model \(modelName ?? "unknown")"
    let tiles = "\(tileCount) tile\(tileCount == 1 ? "" : "s") of \(tileWidth)x\(tileHeight)"
    if codec == "patches" { return "\(channels) by graphics and \(tileCount - 1) patches of \(by)" }
    return "\(channels) by \(by)" + (tileCount > 0 ? " in \(tiles)" : "")
  }
}
