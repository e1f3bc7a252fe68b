/// The maps between the small image of a crop and its context map, for one thread.
///
/// A coarse map is [rows + 4][columns + 4][channels]: around the crop's cells a ring of those beside it in the image, if it
/// has any there, and around that a ring of zeros.
final class UpsamplingMaps: @unchecked Sendable {
  /// A map that a layer reads, and its gradient.
  struct Map {
    let rows: Int
    let columns: Int
    let channels: Int
    let values, gradient: UnsafeMutablePointer<Float>
    var count: Int { (rows + 4) * (columns + 4) * channels }

    /// Where the cell in `row` (-2 ... rows + 1) and `column` (-2 ... columns + 1) begins.
    func index(_ row: Int, _ column: Int) -> Int {
      ((row + 2) * (columns + 4) + column + 2) * channels
    }
  }

  /// The input of each layer; the first is the small image.
  let maps: [Map]
  /// Those of the crop's sample.
  var smallRows = 0..<0
  var smallColumns = 0..<0
  /// In the workspace's geometry, its padding zero: [cells][contextChannels].
  let context, contextGradient: UnsafeMutablePointer<Float>
  let cells: Int
  let contextChannels: Int
  /// Coarse cells that go through a layer together.
  let chunk: Int
  /// A chunk of a layer's outputs, and their gradient: [chunk][4 contextChannels].
  let outputs, outputGradient: UnsafeMutablePointer<Float>
  private var owned: [UnsafeMutablePointer<Float>] = []

  /// - Parameters:
  ///   - rows: of the crop, in pixels.
  ///   - columns: of the crop, in pixels.
  ///   - chunk: the workspace's.
  ///   - graph: of a network whose `scale` is above 1.
  init(rows: Int, columns: Int, chunk: Int, graph: PixelCNNGraph) {
    self.chunk = chunk
    let architecture = graph.architecture
    let channels = architecture.contextChannels
    var all: [UnsafeMutablePointer<Float>] = []
    func zeros(_ n: Int) -> UnsafeMutablePointer<Float> {
      let p = UnsafeMutablePointer<Float>.allocate(capacity: n)
      p.initialize(repeating: 0, count: n)
      all.append(p)
      return p
    }
    maps = graph.upsampling.indices.map { level in
      let rows = architecture.smallExtent(rows) << level
      let columns = architecture.smallExtent(columns) << level
      let channels = level == 0 ? architecture.colours : channels
      let count = (rows + 4) * (columns + 4) * channels
      return Map(
        rows: rows, columns: columns, channels: channels, values: zeros(count),
        gradient: zeros(count))
    }
    cells = rows * (columns + graph.padding)
    contextChannels = channels
    context = zeros(cells * channels)
    contextGradient = zeros(cells * channels)
    outputs = zeros(chunk * 4 * channels)
    outputGradient = zeros(chunk * 4 * channels)
    owned = all
  }

  deinit { for p in owned { p.deallocate() } }
}
