import ImagePlanes

// Photographs without a network.

extension Layouts {
  /// The smallest of the ways that take little time: linear predictors for photographs, and
  /// graphics for all else; both for tiny images.
  func smallestWithoutNetworks(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    var smallest = Smallest()
    let isPhotograph = canBeLinear(varying) && isLikePhotograph(varying.flatness)
    if isTiny || !isPhotograph {
      try checkMemory(varying, [])
      _ = try offerGraphics(varying, [], to: &smallest)
    }
    if isTiny || isPhotograph { try offerLinear(varying, to: &smallest, progress) }
    return smallest.image
  }

  /// Smooth photographs repeat many pixels, gray ones more than others.
  private func isLikePhotograph(_ flatness: Flatness) -> Bool {
    flatness.flat < leastFlatness || (flatness.flat < 0.75 && flatness.smooth >= 0.5)
  }

  /// Graphics take some microseconds for a pixel of a photograph.
  private var isTiny: Bool { image.width * image.height <= 1 << 12 }

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
