import CNetwork

/// One version of the integer kernels; all give the same bits.
public struct IntegerKernels: @unchecked Sendable {
  // Points at a constant of the C module.
  let table: UnsafePointer<prn_kernels>

  /// The fastest version for this processor, or the one that the environment variable
  /// `PRNZIP_KERNEL` names.
  public static var automatic: IntegerKernels { IntegerKernels(table: prn_kernels_default()) }

  private init(table: UnsafePointer<prn_kernels>) { self.table = table }

  /// The version of this name: "portable", "avx2" or "avx512vnni"; nil if it cannot run here.
  public init?(named name: String) {
    guard let table = prn_kernels_named(name) else { return nil }
    self.table = table
  }

  /// "portable", "avx2" or "avx512vnni".
  public var name: String { String(cString: table.pointee.name) }
}
