import EntropyCoding
import ImagePlanes
import PNGFile
import TileCoding

extension Compressor {
  /// What the network's frequencies say each tile takes without mixing: the sum of log2(total /
  /// frequency) of its symbols, of a multi-scale network without those of the small image. A range
  /// coder comes to hardly more.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameter png: the file.
  /// - Returns: bits of each tile, in raster order; none where no model fits.
  /// - Throws: as `compress`.
  public func codeLengths(_ png: [UInt8]) throws(PRNZipError) -> [Double] {
    let image = try Image.decoded(png, options.limits)
    guard let plan = try options.networkPlans(image.format).first else { return [] }
    let tiles = plan.sections(
      width: image.width, height: image.height, tileLimit: options.tileLimit,
      sectionPixels: options.sectionPixels)
    let sections = TileSections(tiles.grid, tilesPerSection: 1)
    let codec = NetworkTileCodec(plan.model.network, instructions: options.instructions)
    let memory = try options.limits.check(
      sections, with: codec, planes: image.planes.count, file: png.count)
    do {
      return try SectionRunner(
        threads: options.threads, memory: memory, stop: options.cancellation?.flag
      ).run(
        .init(codec, sections)
      ) { index, threads throws(EntropyCodingError) in
        let coder = CodeLength()
        try codec.run(coder, image, sections.tiles(of: index), threads: threads)
        return coder.bits
      }
    } catch {
      throw PRNZipError(error, of: sections, with: codec)
    }
  }
}
