import AdaptiveCoding
import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

// Sections that are damaged, and recipes that ask for much.

extension RecipeTests {
  /// The file with another `recipe` section, or digest of the PNG file.
  private static func changing(
    _ prn: [UInt8], recipe: [UInt8]? = nil, fileDigest: [UInt8]? = nil
  ) throws -> [UInt8] {
    let file = try PRNFile(prn)
    func payload(_ section: Section) -> [UInt8] { Array(prn[section.payload]) }
    var header = file.header
    header.fileDigest = fileDigest ?? header.fileDigest
    return try PRNFile.encode(
      header, metadata: file.metadata.map(payload) ?? [],
      recipe: recipe ?? file.recipe.map(payload) ?? [],
      groups: file.groups.map {
        .init(smallTiles: $0.smallTiles.map(payload), tiles: $0.tiles.map(payload))
      })
  }

  /// The payload of a section with these bytes for a recipe.
  private static func section(_ bytes: [UInt8], type: String = "fLTr") throws -> [UInt8] {
    var entry = Array(type.utf8)
    entry.append(varint: bytes.count)
    return try EntryCodec.encode(entry + bytes)
  }

  /// Files whose recipes have each of the fields.
  private static func exactFiles() throws -> [(prn: [UInt8], png: [UInt8])] {
    let png = try filtered()
    let stream = stream(of: png)
    let odd = replacing(
      png, with: [0x78, 0x01] + stream.dropFirst(2) + [1, 2, 3], lengths: [5, 0, 70])
    let bits = PNGMaker(width: 37, height: 21, colourType: 0, depth: 1).file([0xFF, 0x13, 0xFF])
    return try [png, odd, bits].map { (try compressor().compress($0), $0) }
  }

  private func expectNoOther(_ prn: [UInt8], _ png: [UInt8], _ what: String) throws {
    let decompressor = try decompressor(limits: Limits(maximumBytes: 1 << 26))
    do throws(PRNZipError) {
      let again = try decompressor.decompress(prn)
      #expect(again == png, "\(what)")
    } catch {
      switch error {
      case .png(.damagedRecipe), .container(.corrupt), .limitExceeded: break
      default: Issue.record("\(what): \(error)")
      }
    }
  }

