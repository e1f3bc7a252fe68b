import Foundation
import ImagePlanes
import ModelStore
import TestSupport
import Testing

@testable import PRNZip

/// Work that is asked to end.
@Suite struct CancellationTests {
  /// What some work of seconds throws when it is cancelled after 30 ms: nothing, if it goes on to
  /// its end.
  private static func cancelled<Result>(
    _ cancellation: Cancellation, _ work: () throws(PRNZipError) -> Result
  ) -> PRNZipError? {
    // Of the system: those of Dispatch may all be at work.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.03)
      cancellation.cancel()
    }
    return prnzipError(work)
  }

  private static func pixels(
    _ kind: PixelBuffer.Kind, depth: Int = 8, _ samples: SampleKind, side: Int
  ) throws -> PixelBuffer {
    try PixelBufferTests.pixels(kind, depth: depth, samples, width: side, height: side)
  }

  /// Images that take their codec a second or more.
  static let works: [(PixelBuffer.Kind, depth: Int, SampleKind, Effort, side: Int)] = [
    (.rgb, 8, .random, .best, 700), (.rgb, 8, .random, .instant, 1600),
    (.gray, 16, .random, .fast, 1200), (.rgba, 8, .random, .fast, 900),
  ]

  @Test(arguments: works.indices, [1, 2]) func compressorsEnd(index: Int, threads: Int) throws {
    let work = Self.works[index]
    let pixels = try Self.pixels(work.0, depth: work.depth, work.2, side: work.side)
    var options = Compressor.Options()
    (options.effort, options.threads) = (work.3, threads)
    let cancellation = Cancellation()
    options.cancellation = cancellation
    let compressor = Compressor(options)
    let error = Self.cancelled(cancellation) { () throws(PRNZipError) in
      try compressor.compress(pixels)
    }
    #expect(error == .cancelled, "\(work)")
    // And for ever.
    #expect(prnzipError { () throws(PRNZipError) in try compressor.compress(pixels) } == .cancelled)
  }

  @Test(arguments: [Effort.instant, .fast]) func decompressorsEnd(effort: Effort) throws {
    let side = effort == .instant ? 1600 : 640
    let pixels = try Self.pixels(.rgb, .random, side: side)
    var options = Compressor.Options()
    (options.effort, options.threads) = (effort, 2)
    // Modelled, not stored.
    if effort == .fast { options.model = "photo-fast" }
    let information = try Compressor(options).modelledForTests(pixels)
    var decoding = Decompressor.Options()
    for threads in [1, 3] {
      let cancellation = Cancellation()
      (decoding.threads, decoding.cancellation) = (threads, cancellation)
      let decompressor = Decompressor(decoding)
      let error = Self.cancelled(cancellation) { () throws(PRNZipError) in
        try decompressor.pixels(of: information)
      }
      #expect(error == .cancelled, "\(effort)")
    }
  }

  /// Whoever is cancelled before it begins, does nothing; of the file and its pixels, too.
  @Test func nothingBegins() throws {
    var options = try makeCompressor(isPure: false).options
    let pixels = try Self.pixels(.rgb, .graphics, side: 40)
    let png = try testImage("city")
    let prn = try Compressor(options).compress(pixels)
    options.cancellation = Cancellation()
    options.cancellation?.cancel()
    let compressor = Compressor(options)
    for inStrips in [false, true] {
      if inStrips { (options.wholePixels, options.stripPixels) = (0, 1 << 16) }
      let compressor = Compressor(options)
      #expect(
        prnzipError { () throws(PRNZipError) in
          try compressor.compress(png)
        } == .cancelled)
    }
    #expect(prnzipError { () throws(PRNZipError) in try compressor.compress(pixels) } == .cancelled)
    var decoding = try decompressor().options
    decoding.cancellation = options.cancellation
    let decompressor = Decompressor(decoding)
    for file in [prn, try storedFile(png)] {
      #expect(
        prnzipError { () throws(PRNZipError) in try decompressor.pixels(of: file) } == .cancelled)
    }
    #expect(
      prnzipError { () throws(PRNZipError) in try decompressor.decompress(prn) } == .cancelled)
    #expect(
      prnzipError { () throws(PRNZipError) in
        try decompressor.pixels(of: prn, region: PixelRegion(x: 1, y: 1, width: 3, height: 3))
      } == .cancelled)
  }

  /// Verification that is cancelled has not failed.
  @Test func verificationIsNotToBlame() throws {
    var options = try makeCompressor(isPure: false, verify: true).options
    let cancellation = Cancellation()
    options.cancellation = cancellation
    let compressor = Compressor(options)
    let pixels = try Self.pixels(.rgb, .graphics, side: 40)
    // All is done but verification when the share done is 1.
    let error = prnzipError { () throws(PRNZipError) in
      try compressor.compress(pixels) { if $0 == 1 { cancellation.cancel() } }
    }
    #expect(error == .cancelled)
  }

  // MARK: Tasks

  @Test func tasksGiveTheSame() async throws {
    let compressor = try makeCompressor(effort: .fast, isPure: false)
    let pixels = try Self.pixels(.rgb, .graphics, side: 60)
    let prn = try await compressor.compressed(pixels)
    #expect(try prn == compressor.compress(pixels))
    let decompressor = try decompressor()
    let png = try await decompressor.decompressed(prn)
    #expect(try png == decompressor.decompress(prn))
    #expect(try await compressor.compressed(png) == prn)
    let region = PixelRegion(x: 1, y: 2, width: 3, height: 4)
    let part = try await decompressor.decodedPixels(of: prn, region: region)
    #expect(try part == decompressor.pixels(of: prn, region: region))
    await #expect(throws: PRNZipError.container(.notAPRNFile)) {
      _ = try await decompressor.decompressed([1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  }

  @Test(arguments: [false, true]) func tasksEnd(byTheOptions: Bool) async throws {
    let pixels = try Self.pixels(.rgb, .random, side: 1600)
    var options = Compressor.Options()
    options.effort = .best
    let cancellation = Cancellation()
    options.cancellation = cancellation
    let compressor = Compressor(options)
    let task = Task { () -> PRNZipError? in
      do throws(PRNZipError) {
        _ = try await compressor.compressed(pixels)
        return nil
      } catch {
        return error
      }
    }
    // By a thread of the system: those of tasks may all be at work.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.03)
      if byTheOptions { cancellation.cancel() } else { task.cancel() }
    }
    #expect(await task.value == .cancelled)
    // A task does not cancel what others may use.
    #expect(cancellation.isCancelled == byTheOptions)
  }
}

extension Compressor {
  /// A modelled file of pixels, however large.
  fileprivate func modelledForTests(_ pixels: PixelBuffer) throws -> [UInt8] {
    let image = try pixels.image(rows: 0..<pixels.height)
    let coded = try #require(
      try Layouts(image, .init(), options, heldBytes: 0).smallest(nil))
    return try modelledFile(image, .init(), coded.groups, lattice: coded.lattice)
  }
}
