import AdaptiveCoding
import Container
import ImagePlanes

// Groups of pictures in a hurry.

extension VaryingChannels {
  /// All channels as runs; as numbers of colours, where these are few.
  ///
  /// - Parameters:
  ///   - numbered: the channels as numbers, where they can be.
  ///   - options: of the compressor.
  ///   - depth: bits of a sample of the image, which has no palette.
  /// - Returns: the plan.
  func runs(
    _ numbered: NumberedColours?, _ options: Compressor.Options, depth: Int
  ) -> GroupPlan {
    if depth < 8 { return runsOfNumbers(options, depth: depth) }
    if let numbered, numbered.areNumbers {
      return .runs(numbered.group, numbered.numbers, colours: numbered.count, options)
    }
    return .runs(group(.runs(colours: 0)), planes, hasAlpha: hasAlpha, options)
  }

  /// Samples as runs of numbers: those of few bits, and those of an image whose palette lacks
  /// colours.
  ///
  /// - Parameters:
  ///   - options: of the compressor.
  ///   - depth: bits of a sample, 8 at most.
  /// - Returns: the plan.
  func runsOfNumbers(_ options: Compressor.Options, depth: Int) -> GroupPlan {
    .runs(group(.runs(colours: 1 << depth)), planes, colours: 1 << depth, options)
  }
}

extension PaletteNumbers {
  /// Coded as runs of numbers.
  ///
  /// - Parameter options: of the compressor.
  /// - Returns: the plan.
  func runs(_ options: Compressor.Options) -> GroupPlan {
    .runs(group, planes, colours: order.indices.count, options)
  }
}

extension GroupPlan {
  /// So that threads have tiles to share of a large picture, and a tile has enough to learn from.
  private static let runsTileArea = 1 << 22

  /// Planes as runs.
  ///
  /// - Parameters:
  ///   - group: its parameters do not matter.
  ///   - planes: what is coded.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - colours: how many the one plane numbers; 0 for values.
  ///   - options: of the compressor.
  /// - Returns: the plan.
  static func runs(
    _ group: Group, _ planes: Image, hasAlpha: Bool = false, colours: Int = 0,
    _ options: Compressor.Options
  ) -> GroupPlan {
    var group = group
    group.parameters = .runs(colours: colours)
    let codec = RunsTileCodec(planes: planes.planes.count, hasAlpha: hasAlpha, colours: colours)
    let grid = TileGrid(
      width: planes.width, height: planes.height, widthLimit: max(options.tileLimit, 1),
      heightLimit: adaptiveTileLimit, area: runsTileArea)
    return GroupPlan(group: group, planes: planes, coding: .adaptive(codec), grid: grid)
  }
}
