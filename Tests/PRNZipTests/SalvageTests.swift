import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Damaged files: what is not damaged comes back.
@Suite struct SalvageTests {
  private static let chunks = [
    PNGChunk(type: Array("gAMA".utf8), data: [0, 1, 2, 3]), .imageDataMark,
  ]

  /// A file of 2 x 2 tiles, one a section, with a chunk.
  private static func tiles(
    _ format: PixelFormat = .rgb8, _ kind: SampleKind = .graphics, width: Int = 60,
    height: Int = 40
  ) throws -> (prn: [UInt8], image: Image, file: PRNFile) {
    let image = formatImage(format, kind, width: width, height: height)
    var options = try makeCompressor(isPure: false).options
    options.sectionPixels = 1
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    var plan = varying.graphics(varying.graphicsCodec(options))
    plan.grid = TileGrid(
      width: width, height: height, tileWidth: width / 2, tileHeight: height / 2)
    let group = try GroupEncoder(options: options, heldBytes: 0).encode(plan)
    let prn = try modelledFile(image, Metadata(chunks), [group])
    return (prn, image, try PRNFile(prn))
  }

  /// Sections are found behind many bytes that are none.
  @Test func lostBytesCostOneSection() throws {
    let (prn, _, file) = try Self.tiles(.rgb8, .random, width: 400, height: 300)
    let sections = file.groups[0].tiles
    #expect(sections.count == 4 && prn.count > 300_000)
    var shorter = prn
    let place = sections[0].payload.lowerBound + 9
    shorter.removeSubrange(place..<place + 5)
    var longer = prn
    longer.insert(contentsOf: [1, 2], at: sections[1].payload.lowerBound + 9)
    for (damaged, index) in [(shorter, 0), (longer, 1)] {
      let salvage = try decompressor().salvage(damaged)
      #expect(salvage.missing.map(\.column) == [200 * index])
      #expect(salvage.missing.map(\.row) == [0])
    }
  }

  private static let quarters = [(0, 0), (0, 30), (20, 0), (20, 30)]

  /// Whether an image is the other one but for what is missing.
  private static func agree(_ png: [UInt8], _ image: Image, beside missing: [Salvage.Missing])
    throws
    -> Bool
  {
    let decoded = try PNGFile.decode(png)
    guard decoded.width == image.width, decoded.format == image.format else { return false }
    for row in 0..<image.height {
      for column in 0..<image.width {
        let isMissing = missing.contains {
          ($0.row..<$0.row + $0.height).contains(row)
            && ($0.column..<$0.column + $0.width).contains(column)
        }
        let index = row * image.width + column
        let isEqual = zip(decoded.planes, image.planes).allSatisfy {
          $0.samples[index] == $1.samples[index]
        }
        guard isMissing || isEqual else { return false }
      }
    }
    return true
  }

  /// A file that is right, in a prn file that is not: here, a byte behind the end.
  @Test func whatIsAroundAStoredFileCounts() throws {
    let png = try testImage("city")
    let stored = try storedFile(png)
    #expect(try decompressor().salvage(stored).isWhole)
    let salvage = try decompressor().salvage(stored + [0])
    #expect(!salvage.isWhole && salvage.missing.isEmpty && salvage.file == png)
  }

  @Test func aWholeFileIsWhole() throws {
    let (prn, _, _) = try Self.tiles()
    let salvage = try decompressor().salvage(prn)
    #expect(salvage.isWhole)
    #expect(try salvage.file == decompressor().decompress(prn))
  }

