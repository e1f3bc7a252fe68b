import Bytes
import Container
import DigitModels
import EntropyCoding
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import TestSupport
import Testing
import TileCoding

@testable import PRNZip

@Suite struct LimitsTests {
  private static func sections(_ width: Int, _ height: Int, tile: Int) -> TileSections {
    TileSections(
      TileGrid(width: width, height: height, tileWidth: tile, tileHeight: tile), tilesPerSection: 1)
  }

  /// Takes as much as it is told to, for each tile.
  private struct Hungry: TileCodec {
    let bytes: Int
    let sharesTiles = true
    let variants = 1
    var costs: CostPlanes?
    func memory(rows: Int, columns: Int) -> Int { bytes }
    func encode(_ image: Image, _ tiles: [TileRectangle], threads: Int) -> [[UInt8]] { [[]] }
    func decode(
      _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
      threads: Int, take: (Tile, TileRectangle) -> Void
    ) {}
  }

  private func refusal(
    _ limits: Limits, _ sections: TileSections, bytes: Int, file: Int = 0,
    planes: Int = 3
  ) -> PRNZipError? {
    prnzipError { () throws(PRNZipError) in
      try limits.check(sections, with: Hungry(bytes: bytes), planes: planes, file: file)
    }
  }

  @Test func theDefaultsAreThoseOfTheFormat() {
    #expect(Limits() == Limits(maximumPixels: 1 << 30, maximumBytes: 1 << 33))
  }

