import Container
import ImagePlanes
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// PNG files of every kind, through compressor and decompressor.
@Suite struct RoundTripTests {
  static let sizes = [(1, 1), (1, 7), (5, 3), (9, 9), (33, 17)]

  /// A palette with more or fewer entries than the depth allows, some of them alike.
  static func palette(_ count: Int, alpha: Int = 0) -> [PNGChunk] {
    let colours = (0..<count).flatMap { i -> [UInt8] in
      [UInt8(truncatingIfNeeded: i * 70), UInt8(truncatingIfNeeded: i / 2 * 90), 9]
    }
    var chunks = [PNGChunk(type: Array("PLTE".utf8), data: colours)]
    if alpha > 0 {
      let samples = (0..<alpha).map { UInt8(truncatingIfNeeded: 255 - 60 * $0) }
      chunks.append(PNGChunk(type: Array("tRNS".utf8), data: samples))
    }
    return chunks
  }

  private static func png(
    _ image: Image, isInterlaced: Bool = false, chunks: [PNGChunk]? = nil, trailing: [UInt8] = []
  ) throws -> [UInt8] {
    let isPalette = image.format.channels == .palette
    let before = chunks ?? (isPalette ? palette(1 << image.format.depth, alpha: 2) : [])
    return try PNGFile.encode(
      image, metadata: before + [.imageDataMark], isInterlaced: isInterlaced, trailing: trailing)
  }

  @Test(arguments: PixelFormat.ofPNG, Effort.allCases)
  func everyKind(_ format: PixelFormat, effort: Effort) throws {
    let compressor = try makeCompressor(effort: effort, isPure: false, verify: true)
    let decompressor = try decompressor(threads: 2)
    for kind in SampleKind.allCases {
      for (width, height) in Self.sizes {
        let image = formatImage(format, kind, width: width, height: height)
        for isInterlaced in [false, true] {
          let png = try Self.png(
            image, isInterlaced: isInterlaced, trailing: isInterlaced ? [1, 2, 3] : [])
          let prn = try compressor.compress(png)
          try expectRoundTrip(
            prn, png, decompressor, "\(format), \(kind), \(width) x \(height), \(isInterlaced)")
        }
      }
    }
  }

  /// With networks asked for by name, of images that they can code at least the colours of.
  @Test(arguments: PixelFormat.ofPNG, ["laplace", "gray", "bits"])
  func everyKindWithANetwork(_ format: PixelFormat, model: String) throws {
    for (kind, isPure) in [(SampleKind.graphics, true), (.gradient, false), (.equal, false)] {
      let compressor = try makeCompressor(model: model, isPure: isPure, verify: true)
      let image = formatImage(format, kind, width: 23, height: 12)
      let png = try Self.png(image)
      let prn: [UInt8]
      do throws(PRNZipError) {
        prn = try compressor.compress(png)
      } catch .unsuitableModel {
        #expect([.rgb, .rgba].contains(format.channels) != (model == "laplace"))
        continue
      }
      try expectRoundTrip(prn, png, decompressor(), "\(format), \(kind), \(model)")
    }
  }

  /// An index without a colour, which decoders show as black.
  @Test(arguments: [1, 2, 4, 8], Effort.allCases)
  func palettesThatLackColours(depth: Int, effort: Effort) throws {
    let format = PixelFormat(.palette, depth: depth)
    for (width, height) in [(90, 80), (20, 10)] {
      for colours in Set([1, 1 << (depth - 1), min(4, 1 << depth - 1)]) {
        var image = formatImage(format, .graphics, width: width, height: height)
        let plane = image.planes[0].samples
        image.planes[0].samples = plane.map { UInt8(Int($0) % colours) }
        image.planes[0].samples[150] = UInt8(colours)
        let png = try Self.png(image, chunks: Self.palette(colours))
        let prn = try makeCompressor(effort: effort, isPure: false).compress(png)
        try expectRoundTrip(prn, png, decompressor(), "\(width) x \(height), \(colours) colours")
      }
    }
  }

  /// Under alpha 0 the colours are one and the same, or not; alpha is constant, or all of it 0.
  @Test(arguments: [Channels.grayAlpha, .rgba], [8, 16])
  func coloursUnderAlpha(_ channels: Channels, depth: Int) throws {
    let format = PixelFormat(channels, depth: depth)
    let bytes = depth / 8
    for kind in SampleKind.allCases where kind != .flat {
      let original = formatImage(format, kind, width: 40, height: 30)
      for alpha in ["holes", "edges", "zero", "opaque"] {
        for isConstant in [true, false] {
          var image = original
          for index in 0..<1200 {
            let isHole =
              alpha == "zero" || (alpha != "opaque" && (index % 40 < 6 || index / 40 > 21))
            let value: UInt8 =
              isHole ? 0 : alpha == "edges" ? UInt8(truncatingIfNeeded: 1 + index % 7) : 255
            for byte in 0..<bytes {
              image.planes[(channels.count - 1) * bytes + byte].samples[index] = value
            }
            guard isHole, isConstant else { continue }
            for plane in 0..<(channels.count - 1) * bytes {
              image.planes[plane].samples[index] = UInt8(truncatingIfNeeded: 30 + plane / bytes)
            }
          }
          let png = try Self.png(image)
          for model in [nil, channels == .rgba ? "laplace" : "gray"] as [String?] {
            let compressor = try makeCompressor(model: model, isPure: false, verify: true)
            try expectRoundTrip(
              compressor.compress(png), png, decompressor(),
              "\(format), \(kind), \(alpha), \(isConstant), \(model ?? "")")
          }
        }
      }
    }
  }

