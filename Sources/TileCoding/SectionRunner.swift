import Bytes
import EntropyCoding
import Platform

/// What a section failed with; of several that were at work, the one with the lowest number.
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
  /// - Throws: the error of a section that failed, of those at work the one with the lowest number;
  ///   `cancelled` for whatever goes wrong once the stop flag is set. No more sections are started
  ///   after an error.
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
