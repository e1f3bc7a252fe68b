/// The maps between the small image of a crop and its conditioning map, for one thread.
///
/// A coarse map is [rows + 4][columns + 4][channels]: around the crop's cells a ring of those
/// beside it in the image, if it has any there, and around that a ring of zeros.
final class ConditioningMaps: @unchecked Sendable {
  /// A map that a layer reads, and its gradient.
  struct Map {
    let rows: Int
    let columns: Int
    let channels: Int
    let values, gradient: UnsafeMutablePointer<Float>
    var count: Int { Self.count(rows, columns, channels) }

    init(rows: Int, columns: Int, channels: Int, memory: FloatMemory) {
      self.rows = rows
      self.columns = columns
      self.channels = channels
      values = memory.zeros(Self.count(rows, columns, channels))
      gradient = memory.zeros(Self.count(rows, columns, channels))
    }

    private static func count(_ rows: Int, _ columns: Int, _ channels: Int) -> Int {
      (rows + 4) * (columns + 4) * channels
    }

    /// Where the cell in `row` (-2 ... rows + 1) and `column` (-2 ... columns + 1) begins.
    func index(_ row: Int, _ column: Int) -> Int {
      ((row + 2) * (columns + 4) + column + 2) * channels
    }
  }

  /// The input of each layer; the first is the small image.
  let coarse: [Map]
  /// Those of the crop's sample.
  var smallRows = 0..<0
  var smallColumns = 0..<0
  /// The conditioning map in the workspace's geometry, its padding zero: [cells][channels].
  let values, gradient: UnsafeMutablePointer<Float>
  let channels: Int
  /// Coarse cells that go through a layer together.
  let chunk: Int
  /// A chunk of a layer's outputs, and their gradient: [chunk][4 channels].
  let outputs, outputGradient: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - geometry: of the crop, which is alone.
  ///   - chunk: the workspace's.
  ///   - layout: of a network whose `scale` is above 1.
  ///   - memory: where the maps are.
  init(_ geometry: MapGeometry, chunk: Int, layout: ParameterLayout, memory: FloatMemory) {
    self.chunk = chunk
    let architecture = layout.architecture
    let channels = architecture.conditioningChannels
    coarse = (0..<architecture.upsamplingCount).map { level in
      Map(
        rows: architecture.smallExtent(geometry.rows) << level,
        columns: architecture.smallExtent(geometry.columns) << level,
        channels: level == 0 ? architecture.colours : channels, memory: memory)
    }
    self.channels = channels
    values = memory.zeros(geometry.cells * channels)
    gradient = memory.zeros(geometry.cells * channels)
    outputs = memory.zeros(chunk * 4 * channels)
    outputGradient = memory.zeros(chunk * 4 * channels)
  }

  /// The finer map that a layer makes: the next one that a layer reads, or the conditioning map.
  struct Target {
    let values, gradient: UnsafeMutablePointer<Float>
    /// Those that there are: a ring around a coarse map only where the image goes on.
    let rows, columns: Range<Int>
    /// Numbers from row to row, and those in front of row 0.
    let rowStride, start: Int
  }

  /// What the layer `level` makes.
  func target(level: Int, _ geometry: MapGeometry) -> Target {
    guard level + 1 < coarse.count else {
      return Target(
        values: values, gradient: gradient, rows: 0..<geometry.rows, columns: 0..<geometry.columns,
        rowStride: geometry.stride * channels, start: 0)
    }
    let (first, map) = (coarse[0], coarse[level + 1])
    /// As far beside the map's own cells as the small image goes, but one cell at most.
    func extent(_ small: Range<Int>, _ smallCount: Int, _ count: Int) -> Range<Int> {
      min(small.lowerBound, 0)..<count + max(small.upperBound - smallCount, 0)
    }
    return Target(
      values: map.values, gradient: map.gradient,
      rows: extent(smallRows, first.rows, map.rows),
      columns: extent(smallColumns, first.columns, map.columns),
      rowStride: map.index(1, 0) - map.index(0, 0), start: map.index(0, 0))
  }
}