  /// What pixels of alpha 0 have in common is told in the header, and not coded.
  @Test func hiddenColoursAreLeftOut() throws {
    var image = Image(
      PixelFormat(.rgba, depth: 8), planes: photoLikeImage(rows: 40, columns: 60).planes)
    image.planes.append(Plane(width: 60, height: 40, repeating: 255))
    for index in 0..<2400 where index % 60 > 20 {
      for (plane, value) in [7, 8, 9, 0].enumerated() {
        image.planes[plane].samples[index] = UInt8(value)
      }
    }
    let png = try Self.png(image)
    let compressor = try makeCompressor(model: "laplace", isPure: false)
    let prn = try compressor.compress(png)
    let groups = try PRNFile(prn).header.groups
    #expect(groups.map(\.codec) == [.network, .graphics])
    #expect(groups.map(\.hidden) == [[7, 8, 9], []] && groups.map(\.channels) == [7, 8])
    try expectRoundTrip(prn, png, decompressor())
    // Where one differs, all are coded.
    image.planes[1].samples[59] = 9
    let other = try compressor.compress(Self.png(image))
    #expect(try PRNFile(other).header.groups.map(\.hidden) == [[], []])
    try expectRoundTrip(other, Self.png(image), decompressor())
  }

  /// Channels that are constant or equal, in each combination, and one that nearly is.
  @Test(arguments: [8, 16]) func constantAndEqualChannels(depth: Int) throws {
    for channels in [Channels.grayAlpha, .rgb, .rgba] {
      let format = PixelFormat(channels, depth: depth)
      let bytes = depth / 8
      let original = formatImage(format, .gradient, width: 20, height: 15)
      for pattern in 0..<(1 << (2 * channels.count)) {
        var image = original
        for channel in 0..<channels.count {
          for byte in 0..<bytes {
            let plane = channel * bytes + byte
            switch pattern >> (2 * channel) & 3 {
            case 0: break
            case 1: image.planes[plane] = Plane(width: 20, height: 15, repeating: 200)
            case 2: image.planes[plane] = original.planes[byte]
            default:
              image.planes[plane] = Plane(width: 20, height: 15, repeating: 255)
              if byte == 0 { image.planes[plane].samples[299] = 254 }
            }
          }
        }
        let png = try Self.png(image)
        let prn = try makeCompressor(isPure: false).compress(png)
        try expectRoundTrip(prn, png, decompressor(), "\(format), \(pattern)")
      }
    }
  }

  /// Entries that do not occur, all that occur, as many as there can be, and indices without entry.
  @Test(arguments: [1, 2, 4, 8]) func palettes(depth: Int) throws {
    let format = PixelFormat(.palette, depth: depth)
    for kind in SampleKind.allCases {
      let image = formatImage(format, kind, width: 31, height: 12)
      let used = Int(image.planes[0].samples.max() ?? 0) + 1
      for count in Set([1, used, (used + 1) / 2, 1 << depth]) {
        for alpha in [0, 1, count] {
          let png = try Self.png(image, chunks: Self.palette(count, alpha: alpha))
          guard (try? PNGFile.decode(png)) != nil else { continue }
          for effort in [Effort.fast, .best] {
            let prn = try makeCompressor(effort: effort, isPure: false, verify: true).compress(png)
            try expectRoundTrip(
              prn, png, decompressor(), "\(format), \(kind), \(count) entries, \(alpha)")
          }
        }
      }
    }
  }

  /// Chunks of an animation, and one of each kind of place.
  @Test func chunksSurvive() throws {
    let image = formatImage(PixelFormat(.rgba, depth: 8), .graphics, width: 30, height: 20)
    var maker = PNGMaker(width: 30, height: 20, colourType: 6)
    maker.before = [
      ("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), ("tEXt", Array("Title\0one".utf8)), ("prVt", []),
      ("bKGD", [0, 1, 0, 2, 0, 3]),
    ]
    maker.behind = [("fdAT", [0, 0, 0, 1, 5, 6]), ("tIME", [7, 0xE8, 1, 2, 3, 4, 5])]
    maker.trailing = [UInt8](0...99)
    let png = maker.file(image.interleaved)
    let prn = try makeCompressor(isPure: false, verify: true).compress(png)
    #expect(try FileInformation(prn).isModelled)
    try expectRoundTrip(prn, png, decompressor())
  }
}
