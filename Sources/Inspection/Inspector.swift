import Bytes
import Glibc
import ImagePlanes
import PNGFile
import PRNZip

/// Makes pages of HTML that show where the bytes of prn files are.
///
///     let page = try Inspector().page(of: ArraySource(prn), name: "photo.prn")
///
/// A page stands on its own: it needs no network and no other file. It has the image, the bits of
/// each pixel as a map, those of planes, rows and tiles, and what was chosen for each tile.
public struct Inspector: Sendable {
  /// What decodes the files.
  public var decompressor = Decompressor()
  /// What would compress the image of a stored file, which tells why it is stored.
  public var compressor = Compressor()

  /// An inspector with the defaults.
  public init() {}

  /// The page of a file.
  ///
  /// Memory is that of `Decompressor.costs`. Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - name: of it, for people.
  ///   - pngBytes: the size of the PNG file that it was made of by `compressor`; nil if that is not
  ///     known.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the page, in UTF-8.
  /// - Throws: `PRNZipError`.
  public func page(
    of prn: any ByteSource, name: String, pngBytes: Int? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let information = try FileInformation(prn, store: decompressor.options.store)
    let limits = decompressor.options.limits
    try limits.check(width: information.width, height: information.height)
    var reduction = Reduction(width: information.width, height: information.height)
    var picture = Picture(reduction.scale)
    var found = pngBytes
    var reason: String?
    if information.isModelled {
      try decompressor.costs(of: prn, progress: progress) { costs throws(PRNZipError) in
        try Self.checkingMemory { () throws(OutOfMemory) in try reduction.add(costs) }
        picture.add(costs.image, from: costs.firstRow, chunks: costs.chunks)
        found = found ?? costs.pngBytes
      }
    } else {
      let file = try decompressor.decompress(limits.all(of: prn))
      found = file.count
      let (image, chunks) = try compressor.image(of: file)
      picture.add(image, from: 0, chunks: chunks)
      reason = try self.reason(file, isPNM: information.isPNM, progress)
    }
    let report = Report(
      name: name, information: information,
      origin: origin(information, given: pngBytes, found: found),
      picture: try PRNZipError.png { () throws(PNGError) in try picture.png() },
      reduction: reduction, maps: try Self.maps(reduction), storedReason: reason)
    return Array(Page(report: report).html().utf8)
  }

  private func origin(
    _ information: FileInformation, given: Int?, found: Int?
  ) -> Report.Origin {
    if let given { return .given(bytes: given, effort: compressor.options.effort.rawValue) }
    guard let found else { return .unknown }
    return information.isExact ? .kept(bytes: found) : .new(bytes: found)
  }

  /// The map of all planes, and that of each if there are several.
  private static func maps(_ reduction: Reduction) throws(PRNZipError) -> [HeatMap] {
    if reduction.planes.isEmpty { return [] }
    let planes = reduction.planes.count > 1 ? reduction.planes : []
    let colours = HeatColours()
    return try PRNZipError.png { () throws(PNGError) in
      var maps: [HeatMap] = []
      for plane in [reduction.total] + planes {
        maps.append(try HeatMap(plane, reduction.scale, colours))
      }
      return maps
    }
  }

  /// Why a file is stored.
  private func reason(
    _ file: [UInt8], isPNM: Bool, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> String {
    let effort = compressor.options.effort.rawValue
    guard let size = try compressor.modelledSize(file, progress: progress) else {
      return "the image is too large to be modelled in one piece, and its strips are not smaller."
    }
    let parts = isPNM ? "its pixels and its header" : "its pixels and chunks"
    guard size < file.count else {
      return "modelled at effort \(effort), \(parts) would take \(Number.bytes(size)), and the "
        + "\(isPNM ? "PNM" : "PNG") file itself has \(Number.bytes(file.count))."
    }
    return "modelled at effort \(effort), \(parts) would take \(Number.bytes(size)) of "
      + "\(Number.bytes(file.count)). It was made at another effort, or to give back the very PNG "
      + "file, which no known way of making one gives."
  }

  private static func checkingMemory(
    _ body: () throws(OutOfMemory) -> Void
  ) throws(PRNZipError) {
    do {
      try body()
    } catch {
      throw .outOfMemory(error)
    }
  }
}
