import AdaptiveCoding
import Container
import ImagePlanes

// How groups are made of the channels of an image that vary, before they are coded.

extension VaryingChannels {
  /// What codes all channels as graphics.
  func graphicsCodec(_ options: Compressor.Options) -> GraphicsTileCodec {
    GraphicsTileCodec(
      planes: planes.planes.count, hasAlpha: hasAlpha, instructions: options.instructions)
  }

  /// A group of all channels, coded as graphics.
  func graphics(_ codec: GraphicsTileCodec) -> GroupPlan {
    GroupPlan(group: group(.graphics(colours: 0)), planes: planes, coding: .adaptive(codec))
  }

  /// All channels as one plane that numbers their colours.
  ///
  /// Complexity: O(samples).
  ///
  /// - Returns: nil where there are too many colours, or these have numbers already, those of a
  ///   palette.
  /// - Throws: `PRNZipError.outOfMemory`.
  func numbered() throws(PRNZipError) -> NumberedColours? {
    guard mapping == .none, !isEqual, planes.format.channels != .palette,
      let table = ColourTable(planes.planes[...])
    else {
      return nil
    }
    var group = group(.graphics(colours: 0))
    group.mapping = .palette(try ColourTableCoding.encode(table, planes: planes.planes.count))
    let numbers = Image(.gray8, planes: [table.numbers(planes.planes[...])])
    return NumberedColours(group: group, numbers: numbers, count: table.colours.count)
  }

  /// Samples of few bits, as numbers.
  func lowDepth(_ depth: Int, _ options: Compressor.Options) -> [GroupPlan] {
    GroupPlan.numbers(group(.graphics(colours: 0)), planes, colours: 1 << depth, options)
  }

  /// Whether colours and alpha can be groups of their own: not where both have maps.
  var canBeSplit: Bool {
    if case .table = mapping { return !hasAlpha }
    return true
  }

  /// The colours, coded with a network.
  ///
  /// - Parameters:
  ///   - network: one that fits.
  ///   - hidden: what all pixels of alpha 0 have in common, from `hiddenColour`.
  /// - Returns: the plan.
  func network(_ network: NetworkPlan, hidden: [Int]?) -> GroupPlan {
    let (group, coded) = colours(
      .network(modelIdentity: [], mixingLevel: 0, adaptation: 0), hidden: hidden)
    return GroupPlan(group: group, planes: coded, coding: .network(network))
  }

  /// The group of the colours without alpha, and their planes.
  private func colours(_ parameters: Group.Parameters, hidden: [Int]?) -> (Group, Image) {
    var group = group(parameters)
    group.channels &= ~(hasAlpha ? alphaMask : 0)
    var coded = colourPlanes
    if let hidden {
      group.hidden =
        isEqual ? Array(repeating: hidden[0], count: group.channelNumbers.count) : hidden
      coded.fill(where: planes.planes[planes.planes.count - 1])
    }
    return (group, coded)
  }

  /// The colours, coded fast: with linear predictors.
  ///
  /// - Parameters:
  ///   - options: of the compressor.
  ///   - hidden: what all pixels of alpha 0 have in common, from `hiddenColour`.
  /// - Returns: the plan; nil where the colours are too many planes.
  func linear(_ options: Compressor.Options, hidden: [Int]?) -> GroupPlan? {
    let (group, coded) = colours(.linear, hidden: hidden)
    guard coded.planes.count <= LinearTileCodec.mostPlanes else { return nil }
    let codec = LinearTileCodec(
      planes: coded.planes.count, instructions: options.instructions)
    let grid = TileGrid(
      width: coded.width, height: coded.height,
      widthLimit: min(max(options.tileLimit, 1), Self.linearTileWidth),
      heightLimit: GroupPlan.adaptiveTileLimit, area: Self.linearTileArea)
    return GroupPlan(
      group: group, planes: coded, coding: .adaptive(codec), grid: grid)
  }

  /// So that threads have tiles to share, and a tile has enough to learn from.
  private static let linearTileWidth = 1024
  private static let linearTileArea = 1 << 18

  /// Alpha alone, as graphics, or as runs where there is no time; nil if it does not vary, or is
  /// all that does.
  func alpha(_ options: Compressor.Options) -> GroupPlan? {
    guard hasAlpha else { return nil }
    var group = group(.graphics(colours: 0))
    group.channels = alphaMask
    group.isEqual = false
    let alpha = planes.coded([planes.format.channels.count - 1])
    if options.isInAHurry { return .runs(group, alpha, options) }
    return GroupPlan(
      group: group, planes: alpha,
      coding: .adaptive(
        GraphicsTileCodec(
          planes: 1, hasAlpha: false, instructions: options.instructions)))
  }

