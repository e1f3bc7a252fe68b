import Container
import ImagePlanes
import Testing

@testable import PRNZip

@Suite struct PatchesTests {
  /// Patches of a picture whose costly blocks are marked.
  private func patches(
    _ rows: [String], side: Int = 64, besides others: [Group.Patch] = [], fewest: Int = 3
  ) -> [Group.Patch] {
    let image = Image(
      .gray8, planes: [Plane(width: 32 * rows[0].count - 7, height: 32 * rows.count - 20)])
    return PatchFinder(rows.joined().map { $0 == "#" }, of: image, fewest: fewest)
      .patches(side: side, besides: others)
  }

  @Test func boxesAreAroundBlocksThatTouch() {
    #expect(
      patches([
        "##....",
        "#...##",
        "....##",
      ]) == [
        Group.Patch(row: 0, column: 0, height: 2, width: 2),
        Group.Patch(row: 1, column: 4, height: 2, width: 2),
      ])
    // Too few, and none at all.
    #expect(patches(["##....", "....##"]) == [])
    #expect(patches(["......"]) == [])
  }

  /// A box of which most is something else is cut where that leaves the least.
  @Test func cornersAreCut() {
    #expect(
      patches([
        "##########",
        "##########",
        "##........",
        "##........",
        "##........",
        "##........",
      ]) == [
        Group.Patch(row: 0, column: 0, height: 2, width: 10),
        Group.Patch(row: 2, column: 0, height: 4, width: 2),
      ])
  }

  @Test func boxesHaveALargestSide() {
    #expect(
      patches(["#####", "#####"], side: 2)
        == [0..<1, 1..<3, 3..<5].map {
          Group.Patch(row: 0, column: $0.lowerBound, height: 2, width: $0.count)
        })
    #expect(patches(["#####"], side: 0) == [])
  }

  @Test func boxesOverlapNone() {
    let other = Group.Patch(row: 1, column: 1, height: 1, width: 1)
    #expect(patches(["###...", "#.#.##", "....##"], besides: [other]).map(\.column) == [4])
    #expect(
      patches(
        ["###...", "#.#.##", "....##"],
        besides: Array(repeating: other, count: Group.mostPatches)) == [])
  }
}
