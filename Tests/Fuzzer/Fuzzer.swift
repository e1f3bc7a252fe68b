import FuzzTargets
import Glibc

/// What libFuzzer calls, with the target that `PRNZIP_FUZZ_TARGET` names.
private let target: FuzzTarget = {
  let name = getenv("PRNZIP_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fatalError("PRNZIP_FUZZ_TARGET=\(name) is none of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target
}()

private let mostPixels = 1 << 12

/// Takes the bytes as they are, and with the checksums that would make them whole.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  do {
    try target.take(input, pixels: mostPixels)
    let sealed = target.sealed(input)
    if sealed != input { try target.take(sealed, pixels: mostPixels) }
  } catch {
    fatalError("\(error)")
  }
  return 0
}
