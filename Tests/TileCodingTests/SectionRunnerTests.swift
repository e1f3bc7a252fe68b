import EntropyCoding
import Foundation
import ImagePlanes
import TestSupport
import Testing

@testable import TileCoding

@Suite struct SectionRunnerTests {
  /// Notes the calls for each section, from all threads, and how many there are at the same time.
  private final class Calls: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [Int: [Int]] = [:]
    private var running = 0
    private var mostRunning = 0
    var threads: [Int: [Int]] { lock.withLock { list } }
    var most: Int { lock.withLock { mostRunning } }

    func begin(_ index: Int, _ threads: Int) {
      lock.withLock {
        list[index, default: []].append(threads)
        running += 1
        mostRunning = max(mostRunning, running)
      }
    }

    func end() { lock.withLock { running -= 1 } }
  }

  private static func work(
    _ count: Int, isShared: Bool = true, bytes: Int = 1
  ) -> SectionRunner.Work {
    SectionRunner.Work(count: count, isShared: isShared, bytes: bytes)
  }

  // MARK: Which section runs when

  @Test(
    arguments: [(0, 1), (1, 1), (1, 4), (5, 1), (4, 4), (6, 4), (9, 2), (100, 7), (3, 0)],
    [true, false])
  func everySectionComesOnce(_ size: (count: Int, threads: Int), isShared: Bool) throws {
    let (count, threads) = size
    let calls = Calls()
    let runner = SectionRunner(threads: threads)
    let work = Self.work(count, isShared: isShared)
    let results = try runner.run(work) { (index, threads) throws(EntropyCodingError) in
      calls.begin(index, threads)
      calls.end()
      return 10 * index
    }
    #expect(results == (0..<count).map { 10 * $0 })
    let threadsOfEach = runner.rounds(work).flatMap {
      Array(repeating: $0.threads, count: $0.count)
    }
    #expect(threadsOfEach.count == count)
    for index in 0..<count { #expect(calls.threads[index] == [threadsOfEach[index]]) }
  }

  private static func rounds(
    _ count: Int, threads: Int, memory: Int = .max, isShared: Bool = true, bytes: Int = 1
  ) -> [[Int]] {
    SectionRunner(threads: threads, memory: memory)
      .rounds(work(count, isShared: isShared, bytes: bytes))
      .map { [$0.count, $0.concurrency, $0.threads] }
  }

  /// Sections, how many run at the same time, and threads of each.
  @Test func fullRoundsRunSideBySide() {
    #expect(Self.rounds(24, threads: 2) == [[24, 2, 1]])
    #expect(Self.rounds(25, threads: 2) == [[24, 2, 1], [1, 1, 2]])
    #expect(Self.rounds(1, threads: 2) == [[1, 1, 2]])
    #expect(Self.rounds(5, threads: 1) == [[5, 1, 1]])
    #expect(Self.rounds(25, threads: 2, isShared: false) == [[25, 2, 1]])
    #expect(Self.rounds(0, threads: 2) == [] && Self.rounds(0, threads: 1) == [])
  }

  /// Six tiles on eight threads: four on two each, and two on four, in about a seventh of the time
  /// of one thread.
  @Test func whatIsLeftOverSharesTheThreads() {
    #expect(Self.rounds(6, threads: 8) == [[4, 4, 2], [2, 2, 4]])
    #expect(Self.rounds(3, threads: 4) == [[2, 2, 2], [1, 1, 4]])
    #expect(Self.rounds(2, threads: 4) == [[2, 2, 2]])
    #expect(Self.rounds(9, threads: 4) == [[8, 4, 1], [1, 1, 4]])
    for threads in 1...17 {
      for count in 0...40 {
        let rounds = Self.rounds(count, threads: threads)
        #expect(rounds.reduce(0) { $0 + $1[0] } == count)
        #expect(rounds.allSatisfy { $0[1] * $0[2] <= threads && $0[2] > 0 })
      }
    }
  }

  private static func rounds(pixels: [Int], threads: Int, memory: Int = .max) -> [[Int]] {
    let work = SectionRunner.Work(count: pixels.count, isShared: true, bytes: 1, pixels: pixels)
    return SectionRunner(threads: threads, memory: memory).rounds(work)
      .map { [$0.count, $0.concurrency, $0.threads] }
  }

  /// A thread that has the largest alone would be the last for long.
  @Test func sectionsOfDifferentSizes() {
    let (large, small) = (1 << 20, 1 << 14)
    #expect(Self.rounds(pixels: [small, large], threads: 2) == [[1, 1, 2], [1, 1, 2]])
    #expect(
      Self.rounds(pixels: [small, large, small, small], threads: 2) == [[1, 1, 2], [3, 2, 1]])
    #expect(Self.rounds(pixels: [large, large], threads: 2) == [[2, 2, 1]])
    #expect(Self.rounds(pixels: [large, large], threads: 8) == [[2, 2, 4]])
    #expect(Self.rounds(pixels: [large], threads: 2) == [[1, 1, 2]])
    #expect(Self.rounds(pixels: [small, large], threads: 1) == [[2, 1, 1]])
    #expect(Self.rounds(pixels: [small, large], threads: 2, memory: 1) == [[2, 1, 2]])
    #expect(Self.rounds(pixels: [], threads: 2) == [])
    for threads in 1...9 {
      for count in 1...20 {
        let pixels = (0..<count).map { 1 << (10 + $0 * 7 % 11) }
        let rounds = Self.rounds(pixels: pixels, threads: threads)
        #expect(rounds.reduce(0) { $0 + $1[0] } == count)
        #expect(rounds.allSatisfy { $0[1] * $0[2] <= threads && $0[2] > 0 })
      }
    }
  }

  @Test(arguments: [1, 2, 5], [true, false])
  func largeOnesBeginFirst(_ threads: Int, isShared: Bool) throws {
    let pixels = [5, 1 << 20, 7, 1 << 18, 7]
    let work = SectionRunner.Work(count: 5, isShared: isShared, bytes: 1, pixels: pixels)
    #expect(work.order == [1, 3, 2, 4, 0])
    let results = try SectionRunner(threads: threads).run(work) {
      (index, _) throws(EntropyCodingError) in 10 * index
    }
    #expect(results == [0, 10, 20, 30, 40])
  }

  // MARK: Memory

  /// As many as there is memory for, but one at least, however large it is.
  @Test(arguments: [
    (memory: Int.max, bytes: 1, expected: 4), (400, 100, 4), (399, 100, 3), (200, 100, 2),
    (199, 100, 1), (99, 100, 1), (0, 100, 1), (100, 0, 4), (-1, 1, 1), (Int.max, Int.max, 1),
  ])
  func memoryLimitsConcurrency(_ memory: Int, _ bytes: Int, _ expected: Int) throws {
    let runner = SectionRunner(threads: 4, memory: memory)
    for isShared in [true, false] {
      let work = Self.work(9, isShared: isShared, bytes: bytes)
      #expect(runner.concurrency(work) == expected)
      let calls = Calls()
      _ = try runner.run(work) { (index, threads) throws(EntropyCodingError) in
        calls.begin(index, threads)
        // So that others have the time to begin.
        Thread.sleep(forTimeInterval: 0.002)
        calls.end()
      }
      #expect(calls.most <= expected)
      #expect(calls.threads.count == 9)
      // One that runs alone has all threads: they share its memory.
      if expected == 1 { #expect(calls.threads.values.allSatisfy { $0 == [4] }) }
    }
  }

  /// Those that there is memory for have the threads that are left.
  @Test func fewerSideBySideWhereMemoryIsShort() {
    func rounds(_ count: Int, isShared: Bool = true, bytes: Int, threads: Int = 4) -> [[Int]] {
      Self.rounds(count, threads: threads, memory: 300, isShared: isShared, bytes: bytes)
    }
    #expect(rounds(11, bytes: 100) == [[9, 3, 1], [2, 2, 2]])
    #expect(rounds(6, bytes: 150, threads: 8) == [[6, 2, 4]])
    #expect(rounds(11, bytes: 301) == [[11, 1, 4]])
    #expect(rounds(11, isShared: false, bytes: 301) == [[11, 1, 4]])
  }

  // MARK: Errors and progress

  @Test(arguments: [1, 2, 4]) func theFirstErrorComesOut(_ threads: Int) {
    let calls = Calls()
    #expect(throws: SectionError(section: 5, error: .wrongFinalState)) {
      _ = try SectionRunner(threads: threads).run(Self.work(1000)) {
        (index, threads) throws(EntropyCodingError) in
        calls.begin(index, threads)
        if index == 5 { throw .wrongFinalState }
        // Otherwise another thread could do all the rest while this one is held up at 5.
        if index > 5 { Thread.sleep(forTimeInterval: 0.001) }
      }
    }
    #expect(calls.threads.count < 1000)
  }

  /// Of several that fail, the first section's, even if it fails last.
  @Test func theErrorOfTheFirstSectionComesOut() {
    #expect(throws: SectionError(section: 0, error: .laneLength)) {
      _ = try SectionRunner(threads: 4).run(Self.work(4)) {
        (index, _) throws(EntropyCodingError) in
        if index == 0 {
          Thread.sleep(forTimeInterval: 0.05)
          throw .laneLength
        }
        throw .trailingZeroByte
      }
    }
  }

  @Test(arguments: [1, 3]) func progressGrowsToOne(_ threads: Int) throws {
    final class Shares: @unchecked Sendable {
      // Never called from two threads at a time: no lock.
      var list: [Double] = []
    }
    let shares = Shares()
    let runner = SectionRunner(threads: threads) { shares.list.append($0) }
    _ = try runner.run(Self.work(7)) { (_, _) throws(EntropyCodingError) in }
    #expect(shares.list == (0...7).map { Double($0) / 7 })
  }

  // MARK: Images

  /// Streams are the tiles' values; two variants, the second backwards.
  private struct PlainCodec: TileCodec {
    let sharesTiles = true
    let variants = 2
    var costs: CostPlanes?
    func memory(rows: Int, columns: Int) -> Int { rows * columns }

    func encode(
      _ image: Image, _ tiles: [TileRectangle], threads: Int
    ) throws(EntropyCodingError) -> [[UInt8]] {
      var bytes: [UInt8] = []
      for rectangle in tiles {
        guard let tile = Tile(image, rectangle) else { throw .outOfMemory }
        bytes += UnsafeBufferPointer(
          start: tile.plane(0), count: tile.rows * tile.columns * tile.colours)
      }
      return [bytes, bytes.reversed()]
    }

    func decode(
      _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
      threads: Int, take: (Tile, TileRectangle) -> Void
    ) throws(EntropyCodingError) {
      var rest = stream
      for rectangle in tiles {
        guard let tile = Tile(rows: rectangle.height, columns: rectangle.width, colours: 3)
        else { throw .outOfMemory }
        let count = 3 * rectangle.height * rectangle.width
        guard rest.count >= count else { throw .outsideAnyInterval }
        for (i, byte) in rest.prefix(count).enumerated() { tile.plane(0)[i] = byte }
        rest = rest.dropFirst(count)
        take(tile, rectangle)
      }
    }
  }

  @Test(arguments: [1, 2, 5], [1, 3, 100]) func imagesRoundTrip(
    _ threads: Int, _ tilesPerSection: Int
  ) throws {
    let image = patternImage(width: 23, height: 17)
    let sections = TileSections(
      TileGrid(width: 23, height: 17, tileWidth: 5, tileHeight: 6),
      tilesPerSection: tilesPerSection)
    let runner = SectionRunner(threads: threads, memory: 60)
    let streams = try runner.encode(image, sections, with: PlainCodec())
    #expect(streams.map(\.count) == [sections.count, sections.count])
    #expect(streams[1].map { $0.reversed() } == streams[0])
    // In a file, with something before and between them.
    var file: [UInt8] = [1, 2]
    var ranges: [Range<Int>] = []
    for stream in streams[0] {
      ranges.append(file.count..<file.count + stream.count)
      file += stream + [0]
    }
    var decoded = Image(width: 23, height: 17)
    try runner.decode(file, ranges, sections, with: PlainCodec(), into: &decoded)
    #expect(decoded == image)
    // A stream that is cut: the section's error, and an image that still has its planes.
    ranges[ranges.count - 1] = ranges[ranges.count - 1].dropLast(1)
    #expect(throws: SectionError(section: sections.count - 1, error: .outsideAnyInterval)) {
      try runner.decode(file, ranges, sections, with: PlainCodec(), into: &decoded)
    }
    #expect(decoded.planes.count == 3)
  }
}
