import Bytes
import ImagePlanes
import Testing

@testable import PNGFile

/// Recipes as bytes: any bytes are a recipe or an error.
@Suite struct RecipeCodingTests {
  private static let settings = DeflateSettings(
    level: 9, windowBits: 15, memoryLevel: 8, strategy: 1)
  private static let rule = FilterRule(candidates: 31, isUpFirst: false)

  private static let recipes = [
    PNGRecipe(
      isInterlaced: false, filters: .rule(rule, exceptions: []), padding: [],
      method: .zlib(settings, .none), header: [0x78, 0xDA], lengths: .regular(8192),
      patches: .none),
    PNGRecipe(
      isInterlaced: true,
      filters: .rule(rule, exceptions: [.init(row: 0, filter: 4), .init(row: 300, filter: 0)]),
      padding: [1, 0, 7], method: .zlib(settings, Flushes(kind: 3, interval: 901, positions: [])),
      header: [0x78, 0x01], lengths: .list([3, 0, 70000]),
      patches: Patches(
        growth: -3, patches: [.init(offset: 0, bytes: [1]), .init(offset: 900, bytes: [2, 3])])),
    PNGRecipe(
      isInterlaced: false, filters: .list([0, 1, 2, 3, 4]), padding: [],
      method: .zlib(settings, Flushes(kind: 1, interval: 0, positions: [1, 2, 900])),
      header: [0x58, 0x85], lengths: .regular(0),
      patches: Patches(growth: 5, patches: [.init(offset: 17, bytes: [1, 2, 3, 4, 5])])),
    PNGRecipe(
      isInterlaced: false,
      filters: .rule(FilterRule(candidates: 4, isUpFirst: true), exceptions: []),
      padding: [],
      method: .stored([.init(length: 65535, count: 3), .init(length: 0, count: 1)]),
      header: [0x78, 0x01], lengths: .regular(1), patches: .none),
  ]

  @Test(arguments: recipes.indices) func bytesRoundTrip(index: Int) throws {
    let recipe = Self.recipes[index]
    let bytes = recipe.encoded()
    #expect(try PNGRecipe(decoding: bytes) == recipe)
    for count in bytes.indices {
      #expect(throws: PNGError.self) { try PNGRecipe(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: PNGError.self) { try PNGRecipe(decoding: bytes + [0]) }
  }

  @Test func commonRecipesAreShort() {
    #expect(Self.recipes[0].encoded() == [0, 31, 0x19, 0x78, 0x80, 0x40])
  }

  /// Damaged recipes are refused, or are others that make a file or are refused for the image.
  @Test func damageIsSurvived() throws {
    let image = slopes(width: 30, height: 12)
    let limits = PNGLimits(maximumBytes: 1 << 20)
    var generator = SplitMix64(seed: 5)
    var made = 0
    for _ in 0..<4000 {
      var bytes = Self.recipes[Int(generator.next() % 4)].encoded()
      for _ in 0...generator.next() % 3 {
        bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(generator.next() >> 56)
      }
      do throws(PNGError) {
        let recipe = try PNGRecipe(decoding: bytes)
        let again = try PNGRecipe(decoding: recipe.encoded())
        #expect(again == recipe)
        let png = try PNGFile.encode(
          image, metadata: [.imageDataMark], recipe: recipe, limits: limits)
        #expect(png.count <= 1 << 20)
        made += 1
      } catch {
        guard case .damagedRecipe = error else {
          if case .tooMuchMemory = error { continue }
          Issue.record("\(error)")
          continue
        }
      }
    }
    #expect(made > 100)
  }

  @Test func recipesOfOtherImagesAreRefused() throws {
    let image = slopes(width: 30, height: 12)
    for index in 1..<4 {
      #expect(throws: PNGError.self) {
        try PNGFile.encode(image, metadata: [.imageDataMark], recipe: Self.recipes[index])
      }
    }
    #expect(throws: PNGError.illegalMetadata("0 marks of the image data")) {
      try PNGFile.encode(image, metadata: [], recipe: Self.recipes[0])
    }
  }

  /// The first filter of the least sum, in either order.
  @Test func rulesChooseTheLeastSum() {
    let row: [UInt8] = [10, 20, 30, 250, 5, 5]
    let prior: [UInt8] = [10, 20, 30, 250, 5, 6]
    let order = FilterSums.order(row, prior: prior, count: 6, step: 1)
    #expect(FilterRule(candidates: 31, isUpFirst: false).choice(order) == 2)
    #expect(FilterRule(candidates: 3, isUpFirst: false).choice(order) == 0)
    #expect(FilterRule(candidates: 1, isUpFirst: true).choice(order) == 0)
    // Above zeros, up is none and Paeth is sub.
    let zeros = FilterSums.order(
      [7, 0, 0, 0, 0, 0], prior: [0, 0, 0, 0, 0, 0], count: 6, step: 6)
    #expect(FilterRule(candidates: 31, isUpFirst: false).choice(zeros) == 0)
    #expect(FilterRule(candidates: 30, isUpFirst: false).choice(zeros) == 1)
    #expect(FilterRule(candidates: 30, isUpFirst: true).choice(zeros) == 2)
  }
}
