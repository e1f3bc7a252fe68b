import EntropyCoding
import Foundation
import ImagePlanes
import Mixing
import PixelNetwork
import TestSupport
import Testing

@testable import TileCoding

/// Work that ends early.
@Suite struct StopFlagTests {
  @Test func flagsAreSetOnce() throws {
    let flag = StopFlag()
    #expect(!flag.isSet && flag.pointer.pointee == 0)
    try flag.check()
    flag.set()
    flag.set()
    #expect(flag.isSet && flag.pointer.pointee == 1)
    #expect(throws: EntropyCodingError.cancelled) { try flag.check() }
  }

  /// Sets a flag at a diagonal, and notes the last one that it gets.
  private final class Stopping: ValueCoder, @unchecked Sendable {
    let output: TileEvaluation.Output
    let flag = StopFlag()
    private(set) var diagonal = -1

    init(_ output: TileEvaluation.Output) { self.output = output }

    func code(
      diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
    ) {
      diagonal = t
      if t == 33 { flag.set() }
    }
  }

  @Test(arguments: [TileEvaluation.Output.events, .distributions], [1, 2])
  func theLoopEndsWithTheDiagonal(_ output: TileEvaluation.Output, threads: Int) throws {
    let network = try Network(TestArchitectures.adaptive)
    let tile = try #require(Tile(testImage(rows: 20, columns: 30)))
    let evaluation = try #require(
      TileEvaluation(network, tile: tile, output: output, instructions: .portable))
    let coder = Stopping(output)
    let loop = PixelLoop(evaluation, try #require(Workers(threads: threads)), stop: coder.flag)
    #expect(throws: EntropyCodingError.cancelled) { try loop.run(coder) }
    #expect(coder.diagonal == (output == .events ? 47 : 33))
  }

  @Test(arguments: [1, 3]) func noMoreSectionsBegin(threads: Int) {
    let flag = StopFlag()
    let runner = SectionRunner(threads: threads, stop: flag)
    let count = Count()
    let work = SectionRunner.Work(count: 50, isShared: false, bytes: 1)
    var failure: SectionError?
    do throws(SectionError) {
      _ = try runner.run(work) { (index, _) throws(EntropyCodingError) -> Int in
        count.add()
        if index == 3 { flag.set() }
        // Whatever goes wrong then.
        if flag.isSet { throw .wrongFinalState }
        return index
      }
    } catch {
      failure = error
    }
    #expect(failure?.error == .cancelled && count.value < 4 + threads)
  }

  private final class Count: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0
    var value: Int { lock.withLock { number } }
    func add() { lock.withLock { number += 1 } }
  }

  @Test(arguments: [MixingLevel.pure, .fast]) func networksEnd(_ level: MixingLevel) throws {
    let image = testImage(rows: 20, columns: 30)
    var codec = NetworkTileCodec(try Network(TestArchitectures.adaptive), level)
    let bytes = try codec.encode(image)
    let flag = StopFlag()
    flag.set()
    codec.stop = flag
    #expect(throws: EntropyCodingError.cancelled) { try codec.encode(image) }
    #expect(throws: EntropyCodingError.cancelled) {
      try codec.decode(bytes, rows: 20, columns: 30)
    }
  }
}
