import Bytes
import Container
import ImagePlanes
import ModelStore
import PNGFile
import PRNZip

/// What takes bytes of any kind, and must neither trap nor lose anything.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// PNG and PNM files, compressed and decompressed.
  case input
  /// prn files, decoded, salvaged, previewed and described.
  case prn
  /// Weight files, put into a store.
  case weights
  /// Pixels of any format, there and back; `FuzzPixels` says how bytes are pixels.
  case pixels

  /// Does with the bytes what the library does.
  ///
  /// - Parameters:
  ///   - bytes: any.
  ///   - pixels: what larger images are refused for; so cases are short.
  /// - Throws: `FuzzFinding` if that is not as it must be; errors of the bytes are as they must be.
  package func take(_ bytes: [UInt8], pixels: Int = 1 << 14) throws {
    let limits = Limits(maximumPixels: pixels, maximumBytes: 1 << 28)
    switch self {
    case .input: try Self.thereAndBack(bytes, limits, effort: .instant)
    case .prn: try Self.decode(bytes, limits)
    case .weights:
      var store = ModelStore()
      guard (try? store.add(bytes)) != nil else { return }
      for description in store.descriptions { _ = try? store.model(named: description.name) }
    case .pixels:
      guard let image = try FuzzPixels(bytes) else { return }
      try Self.thereAndBack(image.png, limits, effort: image.effort, tileLimit: image.tileLimit)
    }
  }

  /// The bytes with the checksums that would make them a whole file; the bytes themselves where
  /// there are none.
  package func sealed(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .input: Checksums.seal(png: bytes)
    case .prn: Checksums.seal(prn: bytes)
    case .weights: Checksums.seal(weights: bytes)
    case .pixels: bytes
    }
  }

  private static func decompressor(_ store: ModelStore, _ limits: Limits) -> Decompressor {
    var options = Decompressor.Options()
    options.store = store
    options.limits = limits
    options.threads = 1
    options.level = 1
    return Decompressor(options)
  }

  /// What is compressed comes back; what is not has an error, but none of the program's own.
  private static func thereAndBack(
    _ bytes: [UInt8], _ limits: Limits, effort: Effort, tileLimit: Int? = nil
  ) throws {
    var options = Compressor.Options()
    options.effort = effort
    options.limits = limits
    options.threads = 1
    options.verify = false
    if let tileLimit { options.tileLimit = tileLimit }
    let file: [UInt8]
    do throws(PRNZipError) {
      file = try Compressor(options).compress(bytes)
    } catch {
      if case .verificationFailed = error { throw FuzzFinding("\(error)") }
      try oneLine(error)
      return
    }
    let back: [UInt8]
    do throws(PRNZipError) {
      back = try decompressor(.embedded, limits).decompress(file)
    } catch {
      throw FuzzFinding("what was compressed is refused: \(error)")
    }
    guard FileFormat(start: bytes) == .png else {
      if back != bytes { throw FuzzFinding("another file comes back") }
      return
    }
    let comparison = try FileComparison(
      ArraySource(bytes), ArraySource(back), decompressor(.embedded, limits))
    guard comparison.isLossless else { throw FuzzFinding("another image comes back") }
  }

  /// A file is whole where it can be decoded, and only there.
  private static func decode(_ bytes: [UInt8], _ limits: Limits) throws {
    let decompressor = decompressor(try FuzzModels.store.get(), limits)
    let decoded = Result { () throws(PRNZipError) in try decompressor.decompress(bytes) }
    if case .failure(let error) = decoded { try oneLine(error) }
    let salvage = Result { () throws(PRNZipError) in try decompressor.salvage(bytes) }
    if case .success(let salvage) = salvage, salvage.isWhole != decoded.isSuccess {
      throw FuzzFinding("salvaged as whole: \(salvage.isWhole), but: \(decoded)")
    }
    _ = try? decompressor.preview(bytes)
    _ = try? decompressor.pixels(of: bytes, region: PixelRegion(x: 1, y: 2, width: 3, height: 4))
    _ = try? FileInformation(bytes)
  }

  private static func oneLine(_ error: PRNZipError) throws {
    if error.description.contains("\n") { throw FuzzFinding("two lines: \(error)") }
  }
}

/// What is not as it must be.
package struct FuzzFinding: Error, CustomStringConvertible {
  /// One line.
  package let description: String

  init(_ description: String) { self.description = description }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
