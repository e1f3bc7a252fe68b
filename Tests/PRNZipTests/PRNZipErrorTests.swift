import Bytes
import EntropyCoding
import ImagePlanes
import ModelStore
import TestSupport
import Testing

@testable import PRNZip
@testable import TileCoding

@Suite struct PRNZipErrorTests {
  /// A section's error names its first tile; want of memory is no fault of the file.
  @Test func sectionErrorsKeepTheirKind() throws {
    let model = try #require(try photoStore().model(named: "laplace"))
    let codec = NetworkTileCodec(model.network)
    let sections = TileSections(
      TileGrid(width: 50, height: 20, tileWidth: 10, tileHeight: 10), tilesPerSection: 4)
    func error(_ error: EntropyCodingError, isSmall: Bool = false) -> PRNZipError {
      PRNZipError(
        SectionError(section: 2, error: error), of: sections, with: codec, isSmall: isSmall)
    }
    #expect(error(.wrongFinalState) == .corruptTile(index: 8, .wrongFinalState))
    #expect(error(.laneLength, isSmall: true) == .corruptSmallTile(index: 8, .laneLength))
    let bytes = codec.memory(rows: 10, columns: 10)
    for isSmall in [false, true] {
      #expect(error(.outOfMemory, isSmall: isSmall) == .outOfMemory(OutOfMemory(bytes: bytes)))
    }
  }

  @Test func descriptionsAreOneLine() {
    let errors: [PRNZipError] = [
      .png(.notAPNG), .container(.notAPRNFile), .container(.damagedHeader(stored: 1, computed: 2)),
      .container(.newerVersion(4)), .container(.draftVersion(1)),
      .png(.anotherFormat(.prn)), .png(.anotherFormat(.appleCgBI)), .png(.anotherFormat(.gif)),
      .container(.anotherFormat(.png)), .container(.trailing(offset: 9, count: 1, .file)),
      .container(.trailing(offset: 9, count: 1, .zeros)),
      .container(.trailing(offset: 9, count: 1, .other)),
      .container(.truncated(expected: 9, available: 1)),
      .container(.damagedSection(kind: 3, index: 0)), .container(.corrupt(reason: "x")),
      .container(.metadataTooLarge(bytes: 2, limit: 1)), .outOfMemory(OutOfMemory(bytes: 7)),
      .weightFile(.notAWeightFile), .unknownModel(identityHex: "00"), .unknownModelName("x"),
      .unsuitableModel(name: "x", kind: "y", image: "z"), .unsuitableMask("x"),
      .digestMismatch(expected: "00", computed: "01"), .corruptTile(index: 1, .trailingZeroByte),
      .limitExceeded(what: "pixels", value: 2, limit: 1), .verificationFailed, .noPreview,
      .corruptSmallTile(index: 1, .trailingZeroByte), .unsuitablePixels("x"), .cancelled,
      .unsuitableRegion(PixelRegion(x: 1, y: 2, width: 3, height: 4), width: 5, height: 6),
    ]
    let texts = errors.map(\.description)
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(!text.isEmpty && !text.contains("\n") && text.count < 100) }
  }
}
