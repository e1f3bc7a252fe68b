import Bytes
import Container
import ImagePlanes

/// The numbers of a palette's entries where they are coded (FORMAT.md, section 1.9): those that
/// occur, in the order of a `ColourTable`.
///
/// So entries that look alike have numbers that are near each other, whatever order the PNG file
/// has.
struct PaletteOrder: Equatable {
  /// Of each number, the palette's index.
  let indices: [UInt8]

  /// - Parameters:
  ///   - palette: the data of PLTE, and of tRNS if there is one.
  ///   - isUsed: of each entry, whether it occurs.
  init(_ palette: (plte: [UInt8], trns: [UInt8]), isUsed: [Bool]) {
    let count = min(palette.plte.count / 3, 256)
    let colours = (0..<count).map { index -> UInt32 in
      let alpha = index < palette.trns.count ? palette.trns[index] : 255
      let entry = palette.plte[(3 * index)..<(3 * index + 3)] + [alpha]
      return entry.enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * $1.offset) }
    }
    let used = (0..<count).filter { $0 < isUsed.count && isUsed[$0] }
    indices = used.sorted { a, b in
      if colours[a] == colours[b] { return a < b }
      return ColourTable.precedes(colours[a], colours[b], planes: 4, true)
    }.map { UInt8(truncatingIfNeeded: $0) }
  }

  /// The number of each index; those that do not occur have 0.
  var numbers: [UInt8] {
    var numbers = [UInt8](repeating: 0, count: 256)
    for (number, index) in indices.enumerated() {
      numbers[Int(index)] = UInt8(truncatingIfNeeded: number)
    }
    return numbers
  }

  /// Which entries occur, as the bytes of a group: a bit each, from the lowest of the first byte
  /// on; none if all of them do.
  static func bytes(_ isUsed: [Bool]) -> [UInt8] {
    if isUsed.allSatisfy({ $0 }) { return [] }
    var bytes = [UInt8](repeating: 0, count: (isUsed.count + 7) / 8)
    for (index, isUsed) in isUsed.enumerated() where isUsed { bytes[index / 8] |= 1 << (index % 8) }
    return bytes
  }

  /// The same of `count` entries, read.
  ///
  /// - Returns: nil for bytes that `bytes` does not make.
  static func isUsed(_ bytes: [UInt8], count: Int) -> [Bool]? {
    if bytes.isEmpty { return [Bool](repeating: true, count: count) }
    let isUsed = (0..<count).map { $0 / 8 < bytes.count && bytes[$0 / 8] >> ($0 % 8) & 1 == 1 }
    return Self.bytes(isUsed) == bytes ? isUsed : nil
  }
}

extension Metadata {
  /// The data of PLTE and of tRNS; nil where there is no PLTE.
  var palette: (plte: [UInt8], trns: [UInt8])? {
    guard let plte = data("PLTE") else { return nil }
    return (plte, data("tRNS") ?? [])
  }

  /// The data of the first chunk of this name before the image data; nil where there is none.
  func data(_ name: String) -> [UInt8]? {
    beforeImage.first { $0.type == Array(name.utf8) }?.data
  }
}

/// The colours of a group that numbers them, as its bytes: entries as of a PNG file, `PLTE` and,
/// with alpha, `tRNS`; a gray colour has three equal samples.
enum ColourTableCoding {
  static func encode(
    _ table: ColourTable, planes: Int
  ) throws(PRNZipError) -> [UInt8] {
    let sample = { (colour: UInt32, k: Int) in UInt8(truncatingIfNeeded: colour >> (8 * k)) }
    let rgb = planes >= 3 ? [0, 1, 2] : [0, 0, 0]
    var entries = Metadata()
    entries.beforeImage.append(
      .init(
        type: Array("PLTE".utf8),
        data: table.colours.flatMap { colour in rgb.map { sample(colour, $0) } }))
    if planes == 2 || planes == 4 {
      entries.beforeImage.append(
        .init(type: Array("tRNS".utf8), data: table.colours.map { sample($0, planes - 1) }))
    }
    return try MetadataCoding.encode(entries).payload
  }

  static func decode(
    _ bytes: [UInt8], planes: Int
  ) throws(PRNZipError) -> ColourTable {
    let entries = try MetadataCoding.decode(bytes[...], limit: 8 * ColourTable.most)
    let palette = entries.palette ?? ([], [])
    let count = palette.plte.count / 3
    guard (1...ColourTable.most).contains(count), palette.plte.count == 3 * count,
      palette.trns.count == (planes % 2 == 0 ? count : 0)
    else { throw .container(.corrupt(reason: "a palette of no legal size")) }
    return ColourTable(
      (0..<count).map { index in
        var samples = Array(palette.plte[(3 * index)..<(3 * index + (planes >= 3 ? 3 : 1))])
        if planes % 2 == 0 { samples.append(palette.trns[index]) }
        return samples.enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * $1.offset) }
      })
  }
}
