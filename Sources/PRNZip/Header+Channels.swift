import Bytes
import ColourLattices
import Container
import ImagePlanes

// The planes of an image while its groups are decoded: those of its channels, and with a lattice
// luma and chroma in the places of colours, and corrections behind them.
extension Header {
  /// Where the first plane of corrections stands.
  static let firstCorrection = 4

  /// Planes of zeros of all channels, each of its size.
  ///
  /// - Returns: `format.planeCount` planes; with a lattice 7, of which that of alpha may be empty.
  /// - Throws: `PRNZipError.outOfMemory`.
  func blackChannels(_ format: PixelFormat) throws(PRNZipError) -> [Plane] {
    let image = try Image.black(format, width: width, height: height)
    guard let lattice else { return image.planes }
    let (chromaWidth, chromaHeight) = lattice.chromaExtent(width: width, height: height)
    do throws(OutOfMemory) {
      try Memory.check(width * height, of: 3)
    } catch {
      throw .outOfMemory(error)
    }
    var planes = image.planes
    for chroma in 1...2 { planes[chroma] = Plane(width: chromaWidth, height: chromaHeight) }
    if planes.count < Self.firstCorrection { planes.append(Plane(width: 0, height: 0)) }
    return planes + (0..<3).map { _ in Plane(width: width, height: height) }
  }

  /// What a network is given beside a group of chroma: luma, in the size of chroma.
  func knownPlanes(of group: Group, _ channels: [Plane]) -> [Plane] {
    guard let lattice, group.codec == .network, group.channels == Channels.chroma else { return [] }
    return [lattice.lumaOfChroma(channels[0])]
  }

  /// The image of its channels, made on so many threads.
  func image(_ format: PixelFormat, _ channels: [Plane], threads: Int) -> Image {
    guard let lattice else { return Image(format, planes: channels) }
    let planes = LatticePlanes(
      lattice: lattice, luma: channels[0], chroma: Array(channels[1...2]),
      corrections: Array(channels[Self.firstCorrection...]))
    return Image(
      format, planes: planes.colours(threads: threads) + channels[3..<max(format.planeCount, 3)])
  }
}
