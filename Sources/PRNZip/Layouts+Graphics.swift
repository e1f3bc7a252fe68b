import Container
import ImagePlanes

// Pictures that are no photographs, or have photographs in them.

extension Layouts {
  /// Most photographs have less: graphics, which is slow for them, is not tried.
  var leastFlatness: Double { options.effort == .best ? 0.12 : 0.35 }

  /// Graphics is tried where so much of a photograph was there before.
  static let leastRepeats = 0.2

  /// Of a picture, from where on photographs are not a small part.
  static let largeShare = 0.35

  /// Whether graphics may need fewer bytes than a network for all of a picture.
  ///
  /// - Parameters:
  ///   - varying: channels for which there is a network.
  ///   - hasGaps: whether a network is better off with the ranks of its values.
  /// - Returns: true where it is not known.
  /// - Throws: `PRNZipError.outOfMemory`.
  func mayBeGraphics(
    _ varying: VaryingChannels, hasGaps: Bool
  ) throws(PRNZipError) -> Bool {
    if image.width * image.height <= 1 << 14 { return true }
    if varying.flatness.flat >= leastFlatness {
      if hasGaps { return true }
      if try !isPhotograph(varying) { return true }
    }
    return Repeats(varying.planes).share >= Self.leastRepeats
  }

  /// Whether so much is surely a photograph, and so little like text, that graphics is not smaller,
  /// with patches or without. Of a large picture, a part may be quite unlike the rest.
  private func isPhotograph(_ varying: VaryingChannels) throws(PRNZipError) -> Bool {
    guard !varying.hasAlpha else { return false }
    let blocks = PhotographicBlocks(varying.planes)
    guard blocks.share >= (isLarge ? Self.nearlyAll : Self.most),
      blocks.shareOfText < Self.mostText
    else { return false }
    guard let numbered = try numbered(varying) else { return true }
    return areGrays(varying, numbered)
  }

  /// The least share of blocks that are surely photographs: of a large picture, and of others.
  private static let nearlyAll = 0.9, most = 0.5
  /// What of all blocks may be like text; most photographs have none.
  private static let mostText = 0.02

  /// Whether a picture's many grays may be those of a photograph.
  private func areGrays(_ varying: VaryingChannels, _ numbered: NumberedColours?) -> Bool {
    varying.planes.planes.count == 1 && numbered?.count ?? .max > Self.mostNumbers
  }

  /// Refuses graphics that take too much memory with what all ways take, so that a caller who
  /// allows that is not refused again.
  func checkMemory(
    _ varying: VaryingChannels, _ networks: [NetworkPlan]
  ) throws(PRNZipError) {
    var most: PRNZipError?
    var bytes = 0
    let plans =
      [varying.graphics(varying.graphicsCodec(options))]
      + networks.map { varying.network($0, hidden: nil) }
    for plan in plans {
      do throws(PRNZipError) {
        try encoder.check(plan)
      } catch .limitExceeded(let what, let value, let limit) {
        if value > bytes {
          bytes = value
          most = .limitExceeded(what: what, value: value, limit: limit)
        }
      }
      // Networks may not be tried at all.
      if most == nil { return }
    }
    if let most { throw most }
  }

  /// What is known of a picture that was tried as graphics.
  struct TriedGraphics {
    /// The share of the picture that is like a photograph, 0 to 1; 1 where nobody knows.
    var share = 1.0
    /// Whether there are patches.
    var hasPatches = false
    /// Whether a photograph stands twice: graphics finds nothing of one that is a patch.
    var hasRepeats = false
  }

