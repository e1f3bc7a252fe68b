import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform

/// Codes tiles with a network, alone or mixed with what the tile itself teaches (FORMAT.md,
/// sections 2 to 8).
package struct NetworkTileCodec: TileCodec {
  /// The network.
  package let network: Network
  /// What joins it: a variant each. `pure` stands alone.
  package let mixings: [MixingParameters]
  /// If not, and there is mixing, the streams tell what the network is worth, but not the tiles.
  private let usesNetwork: Bool
  /// The network's first colours, where both sides know them.
  private let known: [Plane]
  /// The version of the arithmetic that was asked for; all give the same bytes.
  private let asked: InstructionSet
  package var stop: StopFlag?

  package var costs: CostPlanes?

  /// Tiles of fewer pixels have no work for several threads.
  private static let sharedPixels = 4096

  /// - Parameters:
  ///   - network: the network.
  ///   - mixings: at least one; `pure` codes with the network's softmax alone.
  ///   - usesNetwork: whether the network takes part.
  ///   - known: planes that both sides know, of the image's size: the network's first colours.
  ///     The others are coded.
  ///   - instructions: the version of the arithmetic; nil for what is fastest.
  package init(
    _ network: Network, mixings: [MixingParameters] = [MixingParameters(.pure)],
    usesNetwork: Bool = true, known: [Plane] = [],
    instructions: InstructionSet? = .current
  ) {
    self.network = network
    self.mixings = mixings
    self.usesNetwork = usesNetwork
    self.known = known
    asked = instructions ?? .current
  }

  private var instructions: InstructionSet { asked.tested(for: .network) }

  private var isPure: Bool { mixings.first?.level == .pure }

  package var sharesTiles: Bool { !network.architecture.body.isSequential }

  package var variants: Int { mixings.count }

  package func memory(rows: Int, columns: Int) -> Int {
    let evaluation = [TileEvaluation.Output.events, .distributions].map {
      TileEvaluation.memory(network.compiled, rows: rows, columns: columns, output: $0)
    }
    return mixings.reduce(evaluation.max() ?? 0) {
      $0 + LaneMixer.memory(level: $1.level, rows: rows, columns: columns)
    }
  }

  package func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]] {
    if isPure {
      let coder = SymbolEncoder()
      try run(coder, image, tiles, threads: threads)
      return [try coder.finish()]
    }
    let streams = mixings.map { _ in MixingStream() }
    try forEach(tiles, threads: threads) { rectangle, workers throws(EntropyCodingError) in
      guard let tile = Tile(image, rectangle, known: known) else { throw .outOfMemory }
      let evaluation = try evaluation(tile, .distributions)
      let coder = try MixingEncoder(
        mixings, of: evaluation, streams: streams, usesNetwork: usesNetwork,
        instructions: instructions)
      try PixelLoop(evaluation, workers, stop: stop).run(coder)
    }
    var finished: [[UInt8]] = []
    for stream in streams { finished.append(try stream.finish()) }
    return finished
  }

  /// Lets a coder that knows all values have those of some tiles.
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`, and what the coder throws.
  package func run(
    _ coder: some ValueCoder, _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) {
    try forEach(tiles, threads: threads) { rectangle, workers throws(EntropyCodingError) in
      guard let tile = Tile(image, rectangle, known: known) else { throw .outOfMemory }
      try PixelLoop(evaluation(tile, coder.output), workers, stop: stop).run(coder)
    }
  }

  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    let pure = isPure ? SymbolDecoder(stream) : nil
    var decoders: [RangeDecoder]?
    let needed = NeededTiles(tiles, wanted: wanted)
    var isWhole = needed.tiles.count == tiles.count
    try forEach(needed.tiles, threads: threads) { rectangle, workers throws(EntropyCodingError) in
      let tile = try tile(rectangle, small: small)
      let evaluation = try evaluation(tile, .distributions)
      var diagonals = evaluation.order.count
      if let part = needed.part, rectangle == needed.tiles.last {
        diagonals = evaluation.order.diagonals(for: part, of: rectangle)
        isWhole = isWhole && diagonals == evaluation.order.count
      }
      let loop = PixelLoop(evaluation, workers, diagonals: diagonals, stop: stop)
      if let pure {
        note([pure.decoder], rectangle)
        try loop.run(pure)
      } else {
        let coder = try MixingDecoder(
          mixings[0], of: evaluation, decoders: decoders, stream: stream,
          instructions: instructions)
        decoders = coder.decoders
        note(coder.decoders, rectangle)
        try loop.run(coder)
      }
      take(tile, rectangle)
    }
    // Behind what is wanted, nobody knows whether the stream is right.
    guard isWhole else { return }
    try pure?.finish()
    for decoder in decoders ?? [] { try decoder.finish() }
  }

  package func rows(for part: TileRectangle, of tile: TileRectangle) -> Int {
    let order = network.architecture.order(rows: tile.height, columns: tile.width)
    return order.rowRange(order.diagonals(for: part, of: tile) - 1).upperBound
  }

  /// Has the bits of a tile noted, if that is wanted. Known colours stand first.
  private func note(_ decoders: [RangeDecoder], _ tile: TileRectangle) {
    guard let costs else { return }
    let planes = known.map { _ in nil as Int? } + (0..<max(costs.count - 1, 0)).map { $0 }
    for decoder in decoders {
      decoder.note(in: costs, row: tile.row, column: tile.column, planes: planes)
    }
  }

  /// Lets a coder find the values of a whole image, as one tile.
  ///
  /// - Parameters:
  ///   - coder: of distributions.
  ///   - tile: what is known of it; the coder changes it.
  ///   - threads: 1 or more.
  /// - Throws: `EntropyCodingError.outOfMemory`, and what the coder throws.
  package func run(
    _ coder: some ValueCoder, _ tile: Tile, threads: Int
  ) throws(EntropyCodingError) {
    guard
      let workers = Workers(
        threads: sharesTiles && Self.isShared(rows: tile.rows, columns: tile.columns) ? threads : 1)
    else { throw .outOfMemory }
    try PixelLoop(evaluation(tile, coder.output), workers, stop: stop).run(coder)
  }

  /// A tile before it is decoded: black, but for what is known.
  private func tile(
    _ rectangle: TileRectangle, small: Image?
  ) throws(EntropyCodingError) -> Tile {
    let (architecture, scale) = (network.architecture, network.architecture.scale)
    guard
      let tile = Tile(
        rows: rectangle.height, columns: rectangle.width, colours: architecture.colours,
        knownColours: known.count)
    else { throw .outOfMemory }
    tile.place(known: known, rectangle)
    if let small {
      let part = TileRectangle(
        row: rectangle.row / scale, column: rectangle.column / scale,
        height: architecture.smallExtent(rectangle.height),
        width: architecture.smallExtent(rectangle.width))
      tile.place(small: small, part, scale: scale)
    }
    return tile
  }

  private func evaluation(
    _ tile: Tile, _ output: TileEvaluation.Output
  ) throws(EntropyCodingError) -> TileEvaluation {
    guard
      let evaluation = TileEvaluation(
        network, tile: tile, output: output, instructions: instructions)
    else { throw .outOfMemory }
    return evaluation
  }

  /// Whether several threads can gain at a tile of a size.
  private static func isShared(rows: Int, columns: Int) -> Bool { rows * columns >= sharedPixels }

  /// Calls `body` with each tile and the threads that work at it.
  private func forEach(
    _ tiles: some Sequence<TileRectangle>, threads: Int,
    _ body: (TileRectangle, Workers) throws(EntropyCodingError) -> Void
  ) throws(EntropyCodingError) {
    guard let one = Workers(threads: 1) else { throw .outOfMemory }
    var all: Workers?
    for tile in tiles {
      let isShared =
        threads > 1 && sharesTiles && Self.isShared(rows: tile.height, columns: tile.width)
      if isShared && all == nil {
        guard let made = Workers(threads: threads) else { throw .outOfMemory }
        all = made
      }
      try body(tile, isShared ? all ?? one : one)
    }
  }
}
