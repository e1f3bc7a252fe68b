extension SectionRunner {
  /// What there is to run.
  package struct Work: Sendable {
    /// Sections.
    package let count: Int
    /// Whether several threads can work at one.
    package let isShared: Bool
    /// Bytes of memory that one takes.
    package let bytes: Int
    /// Pixels of each; nil where they are about equally many.
    package let pixels: [Int]?

    package init(count: Int, isShared: Bool, bytes: Int, pixels: [Int]? = nil) {
      self.count = max(count, 0)
      self.isShared = isShared
      self.bytes = max(bytes, 1)
      self.pixels = pixels?.count == self.count ? pixels : nil
    }

    /// `count` sections, each of which takes the memory of the largest tile.
    package init(_ codec: some TileCodec, _ sections: TileSections, count: Int? = nil) {
      self.init(codec, sections, count: count ?? sections.count, pixels: sections.pixels)
    }

    /// Those of the sections that are needed, by their numbers.
    package init(_ codec: some TileCodec, _ sections: TileSections, needed: [Int]) {
      let pixels = sections.pixels.map { pixels in needed.map { pixels[$0] } }
      self.init(codec, sections, count: needed.count, pixels: pixels)
    }

    private init(
      _ codec: some TileCodec, _ sections: TileSections, count: Int, pixels: [Int]?
    ) {
      let tile = sections.largestTile
      self.init(
        count: count, isShared: codec.sharesTiles,
        bytes: codec.memory(rows: tile.height, columns: tile.width), pixels: pixels)
    }

    /// The order in which the sections begin: the larger ones first.
    var order: [Int] {
      guard let pixels else { return Array(0..<count) }
      return (0..<count).sorted { (pixels[$1], $0) < (pixels[$0], $1) }
    }
  }
}
