import ArgumentParser
import Bytes
import FoundationEssentials
import Glibc
import SystemPackage

/// One of several equal runs that share a list of inputs: which part is this one's.
///
/// A file's shard follows from its name alone, so that it does not matter if runs see lists that
/// have changed meanwhile.
struct Shard: Equatable {
  static let limit = 1 << 20
  /// 1 ... count.
  let number: Int
  let count: Int

  /// The variables that tell a run its number, and how many runs there are; and what the number of
  /// the first one is: a name, or a number.
  private static let variables: [(number: String, first: String, count: String)] = [
    ("OMPI_COMM_WORLD_RANK", "0", "OMPI_COMM_WORLD_SIZE"),
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"),
    ("SLURM_PROCID", "0", "SLURM_NTASKS"),
    ("JOB_COMPLETION_INDEX", "0", "JOB_COMPLETIONS"),
  ]

  /// - Throws: `ValidationError` where there is no such part.
  init(number: Int, count: Int) throws {
    guard (1...Self.limit).contains(count) else {
      throw ValidationError("there are 1 to \(Self.limit) parts, not \(count).")
    }
    guard (1...count).contains(number) else {
      throw ValidationError("there is no part \(number) of \(count): the first one is 1.")
    }
    (self.number, self.count) = (number, count)
  }

  /// - Parameter argument: I/N, or "auto" for what the environment says.
  /// - Throws: `ValidationError`.
  init(argument: String) throws {
    if argument == "auto" {
      try self.init(environment: ProcessInfo.processInfo.environment)
      return
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else {
      throw ValidationError("neither two numbers such as 1/4, nor auto.")
    }
    try self.init(number: number, count: count)
  }

  /// What variables of Open MPI, Slurm or Kubernetes say.
  ///
  /// - Throws: `ValidationError` where they say nothing.
  init(environment: [String: String]) throws {
    for names in Self.variables {
      guard let number = environment[names.number].flatMap({ Int($0) }),
        let count = environment[names.count].flatMap({ Int($0) }),
        let first = Int(names.first) ?? environment[names.first].flatMap({ Int($0) })
      else { continue }
      try self.init(number: number - first + 1, count: count)
      return
    }
    let pairs = Self.variables.map { "\($0.number) and \($0.count)" }
    throw ValidationError("the environment has none of \(pairs.joined(separator: "; ")).")
  }

  /// Whether a file is of this shard. "./a" and "a" are of the same one.
  func has(_ place: Place) -> Bool {
    guard case .file(let path) = place else { return number == 1 }
    return Int(crc32(path.lexicallyNormalized().bytes[...])) % count == number - 1
  }
}
