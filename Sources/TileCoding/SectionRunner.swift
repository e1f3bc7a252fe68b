import Bytes
import EntropyCoding
import ImagePlanes
import Platform

/// What a section failed with; of several, the first.
package struct SectionError: Error, Equatable, Sendable {
  /// The section, from 0.
  package let section: Int
  /// What its codec says.
  package let error: EntropyCodingError

  package init(section: Int, error: EntropyCodingError) {
    self.section = section
    self.error = error
  }
}

/// Runs sections of an image on threads, and puts together what comes of them: the one seam under
/// compressor, decompressor, small images and sampler.
///
/// Which run side by side, and on how many threads each, is in `SectionRounds`.
package struct SectionRunner: Sendable {
  /// Threads to use, 1 or more.
  package let threads: Int
  /// Bytes that the sections in work may take together.
  package let memory: Int
  /// Is told the share done, 0 to 1; never from two threads at a time.
  package let progress: (@Sendable (Double) -> Void)?
  /// Ends all sections early.
  package let stop: StopFlag?

  package init(
    threads: Int, memory: Int = .max, stop: StopFlag? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.threads = max(threads, 1)
    self.memory = memory
    self.stop = stop
    self.progress = progress
  }

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

    /// `count` sections, each of tiles of the size of the image's first.
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
  }

  /// Sections that may run at the same time.
  func concurrency(_ work: Work) -> Int { max(min(threads, memory / work.bytes), 1) }

  /// The runner with as many threads as there is memory for now; at least one.
  private func affordable(_ work: Work) -> SectionRunner {
    var count = min(concurrency(work), work.count)
    while count > 1, !Memory.canAllocate(count * work.bytes) { count -= 1 }
    let isAffordable = count == min(concurrency(work), work.count)
    return isAffordable
      ? self
      : SectionRunner(
        threads: threads, memory: count * work.bytes, stop: stop, progress: progress)
  }

  /// Calls `body` once for each section; from several threads at a time.
  ///
  /// - Parameters:
  ///   - work: what there is.
  ///   - body: gets the section's number and how many threads it may use.
  /// - Returns: what `body` has returned, by section.
  /// - Throws: the error of the first section that failed; `cancelled` for whatever goes wrong once
  ///   the stop flag is set. No more sections are started after an error.
  package func run<Value: Sendable>(
    _ work: Work,
    _ body: @Sendable (_ index: Int, _ threads: Int) throws(EntropyCodingError) -> Value
  ) throws(SectionError) -> [Value] {
    progress?(0)
    let runner = affordable(work)
    let queue = Queue<Value>(work.order, stop: stop, progress: progress)
    var end = 0
    for round in runner.rounds(work) {
      end += round.count
      let before = end
      SideBySide.run(min(round.concurrency, round.count)) {
        while let index = queue.next(before: before) { queue.take(index, round.threads, body) }
      }
    }
    return try queue.results()
  }
}

/// Hands out sections to several threads until one fails, and takes their results.
private final class Queue<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private let progress: (@Sendable (Double) -> Void)?
  private let stop: StopFlag?
  // All used with the lock held.
  private let order: [Int]
  private var position = 0
  private var done = 0
  private var values: [Value?]
  private var failure: SectionError?

  /// - Parameters:
  ///   - order: the numbers of all sections, 0 ..< count, as they are handed out.
  ///   - stop: ends them early.
  ///   - progress: is told the share done.
  init(_ order: [Int], stop: StopFlag?, progress: (@Sendable (Double) -> Void)?) {
    self.order = order
    values = Array(repeating: nil, count: order.count)
    self.stop = stop
    self.progress = progress
  }

  func next(before end: Int) -> Int? {
    lock.withLock {
      guard failure == nil, position < end else { return nil }
      position += 1
      return order[position - 1]
    }
  }

  func take(
    _ index: Int, _ threads: Int, _ body: (Int, Int) throws(EntropyCodingError) -> Value
  ) {
    do throws(EntropyCodingError) {
      try stop?.check()
      let value = try body(index, threads)
      // What was ended early is worth nothing.
      try stop?.check()
      lock.withLock {
        values[index] = value
        done += 1
        progress?(Double(done) / Double(values.count))
      }
    } catch {
      let error = stop?.isSet ?? false ? .cancelled : error
      lock.withLock {
        if index < failure?.section ?? .max {
          failure = SectionError(section: index, error: error)
        }
      }
    }
  }

  func results() throws(SectionError) -> [Value] {
    let (failure, values) = lock.withLock { (self.failure, self.values) }
    if let failure { throw failure }
    return values.compactMap { $0 }
  }
}

