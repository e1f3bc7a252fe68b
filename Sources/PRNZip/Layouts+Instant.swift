import ImagePlanes

// What takes little time.

extension Layouts {
  /// The smallest of the ways that take little time: linear predictors for photographs, and runs
  /// for all else, and linear predictors again where these find little; all of them and graphics
  /// for tiny images.
  func smallestWithoutNetworks(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    var smallest = Smallest()
    let isPhotograph = canBeLinear(varying) && isLikePhotograph(varying.flatness)
    if isTiny {
      try checkMemory(varying, [])
      _ = try offerGraphics(varying, numbered(varying), [], to: &smallest)
    }
    if isTiny || !isPhotograph {
      try offerRuns(runs(varying, numbered(varying)), to: &smallest, progress)
    }
    guard isTiny || isPhotograph || isLikeNeither(smallest.size) else { return smallest.image }
    do throws(PRNZipError) {
      try offerLinear(varying, to: &smallest, progress)
    } catch {
      guard case .limitExceeded = error, smallest.image != nil else { throw error }
    }
    return smallest.image
  }

  /// Smooth photographs repeat many pixels, gray ones more than others.
  func isLikePhotograph(_ flatness: Flatness) -> Bool {
    flatness.flat < leastFlatness || (flatness.flat < 0.75 && flatness.smooth >= 0.5)
  }

  /// Whether runs have not found much that repeats.
  private func isLikeNeither(_ size: Int) -> Bool {
    8 * size > 6 * image.width * image.height
  }

  /// Graphics take some microseconds for a pixel of a photograph.
  var isTiny: Bool { image.width * image.height <= 1 << 12 }

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

  /// Whether higher efforts try runs, too: they win now and then where an image is tiny or drawn,
  /// with wide slopes, say. What takes half a bit a pixel with graphics takes more as runs.
  ///
  /// - Parameter size: what there is.
  /// - Returns: whether they do.
  func areWorthRuns(_ size: Int) -> Bool {
    isTiny || 16 * size < image.width * image.height
  }

  /// Tries runs, as far as memory allows where something else has been tried.
  ///
  /// - Parameters:
  ///   - plan: of runs.
  ///   - smallest: what there is.
  ///   - progress: is told the share done.
  /// - Throws: as `GroupEncoder`.
  func offerRuns(
    _ plan: GroupPlan, to smallest: inout Smallest,
    _ progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    if !options.isInAHurry {
      do throws(PRNZipError) {
        try encoder.check(plan)
      } catch {
        return
      }
    }
    smallest.offer([try encoder.encode(plan, progress: progress)])
  }

  /// The channels as numbers of colours, where they are bytes that can be.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func numbered(_ varying: VaryingChannels) throws(PRNZipError) -> NumberedColours? {
    varying.depth(of: image.format) < 8 ? nil : try varying.numbered()
  }

  /// All channels as runs.
  func runs(_ varying: VaryingChannels, _ numbered: NumberedColours?) -> GroupPlan {
    varying.runs(numbered, options, depth: varying.depth(of: image.format))
  }

  private func canBeLinear(_ varying: VaryingChannels) -> Bool {
    varying.depth(of: image.format) >= 8 && varying.planes.format.depth == 8 && varying.canBeSplit
  }
}
