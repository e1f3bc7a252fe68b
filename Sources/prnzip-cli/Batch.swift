import ArgumentParser
import Bytes
import Glibc
import PRNZip
import Synchronization
import TileCoding

/// Does jobs: large ones one after the other on all threads, small ones several at a time.
///
/// What is said comes in the order of the jobs. An error is reported, and the other jobs are done.
struct Batch {
  /// Inputs of at most so many bytes are worked on several at a time.
  private static let smallInput = 1 << 17
  /// Each job that runs beside others may take at least so much memory.
  private static let leastBytes = 1 << 28

  let threads: Int
  let limits: Limits
  let verbosity: VerbosityOptions
  let log: BatchLog?

  typealias Work = @Sendable (Job, JobContext) throws -> JobReport

  /// Does a job for each input, or what is planned for it.
  ///
  /// - Parameters:
  ///   - options: name the inputs.
  ///   - extensions: of the files that are taken from folders, in lower case.
  ///   - plan: gives the jobs.
  ///   - work: does one; it may be called from several threads.
  /// - Throws: `ExitCode.failure` at the end if something failed; `ValidationError`.
  func run(
    _ options: InputOptions, extensions: [String], plan: ([Input]) throws -> [PlannedJob],
    _ work: Work
  ) throws {
    var failed = false
    let inputs = try options.inputs(extensions: extensions) { error in
      Console.report(error, file: error.path)
      failed = true
    }
    try run(plan(inputs), failed: failed, work)
  }

  /// Does all jobs.
  ///
  /// - Parameters:
  ///   - jobs: in their order.
  ///   - failed: whether something has failed before.
  ///   - work: does one; it may be called from several threads.
  /// - Throws: `ExitCode.failure` at the end if something failed.
  private func run(_ jobs: [PlannedJob], failed: Bool, _ work: Work) throws {
    let ledger = Ledger(jobs, failed: failed, log)
    let beside = min(threads, max(limits.maximumBytes / Self.leastBytes, 1))
    var first = 0
    while first < jobs.count {
      // A run of small ones.
      let end =
        beside > 1 ? jobs[first...].firstIndex { !Self.isSmall($0.input) } ?? jobs.endIndex : first
      if end - first > 1 {
        let team = ThreadTeam(
          threads: min(beside, end - first), stackSize: PRNZipCommand.stackSize)
        let line = ProgressLine("\(jobs.count) files", isShown: verbosity.showsProgress)
        let context = JobContext(
          threads: 1,
          limits: Limits(
            maximumPixels: limits.maximumPixels, maximumBytes: limits.maximumBytes / beside),
          progress: nil)
        let alone = Mutex<[Int]>([])
        team.run(items: end - first) { item, _ in
          let index = first + item
          if ledger.attempt(index, context, mayBeDeferred: true, work) {
            alone.withLock { $0.append(index) }
          }
          line.update(Double(ledger.settled) / Double(jobs.count))
        }
        line.clear()
        for index in alone.withLock({ $0.sorted() }) { attemptAlone(index, ledger, work) }
        first = end
      } else {
        attemptAlone(first, ledger, work)
        first += 1
      }
    }
    if jobs.count > 1, !verbosity.quiet { Console.note(ledger.summary) }
    if ledger.hasFailed { throw ExitCode.failure }
  }

  private func attemptAlone(_ index: Int, _ ledger: Ledger, _ work: Work) {
    let line = ProgressLine(ledger.jobs[index].input.name, isShown: verbosity.showsProgress)
    let context = JobContext(threads: threads, limits: limits, progress: line)
    _ = ledger.attempt(index, context, mayBeDeferred: false, work)
  }

  private static func isSmall(_ place: Place) -> Bool {
    guard case .file(let path) = place else { return false }
    var status = stat()
    // What cannot be looked at soon fails.
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return true }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size <= smallInput
  }
}

/// What became of the jobs, told in their order.
private final class Ledger: Sendable {
  private struct Entry {
    let result: Result<JobReport, any Error>
    let seconds: Double
  }

  private struct State {
    var entries: [Entry?]
    var told = 0
    var settled = 0
    var hasFailed: Bool
    var counts = (done: 0, skipped: 0, failed: 0)
    var bytes = (input: 0, output: 0)
  }

  let jobs: [PlannedJob]
  private let log: BatchLog?
  private let state: Mutex<State>

  init(_ jobs: [PlannedJob], failed: Bool, _ log: BatchLog?) {
    self.jobs = jobs
    self.log = log
    state = Mutex(
      State(entries: [Entry?](repeating: nil, count: jobs.count), hasFailed: failed))
  }

  var hasFailed: Bool { state.withLock(\.hasFailed) }
  var settled: Int { state.withLock(\.settled) }

  /// Whether an error may be for the jobs beside.
  private static func isForMemory(_ error: any Error) -> Bool {
    switch error {
    case PRNZipError.limitExceeded, PRNZipError.outOfMemory, is OutOfMemory: true
    default: false
    }
  }

  /// Tries a job.
  ///
  /// - Returns: whether it has to be done again, alone, for the memory that it takes.
  func attempt(
    _ index: Int, _ context: JobContext, mayBeDeferred: Bool, _ work: Batch.Work
  ) -> Bool {
    let start = ContinuousClock.now
    let result = Result {
      switch jobs[index] {
      case .job(let job): try work(job, context)
      case .refused(_, let error): throw error
      }
    }
    context.progress?.clear()
    if mayBeDeferred, case .failure(let error) = result, Self.isForMemory(error) { return true }
    let entry = Entry(result: result, seconds: (ContinuousClock.now - start).seconds)
    state.withLock { state in
      state.entries[index] = entry
      state.settled += 1
      while state.told < jobs.count, let next = state.entries[state.told] {
        tell(next, of: jobs[state.told], &state)
        state.told += 1
      }
    }
    return false
  }

  private func tell(_ entry: Entry, of job: PlannedJob, _ state: inout State) {
    switch entry.result {
    case .success(let report):
      if let line = report.line { Console.note(line) }
      if report.status == .skipped { state.counts.skipped += 1 } else { state.counts.done += 1 }
      state.bytes.input += report.inputBytes
      state.bytes.output += report.outputBytes
    case .failure(let error):
      Console.report(error, file: job.input.name)
      state.counts.failed += 1
      state.hasFailed = true
    }
    do {
      try log?.append(BatchLog.Record(job, entry.result, seconds: entry.seconds))
    } catch {
      Console.report(error, file: log?.place.name ?? "-")
      state.hasFailed = true
    }
  }

  /// "3 files: 525885 -> 377730 bytes, 71.8 %; 1 skipped, 2 failed".
  var summary: String {
    state.withLock { state in
      let count = state.counts.done
      var text = "\(count) file\(count == 1 ? "" : "s")"
      if state.bytes.output > 0 {
        let share = 100 * Double(state.bytes.output) / Double(max(state.bytes.input, 1))
        text += ": \(state.bytes.input) -> \(state.bytes.output) bytes, \(decimals(share, 1)) %"
      }
      let others = [(state.counts.skipped, "skipped"), (state.counts.failed, "failed")]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return text + (others.isEmpty ? "" : "; " + others.joined(separator: ", "))
    }
  }
}
