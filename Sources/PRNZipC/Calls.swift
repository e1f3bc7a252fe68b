import Bytes
import CPRNZip
import Glibc
import PRNZip

// The functions of `prnzip.h`, which says what they do. A size_t is an `Int` in Swift: one that is
// larger than any `Int` is negative, and refused.

/// `prnzip_compress`.
@_cdecl("prnzip_compress")
public func compress(
  _ png: UnsafeRawPointer?, _ pngSize: Int, _ options: UnsafePointer<prnzip_options>?,
  _ prn: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ prnSize: UnsafeMutablePointer<Int>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> prnzip_status {
  convert(png, pngSize, "png", options, prn, prnSize, "prn", message, messageSize) {
    settings, png, prn throws(PRNZipError) in
    try settings.compressor.compress(png, to: prn, progress: settings.progress)
  }
}

/// `prnzip_decompress`.
@_cdecl("prnzip_decompress")
public func decompress(
  _ prn: UnsafeRawPointer?, _ prnSize: Int, _ options: UnsafePointer<prnzip_options>?,
  _ png: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ pngSize: UnsafeMutablePointer<Int>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> prnzip_status {
  convert(prn, prnSize, "prn", options, png, pngSize, "png", message, messageSize) {
    settings, prn, png throws(PRNZipError) in
    try settings.decompressor.decompress(prn, to: png, progress: settings.progress)
  }
}

/// Makes one file of another, both in memory; the names are those of the parameters in `prnzip.h`.
private func convert(
  _ source: UnsafeRawPointer?, _ sourceSize: Int, _ sourceName: String,
  _ options: UnsafePointer<prnzip_options>?,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ resultSize: UnsafeMutablePointer<Int>?, _ resultName: String,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int,
  _ work: (Settings, ArraySource, ResultMemory) throws(PRNZipError) -> Void
) -> prnzip_status {
  status(message, messageSize) { () throws(Failure) in
    try give(result, resultSize, options, resultName) { settings, result throws(Failure) in
      let file = try bytes(
        source, sourceSize, sourceName, limit: settings.limits.maximumBytes)
      try Failure.of { () throws(PRNZipError) in try work(settings, ArraySource(file), result) }
    }
  }
}

/// `prnzip_encode`.
@_cdecl("prnzip_encode")
public func encode(
  _ pixels: UnsafePointer<prnzip_pixels>?, _ options: UnsafePointer<prnzip_options>?,
  _ prn: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ prnSize: UnsafeMutablePointer<Int>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> prnzip_status {
  status(message, messageSize) { () throws(Failure) in
    try give(prn, prnSize, options, "prn") { settings, result throws(Failure) in
      let pixels = try PRNZipC.pixels(pixels, limit: settings.limits.maximumBytes)
      try Failure.of { () throws(PRNZipError) in
        let prn = try settings.compressor.compress(pixels, progress: settings.progress)
        try PRNZipError.writing { () throws(TransferError) in try result.write(prn) }
      }
    }
  }
}

/// `prnzip_decode`.
@_cdecl("prnzip_decode")
public func decode(
  _ prn: UnsafeRawPointer?, _ prnSize: Int, _ region: UnsafePointer<prnzip_region>?,
  _ options: UnsafePointer<prnzip_options>?, _ pixels: UnsafeMutablePointer<prnzip_pixels>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> prnzip_status {
  status(message, messageSize) { () throws(Failure) in
    guard let pixels else { throw .argument("pixels is NULL") }
    pixels.pointee = prnzip_pixels()
    let settings = try Settings(options)
    let prn = try bytes(prn, prnSize, "prn", limit: settings.limits.maximumBytes)
    let decoded = try Failure.of { () throws(PRNZipError) in
      try settings.decompressor.pixels(
        of: prn, region: PRNZipC.region(region), progress: settings.progress)
    }
    let result = ResultMemory(limit: settings.mostResultBytes)
    try Failure.of { () throws(PRNZipError) in
      try PRNZipError.writing { () throws(TransferError) in try result.write(decoded.bytes) }
    }
    try settings.checkCancelled()
    let (memory, count) = result.take()
    pixels.pointee = prnzip_pixels(
      data: memory, size: count, stride: decoded.bytesPerRow,
      width: UInt32(clamping: decoded.width), height: UInt32(clamping: decoded.height),
      channels: UInt32(clamping: decoded.kind.channelCount), depth: UInt32(clamping: decoded.depth))
  }
}

/// `prnzip_free`.
@_cdecl("prnzip_free")
public func release(_ memory: UnsafeMutableRawPointer?) { free(memory) }

/// `prnzip_format_version`.
@_cdecl("prnzip_format_version")
public func formatVersion() -> Int32 { Int32(clamping: Compressor.formatVersion) }

/// Gives a caller the bytes that `body` writes.
///
/// - Parameters:
///   - target: where the caller wants to find them; nil until all is well.
///   - targetSize: where it wants to find their number.
///   - options: of the call.
///   - name: of the result.
///   - body: writes them.
/// - Throws: `PRNZIP_INVALID_ARGUMENT`, `PRNZIP_CANCELLED`, and what `body` throws.
private func give(
  _ target: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ targetSize: UnsafeMutablePointer<Int>?, _ options: UnsafePointer<prnzip_options>?,
  _ name: String, _ body: (Settings, ResultMemory) throws(Failure) -> Void
) throws(Failure) {
  target?.pointee = nil
  targetSize?.pointee = 0
  guard let target, let targetSize else {
    throw .argument("\(name) or \(name)_size is NULL, where a result belongs")
  }
  let settings = try Settings(options)
  let result = ResultMemory(limit: settings.mostResultBytes)
  try body(settings, result)
  try settings.checkCancelled()
  (target.pointee, targetSize.pointee) = result.take()
}
