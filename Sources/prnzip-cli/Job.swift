import ArgumentParser
import Bytes
import Glibc
import PRNZip

/// One input and where its output goes.
struct Job: Equatable, Sendable {
  let input: Place
  /// Nil where nothing is written.
  let output: Place?
}

/// A job, or why there is none for an input.
enum PlannedJob: Equatable, Sendable {
  case job(Job)
  case refused(Place, FileError)

  var input: Place {
    switch self {
    case .job(let job): job.input
    case .refused(let input, _): input
    }
  }
}

/// What a job may use, and whom it tells how far it is.
struct JobContext: Sendable {
  let threads: Int
  let limits: Limits
  /// Nil while several jobs are at work.
  let progress: ProgressLine?
}

/// How a job ended, if not with an error.
struct JobReport: Sendable {
  enum Status: String, Codable { case done, skipped }

  var status = Status.done
  /// What is said of it; nil for nothing.
  var line: String?
  var inputBytes = 0
  var outputBytes = 0
  /// What the headers of the prn file say.
  var information: FileInformation?

  /// The output was there already.
  static func skipped(_ line: String?) -> JobReport { JobReport(status: .skipped, line: line) }
}