  @Test func pixelsAreCounted() throws {
    let limits = Limits(maximumPixels: 1200)
    #expect(refusal(limits, Self.sections(40, 30, tile: 64), bytes: 1) == nil)
    #expect(
      refusal(limits, Self.sections(40, 31, tile: 64), bytes: 1)
        == .limitExceeded(what: "pixels", value: 1240, limit: 1200))
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: .max, limit: 1200)) {
      try limits.check(width: .max, height: 2)
    }
  }

  /// A tile counts as 256 pixels at least, but 1024 tiles are always allowed.
  @Test func tilesAreCounted() {
    #expect(refusal(Limits(), Self.sections(2048, 2048, tile: 1), bytes: 1) == nil)
    #expect(
      refusal(Limits(), Self.sections(2049, 2048, tile: 1), bytes: 1)
        == .limitExceeded(what: "tiles", value: 2049 * 2048, limit: 1 << 22))
    let few = Limits(maximumPixels: 2000)
    #expect(refusal(few, Self.sections(32, 32, tile: 1), bytes: 1) == nil)
    #expect(
      refusal(few, Self.sections(33, 32, tile: 1), bytes: 1)
        == .limitExceeded(what: "tiles", value: 33 * 32, limit: 1024))
  }

  /// The image and three rows, the file and a tile; what is left is for more tiles at a time.
  @Test func memoryIsCounted() throws {
    let sections = Self.sections(100, 50, tile: 64)
    let limits = Limits(maximumBytes: 1 << 20)
    let most = 1 << 20 - 100 * (50 + 3) * 3 - 77
    #expect(refusal(limits, sections, bytes: most, file: 77) == nil)
    #expect(
      refusal(limits, sections, bytes: most + 1, file: 77)
        == .limitExceeded(what: "bytes of memory", value: 1 << 20 + 1, limit: 1 << 20))
    let left = try limits.check(sections, with: Hungry(bytes: 9), planes: 3, file: 77)
    #expect(left == most)
    let gray = try limits.check(sections, with: Hungry(bytes: 9), planes: 1, file: 0)
    #expect(gray == 1 << 20 - 100 * (50 + 3))
  }

  /// No more than its size accounts for, however much there is.
  @Test func tilesMayTakeWhatTheirSizeAccountsFor() {
    let limits = Limits(maximumBytes: .max)
    for (planes, values) in [(3, 3 * 64 * 64), (1, 64 * 64)] {
      let most = 1 << 28 + values << 8
      let sections = Self.sections(1000, 1000, tile: 64)
      #expect(refusal(limits, sections, bytes: most, planes: planes) == nil)
      #expect(
        refusal(limits, sections, bytes: most + 1, planes: planes)
          == .limitExceeded(what: "bytes for a tile", value: most + 1, limit: most))
    }
    #expect(refusal(limits, Self.sections(9, 9, tile: 9), bytes: .max) != nil)
  }

  /// Every tile that the compressor makes by itself, with every model of the program, at every
  /// effort.
  @Test func theCompressorsOwnTilesAreAllowed() throws {
    let sides = [1, 2, 16, 28, 64, 200, 362, 512, 725, 1024, 1449, 2048]
    for model in try ModelStore.withDigits.all() {
      var mixings = [[MixingParameters(.pure)]]
      if model.canBeMixed {
        mixings += Effort.allCases.map(\.mixings) + [[MixingParameters(.full)]]
      }
      for mixings in mixings {
        let codec = NetworkTileCodec(model.network, mixings: mixings)
        for height in sides where height <= model.description.tileLimit {
          for width in sides where width <= model.description.tileLimit {
            let grid = TileGrid(
              width: width, height: height, limit: 2048, multipleOf: model.scale)
            let error = prnzipError { () throws(PRNZipError) in
              try Limits().check(
                TileSections(grid, tilesPerSection: 1), with: codec,
                planes: model.format.planeCount,
                file: 0)
            }
            #expect(error == nil, "\(model.name), \(width) x \(height)")
          }
        }
      }
    }
  }

  /// Compressor and decompressor refuse what is over them, and what is just below they code alike.
  @Test(arguments: [MixingLevel.pure, .standard], [1, 4])
  func filesAreTheSameWithLittleMemory(mixing: MixingLevel, threads: Int) throws {
    let image = smoothImage(width: 75, height: 50)
    let model = try #require(try photoStore().model(named: "noise"))
    var options = Compressor.Options()
    (options.tileLimit, options.sectionPixels, options.threads) = (20, 1, threads)
    func encode(_ bytes: Int) throws(PRNZipError) -> [UInt8] {
      var limited = options
      limited.limits.maximumBytes = bytes
      return try Compressor(limited).encode(
        image, metadata: Metadata(), with: model, mixing: mixing)
    }
    let prn = try encode(1 << 33)
    let codec = NetworkTileCodec(model.network, mixings: [MixingParameters(mixing)])
    let needed = 75 * (50 + 3) * 3 + codec.memory(rows: 17, columns: 19)
    #expect(try encode(needed) == prn)
    #expect(
      prnzipError { () throws(PRNZipError) in try encode(needed - 1) }
        == .limitExceeded(what: "bytes of memory", value: needed, limit: needed - 1))
    let content = Decompressor.Content.modelled(image, Metadata(), isInterlaced: false)
    let all = needed + prn.count
    let enough = try decompressor(threads: threads, limits: Limits(maximumBytes: all))
    #expect(try enough.decode(prn) == content)
    let short = try decompressor(threads: threads, limits: Limits(maximumBytes: all - 1))
    #expect(throws: PRNZipError.limitExceeded(what: "bytes of memory", value: all, limit: all - 1))
    {
      try short.decode(prn)
    }
  }

  /// The limits of PNG files are told in the same words.
  @Test func pngFilesAreLimited() throws {
    var options = Compressor.Options()
    options.store = try photoStore()
    options.limits = Limits(maximumPixels: 399)
    let png = plainPNG(smoothImage(width: 20, height: 20))
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 400, limit: 399)) {
      try Compressor(options).compress(png)
    }
    options.limits = Limits(maximumBytes: 1379)
    #expect(throws: PRNZipError.limitExceeded(what: "bytes of memory", value: 1380, limit: 1379)) {
      try Compressor(options).compress(png)
    }
  }
}