  /// Each section in turn, its payload changed: it alone is lost.
  @Test(arguments: [PixelFormat.rgb8, .gray8, PixelFormat(.rgba, depth: 8)])
  func damageToASectionCostsThatSection(format: PixelFormat) throws {
    let (prn, image, file) = try Self.tiles(format)
    #expect(file.sections.count == 5)
    for (index, section) in file.sections.enumerated() {
      var damaged = prn
      damaged[section.payload.lowerBound + section.payload.count / 2] ^= 0x55
      let salvage = try decompressor().salvage(damaged)
      #expect(try Self.agree(salvage.file, image, beside: salvage.missing))
      let error = PRNZipError.container(
        .damagedSection(kind: Int(section.kind.rawValue), index: index == 0 ? 0 : index - 1))
      if index == 0 {
        #expect(salvage.missing.isEmpty && salvage.problems == [error])
        continue
      }
      let (row, column) = Self.quarters[index - 1]
      #expect(salvage.problems.isEmpty)
      #expect(
        salvage.missing == [
          .init(row: row, column: column, height: 20, width: 30, reason: error)
        ])
      let decoded = try PNGFile.decode(salvage.file)
      let filling: UInt8 = format.channels.hasAlpha ? 0 : 128
      #expect(decoded.planes.allSatisfy { $0.samples[60 * row + column] == filling })
      #expect(try PNGFile.inspect(salvage.file).metadata == Self.chunks)
    }
  }

  /// Lengths and kinds changed, bytes cut out and put in: the other sections are found again.
  @Test func damageToTheFramingIsSteppedOver() throws {
    let (prn, image, file) = try Self.tiles()
    var start = file.headerSize
    for (index, section) in file.sections.enumerated() {
      let change: [([UInt8]) -> [UInt8]] = [
        {
          var other = $0; other[start] = 0xFF; return other
        },
        {
          var other = $0; other[start + 1] ^= 0x7F; return other
        },
        { Array($0[..<(start + 3)] + $0[(start + 6)...]) },
        { Array($0[..<(start + 3)] + [1, 2, 3] + $0[(start + 3)...]) },
      ]
      for (number, change) in change.enumerated() {
        let salvage = try decompressor().salvage(change(prn))
        let what = "section \(index), change \(number)"
        #expect(!salvage.isWhole, "\(what)")
        #expect(try Self.agree(salvage.file, image, beside: salvage.missing), "\(what)")
        #expect(salvage.missing.count == (index == 0 ? 0 : 1), "\(what)")
      }
      start = section.payload.upperBound + 4
    }
  }

  /// Wherever a file is cut, nothing is wrong of what comes back; what lies before the cut does.
  @Test func filesMayBeCutAnywhere() throws {
    let (prn, image, file) = try Self.tiles()
    for length in file.headerSize..<prn.count {
      let salvage = try decompressor().salvage(Array(prn[..<length]))
      #expect(!salvage.isWhole)
      #expect(try Self.agree(salvage.file, image, beside: salvage.missing), "\(length)")
      let whole = file.sections.count { $0.payload.upperBound + 4 <= length }
      #expect(salvage.missing.count == min(5 - whole, 4), "\(length) bytes")
    }
    #expect(throws: PRNZipError.self) {
      try decompressor().salvage(Array(prn[..<(file.headerSize - 1)]))
    }
  }

  @Test func aPaletteThatIsLostIsGray() throws {
    let format = PixelFormat(.palette, depth: 4)
    let image = formatImage(format, .graphics, width: 60, height: 40)
    let png = try PNGFile.encode(
      image, metadata: RoundTripTests.palette(16, alpha: 3) + [.imageDataMark])
    var prn = try makeCompressor(isPure: false).compress(png)
    let file = try PRNFile(prn)
    prn[try #require(file.metadata).payload.lowerBound] ^= 1
    let salvage = try decompressor().salvage(prn)
    #expect(!salvage.problems.isEmpty)
    #expect(try PNGFile.inspect(salvage.file).pixelFormat == format)
  }

  /// Damage to a strip costs that strip; a strip whose header is lost is missing as a whole.
  @Test func stripsAreSavedOnTheirOwn() throws {
    var options = try makeCompressor(effort: .instant, isPure: false).options
    (options.wholePixels, options.stripPixels) = (0, 1 << 16)
    let image = formatImage(.rgb8, .graphics, width: 512, height: 300)
    let prn = try Compressor(options).compress(
      PNGFile.encode(image, metadata: Self.chunks))
    var strips = try PRNStrips(ArraySource(prn))
    var start = strips.headerSize
    if let metadata = strips.metadata { start += Section.size(payload: metadata.payload.count) }
    while let strip = try strips.next() {
      let header = Section.size(payload: strip.headerSection.payload.count)
      let rows = strip.file.header.height
      for place in [start + header - 6, start + header + strip.bytes.count / 2] {
        var damaged = prn
        damaged[place] ^= 0x55
        let salvage = try decompressor().salvage(damaged)
        #expect(try Self.agree(salvage.file, image, beside: salvage.missing))
        #expect(!salvage.missing.isEmpty)
        #expect(
          salvage.missing.allSatisfy {
            $0.row >= strip.row && $0.row + $0.height <= strip.row + rows
          })
      }
      start += header + strip.bytes.count
    }
  }

  @Test func storedFilesComeBackAsTheyAre() throws {
    let png = try testImage("digits")
    var prn = try storedFile(png)
    prn[prn.count / 2] ^= 1
    let salvage = try decompressor().salvage(prn)
    #expect(salvage.file.count == png.count && salvage.file != png)
    #expect(salvage.missing.count == 1 && salvage.problems.count == 1)
    let cut = try decompressor().salvage(Array(prn.prefix(prn.count - 100)))
    #expect(cut.file.count == png.count - 96)
  }

  /// Its digest is right, but it is no file of the header.
  @Test func aStoredFileOfAnotherKindIsAProblem() throws {
    let png = try testImage("digits")
    var header = try PRNFile(storedFile(png)).header
    header.width += 1
    let prn = try PRNFile.encode(header, storedPNG: png)
    let salvage = try decompressor().salvage(prn)
    #expect(salvage.file == png && salvage.problems.count == 1)
  }

  @Test func aPNMFileComesBackWithoutItsHeader() throws {
    let image = formatImage(.rgb8, .graphics, width: 60, height: 40)
    let pnm = try PNMTests.pnm("P6\n60 40\n255\n", image)
    var prn = try makeCompressor(isPure: false).compress(pnm)
    prn[try #require(try PRNFile(prn).metadata).payload.lowerBound] ^= 1
    let salvage = try decompressor().salvage(prn)
    #expect(salvage.file == pnm && salvage.missing.isEmpty && salvage.problems.count == 1)
  }
}
