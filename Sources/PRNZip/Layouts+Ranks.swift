import ImagePlanes

// Values that stand for samples: ranks, and numbers of a palette.

extension Layouts {
  /// A photograph of bytes that leave gaps, as ranks of them: networks and predictors know of no
  /// gaps. nil for all else.
  func rankedBytes(_ varying: VaryingChannels) throws(PRNZipError) -> VaryingChannels? {
    guard varying.mapping == .none, image.format.depth == 8, !varying.hasAlpha,
      !options.asksForNetwork, DeepMaps.haveGaps(varying.planes),
      // Ranks are as flat as what they stand for.
      varying.flatness.flat < Self.mostFlatness,
      let ranked = try varying.ranked(DeepMaps.ofBytes(varying.planes)),
      // Of what is not large, both ways are tried.
      !(options.isInAHurry || isLarge) || isLikePhotograph(ranked.flatness),
      options.isInAHurry || lattice(of: varying) == nil
    else { return nil }
    return ranked
  }

  /// Pictures in which more repeats are no photographs.
  private static let mostFlatness = 0.85

  // MARK: - Deep samples

  func smallestOfDeep(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    var smallest = Smallest()
    for maps in try DeepMaps.all(varying.planes) {
      smallest.offer([try encoder.encode(varying.deep(maps, options), progress: progress)])
      // Of so few values, an image of bytes.
      guard let ranked = try varying.ranked(maps) else { continue }
      if let coded = try self.smallest(ranked, progress) { smallest.offer(coded) }
    }
    return smallest.image
  }

  // MARK: - Palettes

  func smallestOfPalette(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    var smallest = Smallest()
    guard let numbers = PaletteNumbers(image, metadata) else {
      let depth = image.format.depth
      try offerRuns(varying.runsOfNumbers(options, depth: depth), to: &smallest)
      for plan in varying.lowDepth(depth, options) where !options.isInAHurry || isTiny {
        smallest.offer([try encoder.encode(plan)])
      }
      return smallest.image
    }
    if options.isInAHurry, !isTiny {
      try offerRuns(numbers.runs(options), to: &smallest, progress)
      return smallest.image
    }
    try offerAll(numbers.numbered(options), to: &smallest)
    if numbers.order.indices.count > 32, isSmall || options.effort == .best {
      smallest.offer([try encoder.encode(numbers.values(options))])
    }
    let isWorthNetworks =
      numbers.order.indices.count > 32 && isWorthNetworks(varying, smallest.size)
    if areWorthRuns(smallest.size) { try offerRuns(numbers.runs(options), to: &smallest) }
    guard isWorthNetworks else { return smallest.image }
    for network in try options.networkPlans(.gray8) {
      smallest.offer([try encoder.encode(numbers.network(network), progress: progress)])
    }
    return smallest.image
  }
}
