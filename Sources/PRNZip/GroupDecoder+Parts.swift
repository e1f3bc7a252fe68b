import Container
import ImagePlanes
import TileCoding

// What a part of an image needs of the planes of its groups.

extension GroupDecoder {
  /// What a part of the image needs of a group's planes.
  ///
  /// With a lattice, colours need the cells of chroma around them; and a network for chroma needs
  /// the luma under all that it decodes.
  ///
  /// - Parameters:
  ///   - group: one of the header's.
  ///   - part: of the image, at least one pixel.
  /// - Returns: a rectangle of the group's planes.
  /// - Throws: `PRNZipError`, where a model is missing.
  func part(of group: Group, for part: TileRectangle) throws(PRNZipError) -> TileRectangle {
    guard let lattice = header.lattice else { return part }
    let (width, height) = (header.width, header.height)
    if group.channels & ~Header.Channels.chroma == 0 {
      return lattice.chroma(of: part, width: width, height: height)
    }
    guard group.channels & Header.Channels.luma != 0 else { return part }
    var needed = part
    for chroma in header.groups where chroma.channels == Header.Channels.chroma {
      guard case .network(let identity, _, _) = chroma.parameters else { continue }
      let extent = header.extent(of: chroma)
      guard let tiles = chroma.sections(width: extent.width, height: extent.height) else {
        continue
      }
      try options.limits.check(tilesOf: tiles)
      // Luma is the model's first plane.
      let model = try model(
        identity, planes: 1 + chroma.codedPlanes(alpha: header.alphaChannel), of: chroma)
      let cells = tiles.decoded(
        for: lattice.chroma(of: part, width: width, height: height),
        with: NetworkTileCodec(model.network))
      needed = needed.union(lattice.luma(of: cells, width: width, height: height))
    }
    return needed
  }
}
