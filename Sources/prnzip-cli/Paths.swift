import ArgumentParser
import Foundation

/// Where bytes come from or go to.
enum Place: Equatable {
  /// "-": standard input or standard output.
  case standardStream
  case file(String)

  init(_ argument: String) {
    self = argument == "-" ? .standardStream : .file(argument)
  }

  /// The name that messages use.
  var name: String {
    switch self {
    case .standardStream: "-"
    case .file(let path): path
    }
  }
}

/// One input and where its output goes.
struct Job: Equatable {
  let input: Place
  let output: Place
}

/// The rules that turn the command line's names into jobs.
enum Paths {
  /// `photo.png` becomes `photo.prn`; a name without a PNG's extension gets `.prn` added.
  static func compressedName(for path: String) -> String {
    replacingExtension(of: path, among: ["png", "apng"], with: "prn")
  }

  /// `photo.prn` becomes `photo.png`; a name without that extension gets `.png` added.
  static func decompressedName(for path: String) -> String {
    replacingExtension(of: path, among: ["prn"], with: "png")
  }

  /// `photo.prn` becomes `photo-preview.png`.
  static func previewName(for path: String) -> String {
    decompressedName(for: path).dropLast(4) + "-preview.png"
  }

  /// One job for each input.
  ///
  /// - Throws: `ValidationError` if `output` would have to hold several inputs, or two inputs would
  ///   get the same output.
  static func jobs(
    inputs: [String], output: String?, naming: (String) -> String
  ) throws -> [Job] {
    if let output {
      guard let input = inputs.first, inputs.count == 1 else {
        throw ValidationError("-o takes one input, not \(inputs.count).")
      }
      return [Job(input: Place(input), output: Place(output))]
    }
    let jobs = inputs.map { argument in
      let input = Place(argument)
      return Job(input: input, output: input == .standardStream ? input : Place(naming(argument)))
    }
    var inputOfOutput: [String: Place] = [:]
    for job in jobs {
      if let other = inputOfOutput.updateValue(job.input, forKey: resolved(job.output)) {
        throw ValidationError(
          "\(other.name) and \(job.input.name) would both be written to \(job.output.name).")
      }
    }
    return jobs
  }

  /// The directory part of a path, "." if it has none.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The same text for each way of writing a path: symbolic links of the directory are followed.
  private static func resolved(_ place: Place) -> String {
    guard case .file(let path) = place else { return "-" }
    let file = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard let real = realpath(directory(of: path), nil) else { return path }
    defer { free(real) }
    return String(cString: real) + "/" + file
  }

  private static func replacingExtension(
    of path: String, among known: [String], with new: String
  ) -> String {
    let file = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex,
      known.contains(file[file.index(after: dot)...].lowercased())
    else { return path + "." + new }
    return path[...dot] + new
  }
}