  @Test func damagedSectionsGiveNoOtherFile() throws {
    for (prn, png) in try Self.exactFiles() {
      let section = try #require(try PRNFile(prn).recipe)
      let payload = Array(prn[section.payload])
      #expect(try Self.changing(prn) == prn)
      for index in payload.indices {
        for mask in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
          var damaged = payload
          damaged[index] ^= mask
          try expectNoOther(
            Self.changing(prn, recipe: damaged), png, "byte \(index) ^ \(mask)")
        }
        try expectNoOther(
          Self.changing(prn, recipe: Array(payload.prefix(index))), png, "\(index) bytes")
      }
      try expectNoOther(Self.changing(prn, recipe: payload + [1]), png, "a byte more")
    }
  }

  /// Entries in order, of recipes that are not.
  @Test func damagedRecipesGiveNoOtherFile() throws {
    for (prn, png) in try Self.exactFiles() {
      let section = try #require(try PRNFile(prn).recipe)
      let bytes = try RecipeCoding.decode(prn[section.payload]).encoded()
      #expect(try Self.changing(prn, recipe: Self.section(bytes)) == prn)
      for index in bytes.indices {
        for mask in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[index] ^= mask
          try expectNoOther(
            Self.changing(prn, recipe: Self.section(damaged)), png, "byte \(index) ^ \(mask)")
        }
      }
      for other in [Array(bytes.dropLast()), bytes + [0], []] {
        try expectRefusal(Self.changing(prn, recipe: Self.section(other)), "recipe of a PNG")
      }
    }
  }

  private func expectRefusal(
    _ prn: [UInt8], _ reason: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let decompressor = try decompressor()
    let error = prnzipError { () throws(PRNZipError) in try decompressor.decompress(prn) }
    #expect(
      error?.description.contains(reason) == true, "\(error?.description ?? "none")",
      sourceLocation: location)
  }

  @Test func entriesOfAnotherKindAreRefused() throws {
    let prn = try expectExact(Self.filtered())
    let section = try #require(try PRNFile(prn).recipe)
    let bytes = try RecipeCoding.decode(prn[section.payload]).encoded()
    try expectRefusal(
      Self.changing(prn, recipe: Self.section(bytes, type: "fLTs")), "another type")
    let entry = Array("fLTr".utf8)
    try expectRefusal(
      Self.changing(prn, recipe: EntryCodec.encode(entry + [0] + entry + [0])), "behind a recipe")
    try expectRefusal(Self.changing(prn, recipe: EntryCodec.encode([])), "no entry")
    // Without its section, a file is of another kind.
    var header = try PRNFile(prn).header
    (header.contentKind, header.fileDigest) = (.modelled, [])
    let tiles = try PRNFile(prn).tiles.map { Array(prn[$0.payload]) }
    let modelled = try PRNFile.encode(header, groups: [.init(tiles: tiles)])
    #expect(try FileInformation(modelled).isExact == false)
    #expect(
      try decompressor().decompress(modelled) == Self.pixelDecompressor().decompress(prn))
  }

  /// A recipe that is in order, but not the file's own: as where zlib compresses in another way.
  @Test func anotherFileIsNotGivenBack() throws {
    let (first, second) = (try Self.filtered(level: 9), try Self.filtered(level: 1))
    #expect(first != second)
    let prn = try expectExact(first)
    let other = try expectExact(second)
    let recipe = try #require(try PRNFile(other).recipe)
    let digest = try PRNFile(prn).header.fileDigest.map { ~$0 }
    for damaged in [
      try Self.changing(prn, recipe: Array(other[recipe.payload])),
      try Self.changing(prn, fileDigest: digest),
    ] {
      try expectRefusal(damaged, "zlib makes another file")
      let decompressor = try decompressor()
      #expect(prnzipError { () throws(PRNZipError) in try decompressor.test(damaged) } != nil)
      #expect(
        try Self.pixelDecompressor().decompress(damaged)
          == Self.pixelDecompressor().decompress(prn))
    }
  }

  // MARK: Limits

  @Test func recipesAreLimited() throws {
    let most = Metadata.codedLimit
    let bytes = try Self.section([UInt8](repeating: 0, count: most - 6))
    #expect(
      throws: PRNZipError.limitExceeded(what: "bytes of a recipe", value: most, limit: most)
    ) {
      try RecipeCoding.decode(bytes[...])
    }
    // 200 stored blocks of 901 bytes in chunks of a byte: a file much larger than its image.
    let image = formatImage(PixelFormat(.rgb, depth: 8), .flat, width: 300, height: 200)
    let prn = try expectExact(PNGFile.encode(image))
    let recipe: [UInt8] = [0x40, 0x01, 1, 0x85, 0x07, 0xC8, 0x01, 1]
    let hostile = try Self.changing(prn, recipe: Self.section(recipe))
    let size = 8 + 25 + 12 + 13 * (2 + 200 * (5 + 901) + 4)
    let limited = try decompressor(limits: Limits(maximumBytes: 1 << 20))
    let error = prnzipError { () throws(PRNZipError) in try limited.decompress(hostile) }
    guard case .limitExceeded("bytes of memory", let value, 1 << 20) = error else {
      Issue.record("\(error?.description ?? "none")")
      return
    }
    #expect(value >= size)
    try expectRefusal(hostile, "zlib makes another file")
  }

  /// A recipe takes more memory to find than an image of one colour, which then is stored.
  @Test func aFileOverTheLimitsIsStored() throws {
    let image = formatImage(PixelFormat(.rgb, depth: 8), .flat, width: 300, height: 200)
    let png = try PNGFile.encode(image)
    try expectExact(png)
    let prn = try Self.compressor(Limits(maximumBytes: 1 << 20)).compress(png)
    #expect(try !FileInformation(prn).isModelled)
    #expect(try decompressor().decompress(prn) == png)
  }
}
