import Container
import ImagePlanes
import PNGFile

extension Decompressor {
  /// The small image of a prn file of a multi-scale model, as a PNG file without ancillary chunks.
  ///
  /// What comes behind the small image is not read, and need not be there; so the digest, which is
  /// that of the whole image, is not verified, but the sections' checksums are.
  ///
  /// Complexity: O(pixels of the small image * multiplications per pixel).
  ///
  /// - Parameter prn: the file, or its start; any bytes may be given.
  /// - Returns: the PNG file.
  /// - Throws: `PRNZipError`; `.noPreview` for files without a small image.
  public func preview(_ prn: [UInt8]) throws(PRNZipError) -> [UInt8] {
    let image = try smallImage(prn)
    do {
      return try PNGFile.encode(
        image, level: options.level, filters: .tried, threads: options.threads)
    } catch {
      throw PRNZipError(error)
    }
  }

  /// The same as an image.
  func smallImage(_ prn: [UInt8]) throws(PRNZipError) -> Image {
    let header: Header
    do {
      header = try Header.decode(prn).header
    } catch {
      throw PRNZipError(error)
    }
    // Colours stand before alpha.
    guard let group = header.groups.first(where: { $0.codec != .constant }),
      case .network(let identity, _, _) = group.parameters,
      let sections = group.sections(width: header.width, height: header.height)
    else { throw .noPreview }
    let decoder = GroupDecoder(options: options, header: header)
    let model = try decoder.model(
      identity, planes: group.codedPlanes(alpha: header.alphaChannel), of: group)
    try decoder.checkTiles(sections.grid, of: model)
    guard let small = SmallImage(of: model, sections, instructions: options.instructions)
    else { throw .noPreview }
    let file: PRNFile
    do {
      file = try PRNFile(startOf: prn, smallTileCount: small.sections.count)
    } catch {
      throw PRNZipError(error)
    }
    return try small.decode(
      prn, file.groups.flatMap(\.smallTiles).map(\.payload), threads: options.threads,
      limits: options.limits, cancellation: options.cancellation)
  }
}
