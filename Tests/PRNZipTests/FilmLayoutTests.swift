import Testing

@testable import PRNZip

@Suite struct FilmLayoutTests {
  private typealias Size = FilmLayout.Size

  private static func sizes(_ numbers: [(Int, Int)]) -> [Size] {
    numbers.map { Size(width: $0, height: $1) }
  }

  @Test func framesAreBelowEachOther() throws {
    let sizes = Self.sizes([(10, 4), (7, 5), (10, 1)])
    let layouts = FilmLayout.layouts(of: sizes, most: 100, free: 0)
    #expect(layouts.count == 1)
    let film = try #require(layouts.first)
    #expect((film.width, film.height) == (10, 10))
    #expect(film.frames == 0..<3 && film.rows == [0, 4, 9])
    #expect(FilmLayout(of: sizes, from: 0, width: 10, height: 10) == film)
    #expect(FilmLayout.layouts(of: [], most: 100, free: 0).isEmpty)
  }

  /// A film ends where it would be too large, or most of it would be beside its frames.
  @Test func filmsEnd() {
    let large = FilmLayout.layouts(
      of: Self.sizes([(10, 4), (10, 5), (10, 3), (20, 30)]), most: 100, free: 0)
    #expect(large.map(\.frames) == [0..<2, 2..<3, 3..<4])
    #expect(large.map(\.height) == [9, 3, 30])
    let narrow = Self.sizes([(100, 1), (1, 100), (1, 100)])
    #expect(
      FilmLayout.layouts(of: narrow, most: 1 << 20, free: 0).map(\.frames) == [0..<1, 1..<3])
    #expect(FilmLayout.layouts(of: narrow, most: 1 << 20, free: 20_000).count == 1)
  }

  @Test func otherHeightsAndWidthsAreRefused() {
    let sizes = Self.sizes([(10, 4), (12, 5), (3, 6)])
    #expect(FilmLayout(of: sizes, from: 0, width: 12, height: 9)?.frames == 0..<2)
    #expect(FilmLayout(of: sizes, from: 1, width: 12, height: 11)?.frames == 1..<3)
    #expect(FilmLayout(of: sizes, from: 1, width: 13, height: 11) == nil)
    #expect(FilmLayout(of: sizes, from: 0, width: 12, height: 8) == nil)
    #expect(FilmLayout(of: sizes, from: 0, width: 11, height: 9) == nil)
    #expect(FilmLayout(of: sizes, from: 2, width: 12, height: 7) == nil)
    #expect(FilmLayout(of: sizes, from: 3, width: 12, height: 1) == nil)
  }
}