  /// Tries the ways of graphics, alone and with patches of networks.
  ///
  /// - Returns: what is known of the picture then.
  func offerGraphics(
    _ varying: VaryingChannels, _ numbered: NumberedColours?, _ networks: [NetworkPlan],
    to smallest: inout Smallest
  ) throws(PRNZipError) -> TriedGraphics {
    let depth = varying.depth(of: image.format)
    if depth < 8 {
      try offerAll(varying.lowDepth(depth, options), to: &smallest)
      return TriedGraphics()
    }
    // So few colours are numbers; so many grays may be a photograph.
    let areNumbers = numbered?.areNumbers ?? false
    let areGrays = areGrays(varying, numbered)
    let codec = varying.graphicsCodec(options)
    let plan = varying.graphics(codec)
    let patched = areNumbers && !areGrays ? nil : try patched(varying, plan, networks)
    let isEnough = patched != nil && options.effort != .best
    if let patched { smallest.offer([patched.group]) }
    let plans = isEnough && areGrays ? [] : numbered?.plans(options) ?? []
    if let patched, isEnough {
      try offerAll(plans, to: &smallest)
      return TriedGraphics(share: 0, hasPatches: true, hasRepeats: patched.hasRepeats)
    }
    if areNumbers, !isSmall, options.effort != .best {
      try offerAll(plans, to: &smallest)
      return TriedGraphics(share: 0)
    }
    let mayHavePatches = !varying.hasAlpha && !networks.isEmpty
    let (coded, groups) = try beside(plans, of: plan) {
      encoder throws(PRNZipError) -> (group: CodedGroup, costs: [UInt64]?) in
      if mayHavePatches, let coded = try encoder.costs(plan, codec) {
        return (coded.group, coded.costs)
      }
      return (try encoder.encode(plan), nil)
    }
    try offer(groups, of: plans, to: &smallest)
    smallest.offer([coded.group])
    guard let costs = coded.costs else { return TriedGraphics() }
    let share = PatchFinder(costs, of: plan.planes).share
    // A network for all of a picture that is not large has always been as good then.
    if share >= Self.largeShare, !isLarge, options.effort != .best,
      isWorthNetworks(varying, smallest.size)
    {
      return TriedGraphics(share: share)
    }
    var tried = TriedGraphics(share: share)
    for network in networks {
      if let patched = try encoder.encode(plan, costs, patchesWith: network) {
        smallest.offer([patched])
        tried.hasPatches = true
      }
    }
    return tried
  }

  /// A picture with photographs that need not be coded as graphics to be known, as graphics with
  /// patches; nil for all else.
  private func patched(
    _ varying: VaryingChannels, _ plan: GroupPlan, _ networks: [NetworkPlan]
  ) throws(PRNZipError) -> (group: CodedGroup, hasRepeats: Bool)? {
    guard !isSmall, !varying.hasAlpha, encoder.patchSide >= Self.leastSide,
      max(image.width, image.height) <= GroupPlan.adaptiveTileLimit,
      let network = networks.first, network.model.scale == 1
    else { return nil }
    let blocks = PhotographicBlocks(plan.planes).areSure
    var patches = PatchFinder(blocks, of: plan.planes, fewest: Self.fewestTogether)
      .patches(side: encoder.patchSide)
    if patches.isEmpty { return nil }
    // What stands twice, graphics codes once.
    let repeats = Repeats(plan.planes)
    let all = patches.count
    patches.removeAll { repeats.share(of: $0) >= Self.leastRepeats }
    let blocksOfPatches = patches.reduce(0) { $0 + $1.height * $1.width }
    // A lattice, which is of most of a picture, takes fewer bytes than patches.
    let isMost = 2 * blocksOfPatches >= blocks.count
    guard !patches.isEmpty, !isMost || lattice(of: varying) == nil else { return nil }
    return try encoder.encode(plan, photographs: patches, with: network).map {
      (group: $0, hasRepeats: patches.count < all)
    }
  }

  /// Grays of a picture that is surely none of numbers are more.
  private static let mostNumbers = 64

  /// Blocks of a photograph, so that it is surely worth a patch; and of the largest patch's side.
  private static let fewestTogether = 16, leastSide = 4
}
