import Container
import ImagePlanes

// A few bytes can claim many pixels, each of which takes time and memory. What an encoder makes has
// some bytes for so many.
extension Limits {
  /// Pixels that any group may have, and those that each byte of its sections allows it more.
  private static func share(of codec: Group.Codec) -> (base: Int, perByte: Int) {
    // A decision of theirs takes 2^-11 bits at least; the others pass over flat areas, or are fast.
    [.network, .deep].contains(codec) ? (1 << 22, 1 << 16) : (1 << 25, 1 << 20)
  }

  /// The most pixels of a group with so many bytes; nil for any number.
  private static func mostPixels(of codec: Group.Codec, size: Int) -> Int? {
    if codec == .constant { return nil }
    let share = share(of: codec)
    let (more, overflow) = share.perByte.multipliedReportingOverflow(by: size)
    return overflow ? nil : share.base.addingReportingOverflow(more).partialValue
  }

  /// Checks the groups of an image, before anything of it is allocated.
  ///
  /// - Parameters:
  ///   - header: of the image or of a strip.
  ///   - sizes: bytes of the payloads of each group.
  /// - Throws: `PRNZipError.limitExceeded`.
  static func checkShares(of header: Header, sizes: [Int]) throws(PRNZipError) {
    for (group, size) in zip(header.groups, sizes) {
      let (width, height) = header.extent(of: group)
      guard let most = mostPixels(of: group.codec, size: size), width * height > most else {
        continue
      }
      throw .limitExceeded(what: "pixels in \(size) bytes", value: width * height, limit: most)
    }
  }

  /// Whether such groups of an image of this size are in proportion.
  static func allows(_ groups: [CodedGroup], width: Int, height: Int) -> Bool {
    groups.allSatisfy { group in
      let payloads = group.payloads.smallTiles + group.payloads.tiles
      let size = payloads.reduce(0) { $0 + $1.count }
      return mostPixels(of: group.group.codec, size: size).map { width * height <= $0 } ?? true
    }
  }
}

extension CodedImage {
  /// Whether a decoder takes so few bytes for the image.
  func isInProportion(to image: Image) -> Bool {
    Limits.allows(groups, width: image.width, height: image.height)
  }
}
