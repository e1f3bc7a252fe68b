import CPRNZip
import DigitModels
import ModelStore
import PRNZip

/// The options of a call, checked.
struct Settings {
  /// Bytes of options that no version will have.
  private static let mostBytes = 4096
  /// The most threads, as of the command line.
  private static let mostThreads: UInt32 = 1024

  private let effort: Effort
  private let threads: Int
  private let options: prnzip_options
  /// The limits of the work.
  let limits: Limits
  /// The most bytes of a result.
  let mostResultBytes: Int
  /// Whom to tell how far the call has come; nil for nobody.
  let report: ProgressReport?

  /// - Parameter pointer: to options of this version, of an earlier or of a later one; nil for the
  ///   defaults.
  /// - Throws: `PRNZIP_INVALID_ARGUMENT`.
  init(_ pointer: UnsafePointer<prnzip_options>?) throws(Failure) {
    options = try Self.read(pointer)
    switch Int(options.effort) {
    case PRNZIP_EFFORT_DEFAULT: effort = .default
    case PRNZIP_EFFORT_INSTANT: effort = .instant
    case PRNZIP_EFFORT_FAST: effort = .fast
    case PRNZIP_EFFORT_BEST: effort = .best
    default: throw .argument("options->effort is \(options.effort)")
    }
    guard options.threads <= Self.mostThreads else {
      throw .argument("options->threads is \(options.threads), over \(Self.mostThreads)")
    }
    guard options.reserved == 0 else {
      throw .argument("options->reserved is \(options.reserved), not 0")
    }
    threads = options.threads == 0 ? Self.processors : Int(options.threads)
    var limits = Limits()
    if options.max_pixels != 0 { limits.maximumPixels = Int(clamping: options.max_pixels) }
    if options.max_memory != 0 { limits.maximumBytes = Int(clamping: options.max_memory) }
    self.limits = limits
    mostResultBytes = options.max_result == 0 ? .max : Int(clamping: options.max_result)
    let user = options.user
    report = options.progress.map { ProgressReport($0, user) }
  }

  /// Copies as much as the caller has; what it lacks is 0, and what is unknown here must be.
  private static func read(
    _ pointer: UnsafePointer<prnzip_options>?
  ) throws(Failure) -> prnzip_options {
    var options = prnzip_options()
    guard let pointer else { return options }
    let bytes = UnsafeRawPointer(pointer)
    let size = bytes.loadUnaligned(as: Int.self)
    guard (MemoryLayout<Int>.size...mostBytes).contains(size) else {
      throw .argument("options->size is \(UInt(bitPattern: size))")
    }
    let known = min(size, MemoryLayout<prnzip_options>.size)
    withUnsafeMutableBytes(of: &options) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: known))
    }
    guard (known..<size).allSatisfy({ bytes.load(fromByteOffset: $0, as: UInt8.self) == 0 }) else {
      throw .argument("options of a later version, \(size) bytes of them")
    }
    return options
  }

  /// Processors that this process may use, 1 to `mostThreads`.
  private static var processors: Int {
    min(Int(prn_processors()), Int(mostThreads))
  }

  /// A compressor with the options.
  var compressor: Compressor {
    var options = Compressor.Options()
    options.store = .withDigits
    options.effort = effort
    options.threads = threads
    options.isExact = self.options.exact != 0
    options.verify = self.options.verify != 0
    options.limits = limits
    options.cancellation = report?.cancellation
    return Compressor(options)
  }

  /// A decompressor with the options.
  var decompressor: Decompressor {
    var options = Decompressor.Options()
    options.store = .withDigits
    options.threads = threads
    options.pixelsOnly = self.options.pixels_only != 0
    options.limits = limits
    options.cancellation = report?.cancellation
    return Decompressor(options)
  }

  /// What the work tells how far it has come.
  var progress: (@Sendable (Double) -> Void)? {
    guard let report else { return nil }
    return { report.update($0) }
  }

  /// Ends a call that has been cancelled, be it in the last moment.
  ///
  /// - Throws: `PRNZIP_CANCELLED`.
  func checkCancelled() throws(Failure) {
    if report?.cancellation.isCancelled == true { throw .cancelled }
  }
}
