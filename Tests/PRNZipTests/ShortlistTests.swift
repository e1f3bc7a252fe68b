import ImagePlanes
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Which networks and mixings of lower efforts are tried on all of a picture.
@Suite struct ShortlistTests {
  private static func encoder(_ effort: Effort, model: String? = nil) -> GroupEncoder {
    var options = Compressor.Options()
    options.effort = effort
    options.model = model
    return GroupEncoder(options: options, heldBytes: 0)
  }

  @Test(arguments: [Effort.fast, .default]) func photosNeedNoLowerEfforts(effort: Effort) throws {
    let encoder = Self.encoder(effort)
    let image = try PNGFile.decode(testImage("flowers"))
    let plans = try encoder.options.networkPlans(.rgb8)
    let list = try encoder.shortlist(plans, for: image)
    #expect(list.map(\.model.name) == ["photo-\(effort)"])
    #expect(list[0].mixings == effort.mixings)
    #expect(plans.count == (effort == .fast ? 1 : 2))
  }

  @Test func smallPicturesAreTriedInAllWays() throws {
    let encoder = Self.encoder(.best)
    let plans = try encoder.options.networkPlans(.rgb8)
    let list = try encoder.shortlist(plans, for: smoothImage(width: 255, height: 256))
    #expect(list.map(\.model.name) == plans.map(\.model.name) && plans.count == 3)
    #expect(list.map(\.mixings) == plans.map(\.mixings))
  }

  /// A photograph for a page of the web.
  @Test func photosThatAreNotLargeNeedNoLowerEffortsEither() throws {
    let encoder = Self.encoder(.default)
    let image = try PNGFile.decode(testImage("flowers")).crop(
      TileRectangle(row: 100, column: 100, height: 300, width: 400))
    let list = try encoder.shortlist(try encoder.options.networkPlans(.rgb8), for: image)
    #expect(list.map(\.model.name) == ["photo-default"])
    #expect(list[0].mixings == Effort.default.mixings)
  }

  /// One network with the mixings of several efforts: those of the effort itself always stay.
  @Test func theEffortsOwnMixingsStay() throws {
    let encoder = Self.encoder(.best, model: "gray")
    let gray = try PNGFile.decode(testImage("city")).planes[1]
    let plans = try encoder.options.networkPlans(.gray8)
    let own = try #require(plans.first { $0.model.name == "gray" })
    #expect(own.mixings.count > Effort.best.mixings.count)
    let list = try encoder.shortlist(plans, for: Image(.gray8, planes: [gray]))
    let kept = try #require(list.first { $0.model.name == "gray" })
    #expect(Effort.best.mixings.allSatisfy { kept.mixings.contains($0) })
  }

  /// Where the lower effort is better in a square, it is tried: here the effort's network is that
  /// of noise.
  @Test func whatMayWinIsTried() throws {
    var options = try makeCompressor(isPure: false).options
    options.effort = .default
    let encoder = GroupEncoder(options: options, heldBytes: 0)
    let store = options.store
    func plan(_ name: String) throws -> NetworkPlan {
      NetworkPlan(
        model: try #require(try store.model(named: name)), mixings: Effort.default.mixings)
    }
    let plans = [try plan("noise"), try plan("laplace")]
    let list = try encoder.shortlist(plans, for: smoothImage(width: 512, height: 512))
    #expect(list.map(\.model.name) == ["noise", "laplace"])
  }
}
