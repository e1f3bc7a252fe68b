import CPlatform
import Glibc

/// The instructions that arithmetic may use. All of them give the same bits; the later ones are
/// faster.
public enum InstructionSet: Int32, CaseIterable, Sendable, CustomStringConvertible {
  /// What every machine has.
  case portable = 0
  /// x86-64 with vectors of 256 bits.
  case avx2 = 1
  /// x86-64 with AVX-512: F, BW, DQ, VL and VNNI.
  case avx512 = 2

  /// Whether this machine has it.
  public var isSupported: Bool { prn_supports(rawValue) != 0 }

  /// All that this machine has, slowest first; `portable` is always there.
  public static var supported: [InstructionSet] { allCases.filter(\.isSupported) }

  /// The one that the environment variable `PRNZIP_INSTRUCTION_SET` names; nil if it names none or
  /// is not set.
  public static var requested: InstructionSet? {
    allCases.first { $0.description == requestedName }
  }

  /// What the environment variable says; nil if it is not set, or empty.
  public static var requestedName: String? {
    getenv("PRNZIP_INSTRUCTION_SET").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Its name: `portable`, `avx2` or `avx512`.
  public var description: String {
    switch self {
    case .portable: "portable"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }
}
