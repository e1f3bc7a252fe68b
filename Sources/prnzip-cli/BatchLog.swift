import Bytes
import FoundationEssentials
import Glibc
import PRNZip

/// A file of JSON objects, one a line for each input, which is written as the work goes on.
final class BatchLog: Sendable {
  /// A line of the log; names are those of the JSON.
  struct Record: Codable {
    let input: String
    let output: String?
    /// Names that are not UTF-8, which the ones above cannot hold: their bytes in base 64.
    let inputBase64: String?
    let outputBase64: String?
    /// done, skipped or failed.
    let status: String
    let error: String?
    let inputBytes: Int?
    let outputBytes: Int?
    let seconds: Double
    let width: Int?
    let height: Int?
    /// modelled, exact or stored.
    let content: String?
    let bpsp: Double?
    let codecs: [String]?
    let models: [String]?

    init(_ job: PlannedJob, _ result: Result<JobReport, any Error>, seconds: Double) {
      input = job.input.name
      let place: Place? = if case .job(let job) = job { job.output } else { nil }
      output = place?.name
      inputBase64 = job.input.bytesInBase64
      outputBase64 = place?.bytesInBase64
      self.seconds = (seconds * 1e6).rounded() / 1e6
      let report = try? result.get()
      let isDone = report?.status == .done
      status = report?.status.rawValue ?? "failed"
      if case .failure(let error) = result { self.error = "\(error)" } else { error = nil }
      inputBytes = isDone ? report?.inputBytes : nil
      outputBytes = isDone ? report?.outputBytes : nil
      let information = report?.information
      width = information?.width
      height = information?.height
      content = information.map(InfoEntry.content)
      bpsp = information?.bitsPerSubpixel
      codecs = information?.groups.map(\.codec)
      models = information?.groups.compactMap(\.modelName)
    }
  }

  let place: Place
  private let descriptor: Int32

  /// Opens it; what is there is kept, and the new lines come behind it.
  ///
  /// - Throws: `FileError`.
  init(_ place: Place) throws {
    self.place = place
    try Self.check(place)
    descriptor = try place.open(O_WRONLY | O_CREAT | O_APPEND, standard: STDOUT_FILENO)
  }

  /// Lines come behind other such lines, and not behind an image.
  private static func check(_ place: Place) throws {
    guard case .file(let path) = place else { return }
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
    else { return }
    // What may be written but not read cannot be looked at.
    guard let start = try? InputFile(place).start() else { return }
    let first = start.first { ![9, 10, 13, 32].contains($0) }
    guard first ?? UInt8(ascii: "{") == UInt8(ascii: "{") else {
      throw FileError(path: place.name, reason: .notALog)
    }
  }

  deinit {
    if case .file = place { close(descriptor) }
  }

  /// Appends a line, at once and in one piece.
  ///
  /// - Throws: `FileError`.
  func append(_ record: Record) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try writeAll(Array(encoder.encode(record)) + [10], to: descriptor, name: place.name)
  }
}

extension Place {
  /// The bytes of a name that is not UTF-8.
  fileprivate var bytesInBase64: String? {
    guard case .file(let path) = self, String(validating: path.bytes, as: UTF8.self) == nil else {
      return nil
    }
    return Data(path.bytes).base64EncodedString()
  }
}
