import ArgumentParser
import Bytes
import FoundationEssentials
import Glibc
import SystemPackage

/// One of several equal runs that share a list of inputs: which part is this one's.
///
/// A file's shard follows from its name alone, so that it does not matter if runs see lists that
/// have changed meanwhile.
struct Shard: ExpressibleByArgument, Equatable {
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

  init?(number: Int, count: Int) {
    guard (1...Self.limit).contains(count), (1...count).contains(number) else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// - Parameter argument: I/N, or "auto" for what the environment says.
  init?(argument: String) {
    if argument == "auto" {
      guard let shard = Self(environment: ProcessInfo.processInfo.environment) else { return nil }
      self = shard
      return
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number: number, count: count)
  }

  /// What variables of Open MPI, Slurm or Kubernetes say; nil if there are none.
  init?(environment: [String: String]) {
    for names in Self.variables {
      guard let number = environment[names.number].flatMap({ Int($0) }),
        let count = environment[names.count].flatMap({ Int($0) }),
        let first = Int(names.first) ?? environment[names.first].flatMap({ Int($0) })
      else { continue }
      self.init(number: number - first + 1, count: count)
      return
    }
    return nil
  }

  /// Whether a file is of this shard. "./a" and "a" are of the same one.
  func has(_ place: Place) -> Bool {
    guard case .file(let path) = place else { return number == 1 }
    return Int(crc32(path.lexicallyNormalized().bytes[...])) % count == number - 1
  }
}