extension SectionRunner {
  /// Codes an image.
  ///
  /// - Returns: the streams: [variant][section].
  package func encode(
    _ image: Image, _ sections: TileSections, with codec: some TileCodec
  ) throws(SectionError) -> [[[UInt8]]] {
    var codec = codec
    codec.stop = stop
    let streams = try run(Work(codec, sections)) {
      [codec] index, threads throws(EntropyCodingError) in
      try codec.encode(image, sections.tiles(of: index), threads: threads)
    }
    return (0..<codec.variants).map { variant in streams.map { $0[variant] } }
  }

  /// Decodes an image, or a part of it.
  ///
  /// - Parameters:
  ///   - file: the bytes that the streams are in.
  ///   - streams: where each section's is.
  ///   - sections: as many.
  ///   - codec: as it was coded with.
  ///   - small: the small image, for a codec that is given one.
  ///   - part: the pixels that are wanted; nil for all. Sections without any are left out.
  ///   - image: where the values go: of the grid's size or of the part's, with the tiles' planes.
  ///   - onTile: is told of each tile that has been decoded, at least in part; from any thread.
  /// - Throws: `SectionError`; what the image holds then is worth nothing.
  package func decode(
    _ file: [UInt8], _ streams: [Range<Int>], _ sections: TileSections, with codec: some TileCodec,
    small: Image? = nil, part: TileRectangle? = nil, into image: inout Image,
    onTile: (@Sendable (TileRectangle) -> Void)? = nil
  ) throws(SectionError) {
    var codec = codec
    codec.stop = stop
    let target = Target(image)
    // So that the target is the image's only owner.
    image.planes = []
    defer { image = target.take() }
    let needed = (0..<sections.count).filter { index in
      part.map { part in sections.tiles(of: index).contains { $0.intersection(part) != nil } }
        ?? true
    }
    let isWhole = image.width == sections.grid.width && image.height == sections.grid.height
    let (row, column) = isWhole ? (0, 0) : (part?.row ?? 0, part?.column ?? 0)
    do throws(SectionError) {
      _ = try run(Work(codec, sections, needed: needed)) {
        [codec] index, threads throws(EntropyCodingError) in
        try codec.decode(
          file[streams[needed[index]]], sections.tiles(of: needed[index]), small: small,
          wanted: part, threads: threads
        ) { tile, rectangle in
          target.add(tile, row: rectangle.row - row, column: rectangle.column - column)
          onTile?(rectangle)
        }
      }
    } catch {
      throw SectionError(section: needed[error.section], error: error.error)
    }
  }
}

extension SectionRunner {
  /// Decodes as much of an image as can be: a section that fails costs no other one.
  ///
  /// - Parameters: as `decode`; `streams` has nil for a section that is not there.
  /// - Returns: the sections that were not there or have failed, the latter with their error. Their
  ///   tiles are 0.
  package func decodeEach(
    _ file: [UInt8], _ streams: [Range<Int>?], _ sections: TileSections,
    with codec: some TileCodec, small: Image? = nil, into image: inout Image
  ) -> [(section: Int, error: EntropyCodingError?)] {
    let target = Target(image)
    image.planes = []
    defer { image = target.take() }
    let outcomes = try? run(
      Work(codec, sections)
    ) { index, threads throws(EntropyCodingError) -> Outcome in
      guard index < streams.count, let stream = streams[index] else { return .missing }
      var tiles: [(Tile, TileRectangle)] = []
      do throws(EntropyCodingError) {
        try codec.decode(
          file[stream], sections.tiles(of: index), small: small, wanted: nil, threads: threads
        ) { tile, rectangle in tiles.append((tile, rectangle)) }
      } catch {
        return .failed(error)
      }
      for (tile, rectangle) in tiles {
        target.add(tile, row: rectangle.row, column: rectangle.column)
      }
      return .done
    }
    // The body throws nothing.
    return (outcomes ?? []).enumerated().compactMap { index, outcome in
      switch outcome {
      case .done: nil
      case .missing: (index, nil)
      case .failed(let error): (index, error)
      }
    }
  }

  private enum Outcome: Sendable {
    case done
    case missing
    case failed(EntropyCodingError)
  }
}

/// An image that several threads put tiles into.
private final class Target: @unchecked Sendable {
  private let lock = Lock()
  private var image: Image

  init(_ image: Image) { self.image = image }

  func add(_ tile: Tile, row: Int, column: Int) {
    lock.withLock { tile.write(to: &image, row: row, column: column) }
  }

  func take() -> Image {
    lock.withLock {
      let taken = image
      image.planes = []
      return taken
    }
  }
}
