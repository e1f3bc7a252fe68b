import Container
import ImagePlanes
import Testing

@testable import PRNZip

@Suite struct PatchesTests {
  /// Patches of a picture whose costly blocks are marked.
  private func patches(
    _ rows: String..., side: Int = 64, besides others: [Group.Patch] = [], fewest: Int = 3
  ) -> [Group.Patch] {
    let image = Image(
      .gray8, planes: [Plane(width: 32 * rows[0].count - 7, height: 32 * rows.count - 20)])
    return PatchFinder(rows.joined().map { $0 == "#" }, of: image, fewest: fewest)
      .patches(side: side, besides: others)
  }

  private func box(_ rows: Range<Int>, _ columns: Range<Int>) -> Group.Patch {
    Group.Patch(
      row: rows.lowerBound, column: columns.lowerBound, height: rows.count, width: columns.count)
  }

  @Test func boxesAreAroundBlocksThatTouch() {
    let found = patches("##....", "#...##", "....##")
    #expect(found == [box(0..<2, 0..<2), box(1..<3, 4..<6)])
    // Too few, and none at all.
    #expect(patches("##....", "....##") == [])
    #expect(patches("......") == [])
  }

  /// A box of which most is something else is cut where that leaves the least.
  @Test func cornersAreCut() {
    let corner = "##........"
    let found = patches("##########", "##########", corner, corner, corner, corner)
    #expect(found == [box(0..<2, 0..<10), box(2..<6, 0..<2)])
  }

  @Test func boxesHaveALargestSide() {
    let found = patches("#####", "#####", side: 2)
    #expect(found == [box(0..<2, 0..<1), box(0..<2, 1..<3), box(0..<2, 3..<5)])
    #expect(patches("#####", side: 0) == [])
  }

  @Test func boxesOverlapNone() {
    let other = box(1..<2, 1..<2)
    let most = [Group.Patch](repeating: other, count: Group.mostPatches)
    #expect(patches("###...", "#.#.##", "....##", besides: [other]) == [box(1..<3, 4..<6)])
    #expect(patches("###...", "#.#.##", "....##", besides: most) == [])
  }
}
