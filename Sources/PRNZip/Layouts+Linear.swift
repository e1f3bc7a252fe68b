import ImagePlanes

// Photographs without a network.

extension Layouts {
  /// The smallest of the ways that take little time: linear predictors for photographs, and
  /// graphics for all else; both for small images, and where nobody knows.
  func smallestWithoutNetworks(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    var smallest = Smallest()
    let flatness = canBeLinear(varying) ? varying.flatness : 1
    if isSmall || flatness >= leastFlatness {
      try checkMemory(varying, [])
      _ = try offerGraphics(varying, [], to: &smallest)
    }
    // Smooth photographs may look flat, gray ones more than others.
    if isSmall || flatness < 2 * leastFlatness {
      try offerLinear(varying, to: &smallest, progress)
    }
    return smallest.image
  }

  /// Tries linear predictors for the colours, where they are bytes.
  func offerLinear(
    _ varying: VaryingChannels, to smallest: inout Smallest,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) {
    guard canBeLinear(varying),
      let plan = varying.linear(options, hidden: varying.hiddenColour)
    else { return }
    let colours = try encoder.encode(plan, progress: progress)
    smallest.offer([colours] + (try alpha(varying)))
  }

  private func canBeLinear(_ varying: VaryingChannels) -> Bool {
    varying.depth(of: image.format) >= 8 && varying.planes.format.depth == 8 && varying.canBeSplit
  }
}
