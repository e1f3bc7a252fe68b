import Container
import EntropyCoding
import ImagePlanes
import ModelStore
import PixelNetwork
import Platform
import TileCoding

/// The coding of an image's small image, which a multi-scale network is given (FORMAT.md, sections
/// 1.2 and 5.6). It is always coded with the softmax alone.
package struct SmallImage: Sendable {
  /// Its tiles, as wide and high as the image's.
  package let sections: TileSections
  /// Of its tiles.
  package let codec: NetworkTileCodec
  private let format: PixelFormat

  /// nil where a model's `scale` is 1.
  ///
  /// - Parameters:
  ///   - model: the image's.
  ///   - sections: the image's.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init?(
    of model: Model, _ sections: TileSections, instructions: InstructionSet? = nil
  ) {
    guard let network = model.network.small else { return nil }
    let architecture = model.network.architecture
    let grid = sections.grid
    format = model.format
    codec = NetworkTileCodec(network, instructions: instructions)
    self.sections = TileSections(
      TileGrid(
        width: architecture.smallExtent(grid.width), height: architecture.smallExtent(grid.height),
        tileWidth: grid.tileWidth, tileHeight: grid.tileHeight),
      tilesPerSection: sections.tilesPerSection)
  }

  /// - Parameters:
  ///   - image: the small image.
  ///   - threads: 1 or more.
  ///   - limits: of memory.
  ///   - cancellation: ends the work early.
  /// - Returns: the range coder's bytes of each section.
  /// - Throws: `PRNZipError.limitExceeded`, `.outOfMemory`, `.cancelled`.
  func encode(
    _ image: Image, threads: Int, limits: Limits, cancellation: Cancellation?
  ) throws(PRNZipError) -> [[UInt8]] {
    let memory = try limits.check(sections, with: codec, planes: format.planeCount, file: 0)
    do {
      return try SectionRunner(threads: threads, memory: memory, stop: cancellation?.flag)
        .encode(image, sections, with: codec)[0]
    } catch {
      throw PRNZipError(error, of: sections, with: codec, isSmall: true)
    }
  }

  /// - Parameters:
  ///   - prn: the file.
  ///   - payloads: where in it the range coder's bytes of each section are.
  ///   - threads: 1 or more.
  ///   - limits: of memory.
  ///   - cancellation: ends the work early.
  ///   - part: the pixels of the small image that are wanted; nil for all.
  ///   - costs: where to note what its values take; nil for nowhere.
  /// - Returns: the small image; outside of the part, other pixels may be black.
  /// - Throws: `PRNZipError.limitExceeded`, `.outOfMemory`, `.corruptSmallTile`, `.cancelled`;
  ///   `.container(.corrupt)` for another number of sections.
  func decode(
    _ prn: [UInt8], _ payloads: [Range<Int>], threads: Int, limits: Limits,
    cancellation: Cancellation? = nil, part: TileRectangle? = nil,
    costs: CostPlanes? = nil
  ) throws(PRNZipError) -> Image {
    guard payloads.count == sections.count else {
      throw .container(
        .corrupt(
          reason: "\(payloads.count) sections of a small image instead of \(sections.count)"))
    }
    let memory = try limits.check(sections, with: codec, planes: format.planeCount, file: prn.count)
    var image = try Image.black(
      format, width: sections.grid.width, height: sections.grid.height)
    var codec = codec
    codec.costs = costs
    do {
      try SectionRunner(threads: threads, memory: memory, stop: cancellation?.flag)
        .decode(prn, payloads, sections, with: codec, part: part, into: &image)
    } catch {
      throw PRNZipError(error, of: sections, with: codec, isSmall: true)
    }
    return image
  }
}

extension Image {
  /// An image of zeros.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  package static func black(
    _ format: PixelFormat, width: Int, height: Int
  ) throws(PRNZipError) -> Image {
    do {
      return try Image(format, width: width, height: height)
    } catch {
      throw .outOfMemory(error)
    }
  }

  /// Its small image.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  package func small(scale: Int) throws(PRNZipError) -> Image {
    do {
      return try subsampled(by: scale)
    } catch {
      throw .outOfMemory(error)
    }
  }
}