  /// The samples of the colours that all pixels of alpha 0 have; nil where they differ, or there is
  /// no such pixel.
  ///
  /// Complexity: O(samples).
  var hiddenColour: [Int]? {
    guard hasAlpha, planes.format.depth == 8 else { return nil }
    let alpha = planes.planes[planes.planes.count - 1].samples
    guard let first = alpha.firstIndex(of: 0) else { return nil }
    let colours = planes.planes.dropLast()
    let hidden = colours.map { $0.samples[first] }
    for (index, alpha) in alpha.enumerated() where alpha == 0 {
      for (plane, value) in zip(colours, hidden) where plane.samples[index] != value { return nil }
    }
    return hidden.map { mapping == .doubled ? 257 * Int($0) : Int($0) }
  }
}

/// Few colours, and the plane of their numbers.
struct NumberedColours {
  /// Its parameters are those of each way to code it.
  let group: Group
  let numbers: Image
  /// Of colours, 1 to 256.
  let count: Int

  /// All ways to code the numbers, but as runs.
  func plans(_ options: Compressor.Options) -> [GroupPlan] {
    GroupPlan.numbers(group, numbers, colours: count, options)
  }

  /// Whether the colours are so few that they are numbers rather than values.
  var areNumbers: Bool { count <= 128 && count * 60 < numbers.width * numbers.height }
}

extension GroupPlan {
  /// The ways to code a plane that numbers colours.
  ///
  /// - Parameters:
  ///   - group: its parameters are those of each way.
  ///   - numbers: the plane.
  ///   - colours: 1 to 256.
  ///   - options: of the compressor.
  /// - Returns: a plan for each way.
  fileprivate static func numbers(
    _ group: Group, _ numbers: Image, colours: Int, _ options: Compressor.Options
  ) -> [GroupPlan] {
    var plans: [GroupPlan] = []
    if colours > 2 {
      let codec = GraphicsTileCodec(
        planes: 1, hasAlpha: false, colours: colours, instructions: options.instructions)
      var group = group
      group.parameters = .graphics(colours: colours)
      plans.append(GroupPlan(group: group, planes: numbers, coding: .adaptive(codec)))
    }
    if colours <= 16 {
      let depth: UInt8 = colours <= 2 ? 1 : colours <= 4 ? 2 : 4
      let codec = BilevelTileCodec(depth: depth, instructions: options.instructions)
      var group = group
      group.parameters = .bilevel(depth: depth)
      plans.append(GroupPlan(group: group, planes: numbers, coding: .adaptive(codec)))
    }
    return plans
  }
}

extension Image {
  /// Gives pixels where `alpha` is 0 the samples of the pixel on the left, or above: nobody sees
  /// them, and they cost next to nothing then.
  ///
  /// Complexity: O(samples).
  fileprivate mutating func fill(where alpha: Plane) {
    for k in planes.indices {
      let width = width
      for (index, alpha) in alpha.samples.enumerated() where alpha == 0 {
        let column = index % max(width, 1)
        if column > 0 {
          planes[k].samples[index] = planes[k].samples[index - 1]
        } else if index >= width {
          planes[k].samples[index] = planes[k].samples[index - width]
        }
      }
    }
  }
}

/// A palette image's indices, numbered in the order of their colours.
struct PaletteNumbers {
  let order: PaletteOrder
  let group: Group
  let planes: Image

  /// nil where an index has no colour.
  init?(_ image: Image, _ metadata: Metadata) {
    guard let palette = metadata.palette else { return nil }
    let count = min(palette.plte.count / 3, 256)
    var isUsed = [Bool](repeating: false, count: 256)
    for sample in image.planes[0].samples { isUsed[Int(sample)] = true }
    guard !isUsed[count...].contains(true) else { return nil }
    isUsed.removeLast(256 - count)
    // The bits are worth their bytes if they halve the numbers.
    let used = isUsed.filter { $0 }.count
    if 2 * used > count { isUsed = isUsed.map { _ in true } }
    order = PaletteOrder(palette, isUsed: isUsed)
    let numbers = order.numbers
    var plane = image.planes[0]
    plane.samples = plane.samples.map { numbers[Int($0)] }
    planes = Image(.gray8, planes: [plane])
    group = Group(
      channels: 1, mapping: .palette(PaletteOrder.bytes(isUsed)),
      parameters: .graphics(colours: order.indices.count))
  }

  /// Coded as numbers of colours, in all ways.
  func numbered(_ options: Compressor.Options) -> [GroupPlan] {
    GroupPlan.numbers(group, planes, colours: order.indices.count, options)
  }

  /// Coded as values of graphics: like numbers are like colours.
  func values(_ options: Compressor.Options) -> GroupPlan {
    var group = group
    group.parameters = .graphics(colours: 0)
    return GroupPlan(
      group: group, planes: planes,
      coding: .adaptive(
        GraphicsTileCodec(planes: 1, hasAlpha: false, instructions: options.instructions)))
  }

  /// Coded as gray values with a network.
  func network(_ network: NetworkPlan) -> GroupPlan {
    var group = group
    group.parameters = .network(modelIdentity: [], mixingLevel: 0, adaptation: 0)
    return GroupPlan(group: group, planes: planes, coding: .network(network))
  }
}
