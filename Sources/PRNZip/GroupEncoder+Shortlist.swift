import ImagePlanes
import Mixing
import TileCoding

// A higher effort tries what the lower ones do, so that it gives no larger file. But of a
// photograph, their networks and mixings hardly ever win, and take a quarter of the time. So they
// are first tried on two squares of the picture.

extension GroupEncoder {
  /// Rows and columns of a square: a small part of a large picture, and of a small one.
  private static func side(of planes: Image) -> Int {
    planes.width * planes.height < 1 << 18 ? 64 : 128
  }
  /// Planes of fewer pixels are coded in all ways at once.
  private static let fewestPixels = 1 << 16
  /// What is larger in each square than what the effort itself has, and so much larger in both
  /// together, is left out.
  private static let margin = 1.002

  /// Which networks and mixings are worth to be tried on all of some planes.
  ///
  /// Complexity: O(1) in the pixels.
  ///
  /// - Parameters:
  ///   - networks: the effort's own comes first, and its first mixing is the effort's own.
  ///   - planes: what they would code.
  ///   - known: what they are given.
  /// - Returns: some of the networks with some of the mixings; at least the effort's own.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func shortlist(
    _ networks: [NetworkPlan], for planes: Image, known: [Plane] = []
  ) throws(PRNZipError) -> [NetworkPlan] {
    guard let own = networks.first, planes.width * planes.height >= Self.fewestPixels else {
      return networks
    }
    let ownCount = min(options.effort.mixings.count, own.mixings.count)
    guard networks.count > 1 || own.mixings.count > ownCount else { return networks }
    // Of each square: sizes of each network's mixings. Of the effort's own the first is enough.
    var tried = networks
    tried[0].mixings = [own.mixings[0]] + own.mixings[ownCount...]
    var sizes: [[[Int]]] = []
    for square in squares(of: planes) {
      var ofNetworks: [[Int]] = []
      for network in tried { ofNetworks.append(try self.sizes(network, planes, known, square)) }
      sizes.append(ofNetworks)
    }
    func isWorthIt(_ network: Int, _ mixing: Int) -> Bool {
      let (its, owns) = (sizes.map { $0[network][mixing] }, sizes.map { $0[0][0] })
      return zip(its, owns).contains { $0 <= $1 }
        || Double(its.reduce(0, +)) < Self.margin * Double(owns.reduce(0, +))
    }
    var list: [NetworkPlan] = []
    for (index, network) in tried.enumerated() {
      var kept = network
      kept.mixings = network.mixings.indices.filter { isWorthIt(index, $0) }.map {
        network.mixings[$0]
      }
      if index == 0 {
        kept.mixings = Array(own.mixings[..<ownCount] + kept.mixings.dropFirst())
      }
      if !kept.mixings.isEmpty { list.append(kept) }
    }
    return list
  }

  /// Two squares, a quarter of the way from opposite corners to the middle of the sides.
  private func squares(of planes: Image) -> [TileRectangle] {
    let side = Self.side(of: planes)
    return [1, 3].map { quarter in
      let height = min(side, planes.height), width = min(side, planes.width)
      return TileRectangle(
        row: (planes.height - height) * quarter / 4, column: (planes.width - width) * quarter / 4,
        height: height, width: width)
    }
  }

  /// Bytes of a part of some planes, with each of a network's mixings.
  private func sizes(
    _ network: NetworkPlan, _ planes: Image, _ known: [Plane], _ part: TileRectangle
  ) throws(PRNZipError) -> [Int] {
    let image: Image
    do {
      image = try planes.crop(part)
    } catch {
      throw .outOfMemory(error)
    }
    let codec = NetworkTileCodec(
      network.model.network, mixings: network.mixings, known: known.map { $0.crop(part) },
      instructions: options.instructions)
    let whole = TileSections(
      TileGrid(
        width: part.width, height: part.height, tileWidth: part.width, tileHeight: part.height),
      tilesPerSection: 1)
    let small = try SmallImage(
      of: network.model, whole, instructions: options.instructions
    )?.encode(
      image.small(scale: network.model.scale), threads: options.threads, limits: options.limits,
      cancellation: options.cancellation)
    let smallSize = (small ?? []).reduce(0) { $0 + $1.count }
    return try run(image, whole, codec, nil).map { streams in
      streams.reduce(smallSize) { $0 + $1.count }
    }
  }
}
