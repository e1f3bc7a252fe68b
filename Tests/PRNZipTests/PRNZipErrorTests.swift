import Bytes
import EntropyCoding
import Testing

@testable import PRNZip

@Suite struct PRNZipErrorTests {
  private struct Other: Error {}

  @Test func tileErrorsKeepTheirKind() {
    #expect(
      PRNZipError(tile: 3, EntropyCodingError.wrongFinalState)
        == .corruptTile(index: 3, .wrongFinalState))
    #expect(
      PRNZipError(tile: 3, isSmall: true, EntropyCodingError.wrongFinalState)
        == .corruptSmallTile(index: 3, .wrongFinalState))
    #expect(PRNZipError(tile: 3, PRNZipError.verificationFailed) == .verificationFailed)
    #expect(PRNZipError(tile: 3, OutOfMemory(bytes: 1)) == .outOfMemory(OutOfMemory(bytes: 1)))
    #expect(PRNZipError(tile: 3, Other()) == .tileFailed(index: 3, reason: "Other()"))
  }

  @Test func descriptionsAreOneLine() {
    let errors: [PRNZipError] = [
      .png(.notAPNG), .container(.notAPRNFile), .container(.damagedHeader(stored: 1, computed: 2)),
      .container(.newerVersion(4)), .container(.draftVersion(1)),
      .container(.truncated(expected: 9, available: 1)),
      .container(.damagedSection(kind: 3, index: 0)), .container(.corrupt(reason: "x")),
      .container(.metadataTooLarge(bytes: 2, limit: 1)), .outOfMemory(OutOfMemory(bytes: 7)),
      .weightFile(.notAWeightFile), .unknownModel(identityHex: "00"), .unknownModelName("x"),
      .digestMismatch(expected: "00", computed: "01"), .corruptTile(index: 1, .trailingZeroByte),
      .limitExceeded(what: "pixels", value: 2, limit: 1), .verificationFailed,
      .tileFailed(index: 0, reason: "x"), .noPreview,
      .corruptSmallTile(index: 1, .trailingZeroByte),
    ]
    let texts = errors.map(\.description)
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(!text.isEmpty && !text.contains("\n") && text.count < 100) }
  }
}
