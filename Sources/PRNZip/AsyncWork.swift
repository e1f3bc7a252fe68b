import Dispatch

// The same work for tasks: it runs on threads of its own, and ends when its task is cancelled.

extension Compressor {
  /// Compresses a PNG file, as `compress` does, unless the task is cancelled.
  ///
  /// - Parameters:
  ///   - png: the file.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the prn file.
  /// - Throws: `PRNZipError`; `cancelled` where the task is.
  public func compressed(
    _ png: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) async throws(PRNZipError) -> [UInt8] {
    try await run { compressor throws(PRNZipError) in
      try compressor.compress(png, progress: progress)
    }
  }

  /// Compresses pixels, as `compress` does, unless the task is cancelled.
  ///
  /// - Parameters:
  ///   - pixels: of any kind.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the prn file.
  /// - Throws: `PRNZipError`; `cancelled` where the task is.
  public func compressed(
    _ pixels: PixelBuffer, progress: (@Sendable (Double) -> Void)? = nil
  ) async throws(PRNZipError) -> [UInt8] {
    try await run { compressor throws(PRNZipError) in
      try compressor.compress(pixels, progress: progress)
    }
  }

  private func run<Value: Sendable>(
    _ work: @escaping @Sendable (Compressor) throws(PRNZipError) -> Value
  ) async throws(PRNZipError) -> Value {
    let cancellation = Cancellation()
    var own = options
    own.cancellation = cancellation
    let compressor = Compressor(own)
    return try await cancellation.run(after: options.cancellation) { () throws(PRNZipError) in
      try work(compressor)
    }
  }
}

extension Decompressor {
  /// Decompresses a prn file, as `decompress` does, unless the task is cancelled.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the PNG file.
  /// - Throws: `PRNZipError`; `cancelled` where the task is.
  public func decompressed(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) async throws(PRNZipError) -> [UInt8] {
    try await run { decompressor throws(PRNZipError) in
      try decompressor.decompress(prn, progress: progress)
    }
  }

  /// The pixels of a prn file, as `pixels` gives them, unless the task is cancelled.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - region: which of the pixels; nil for all.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the pixels.
  /// - Throws: `PRNZipError`; `cancelled` where the task is.
  public func decodedPixels(
    of prn: [UInt8], region: PixelRegion? = nil, progress: (@Sendable (Double) -> Void)? = nil
  ) async throws(PRNZipError) -> PixelBuffer {
    try await run { decompressor throws(PRNZipError) in
      try decompressor.pixels(of: prn, region: region, progress: progress)
    }
  }

  private func run<Value: Sendable>(
    _ work: @escaping @Sendable (Decompressor) throws(PRNZipError) -> Value
  ) async throws(PRNZipError) -> Value {
    let cancellation = Cancellation()
    var own = options
    own.cancellation = cancellation
    let decompressor = Decompressor(own)
    return try await cancellation.run(after: options.cancellation) { () throws(PRNZipError) in
      try work(decompressor)
    }
  }
}

extension Cancellation {
  /// Runs work on a thread of its own, so that no thread of the task's executor waits for it; the
  /// work looks at this cancellation, which the task and the other one cancel.
  fileprivate func run<Value: Sendable>(
    after other: Cancellation?, _ work: @escaping @Sendable () throws(PRNZipError) -> Value
  ) async throws(PRNZipError) -> Value {
    let outcome = await (other ?? Cancellation()).with(self) {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          DispatchQueue.global().async {
            let outcome: Result<Value, PRNZipError>
            do throws(PRNZipError) {
              try self.check()
              outcome = .success(try work())
            } catch {
              outcome = .failure(error)
            }
            continuation.resume(returning: outcome)
          }
        }
      } onCancel: {
        cancel()
      }
    }
    return try outcome.get()
  }
}
