import COpenBLAS
import CTrainingKernels
import Foundation

/// OpenBLAS's choice of kernels for the processor.
///
/// A release of it knows the processors of its time. On a later AMD one with AVX-512 it takes the AVX2 kernels, and sgemm
/// runs at half of what the Skylake-X ones reach there.
public enum WidestKernels {
  static let variable = "OPENBLAS_CORETYPE"

  /// Runs the program again, from its start, with the kernels for AVX-512, where OpenBLAS has missed them. The choice is made
  /// while the library is loaded, so a running program has no other way. Without effect if the variable
  /// `OPENBLAS_CORETYPE` is set, and on other systems than Linux.
  public static func restartIfMissed() {
    #if os(Linux)
      guard let name = openblas_get_corename(),
        needsRestart(
          core: String(cString: name), hasAVX512: prn_has_avx512() != 0,
          isChosen: getenv(variable) != nil)
      else { return }
      setenv(variable, "SKYLAKEX", 1)
      // It returns only if it fails; then the program goes on, slower.
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }

  static func needsRestart(core: String, hasAVX512: Bool, isChosen: Bool) -> Bool {
    hasAVX512 && !isChosen && ["zen", "haswell"].contains(core.lowercased())
  }
}
