import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

extension Network {
  /// A network of noise.
  convenience init(_ architecture: Architecture, seed: UInt64 = 1) throws {
    try self.init(
      weightFile: WeightFile.random(architecture: architecture, seed: seed).serialized)
  }
}

extension TileRectangle {
  /// All of an image.
  init(_ image: Image) {
    self.init(row: 0, column: 0, height: image.height, width: image.width)
  }
}

extension Tile {
  /// A tile before it is decoded: black, but for the pixels of the small image, if there is one.
  static func undecoded(_ image: Image, for architecture: Architecture) throws -> Tile {
    let tile = try #require(
      Tile(rows: image.height, columns: image.width, colours: image.colours))
    guard architecture.scale > 1 else { return tile }
    let small = try image.subsampled(by: architecture.scale)
    tile.place(small: small, TileRectangle(small), scale: architecture.scale)
    return tile
  }

  /// Its values.
  func image(_ format: PixelFormat) throws -> Image {
    var image = try Image(format, width: columns, height: rows)
    write(to: &image, row: 0, column: 0)
    return image
  }
}

extension NetworkTileCodec {
  /// A codec of one variant.
  init(
    _ network: Network, _ level: MixingLevel, adaptation: UInt8 = 0,
    instructions: InstructionSet = .current
  ) {
    self.init(
      network, mixings: [MixingParameters(level, adaptation: adaptation)],
      instructions: instructions)
  }

  /// An image that is one tile.
  func encode(_ image: Image, threads: Int = 1) throws -> [UInt8] {
    try #require(try encode(image, [TileRectangle(image)], threads: threads).first)
  }

  /// An image that is one tile.
  func decode(_ bytes: [UInt8], rows: Int, columns: Int, threads: Int = 1) throws -> Image {
    let whole = TileRectangle(row: 0, column: 0, height: rows, width: columns)
    let images = try decode(bytes, [whole], threads: threads)
    return try #require(images.first)
  }

  /// Tiles that share a stream.
  func decode(_ bytes: [UInt8], _ tiles: [TileRectangle], threads: Int = 1) throws -> [Image] {
    var decoded: [(Tile, TileRectangle)] = []
    try decode(bytes[...], tiles, small: nil, threads: threads) { decoded.append(($0, $1)) }
    #expect(decoded.map(\.1) == tiles)
    return try decoded.map { try $0.0.image(network.architecture.pixelFormat) }
  }
}

// MARK: Witnesses

/// A value of an image.
struct Place: Hashable {
  let row: Int
  let column: Int
  let colour: Int
}

/// Lets a coder have a tile, as `NetworkTileCodec` does.
///
/// - Returns: the coder.
@discardableResult
func walk<Coder: ValueCoder>(
  _ coder: Coder, _ network: Network, _ tile: Tile, threads: Int = 1, front: Int? = nil,
  instructions: InstructionSet = .current, checksOrder: Bool = true
) throws -> Coder {
  let evaluation = try #require(
    TileEvaluation(
      network, tile: tile, output: coder.output, instructions: instructions, front: front,
      checksOrder: checksOrder))
  try PixelLoop(evaluation, #require(Workers(threads: threads))).run(coder)
  return coder
}

/// Notes which values the pixel loop brings, and what the network says of each: all are known.
final class EventWitness: ValueCoder, @unchecked Sendable {
  let output = TileEvaluation.Output.events
  private(set) var places: [Place] = []
  private(set) var events: [SymbolEvent] = []

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    for row in rows {
      let column = evaluation.order.column(diagonal: t, row: row)
      places.append(Place(row: row, column: column, colour: colour))
      events.append(network.event(diagonal: t, colour: colour, row: row))
    }
  }

  /// [colour][row * columns + column]
  func events(like image: Image) -> [[SymbolEvent?]] {
    var sorted = [[SymbolEvent?]](
      repeating: Array(repeating: nil, count: image.width * image.height), count: image.colours)
    for (place, event) in zip(places, events) {
      sorted[place.colour][place.row * image.width + place.column] = event
    }
    return sorted
  }
}

/// The same on the decoder's side, which is told the symbols one by one.
final class SymbolWitness: ValueCoder, @unchecked Sendable {
  let output = TileEvaluation.Output.distributions
  private(set) var places: [Place] = []
  private(set) var events: [SymbolEvent] = []
  /// Those that are not coded yet, the next one last.
  private var rest: [UInt8]

  /// - Parameter symbols: in code order.
  init(_ symbols: [UInt8]) { rest = symbols.reversed() }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    let centres = evaluation.centres(diagonal: t, colour: colour)
    for row in rows {
      let column = evaluation.order.column(diagonal: t, row: row)
      places.append(Place(row: row, column: column, colour: colour))
      guard let symbol = rest.popLast() else { return }
      var target: UInt32 = 0
      while target < network.total(row: row) {
        let found = network.find(target: target, row: row)
        if found.symbol == symbol {
          events.append(found.event)
          break
        }
        target = found.event.cumulative + found.event.frequency
      }
      values[row * step] = centres[row] &+ symbol
    }
  }
}

/// Notes the frequencies of every symbol, and writes the values of an image, which nobody knows
/// before.
final class FrequencyWitness: ValueCoder, @unchecked Sendable {
  let output = TileEvaluation.Output.distributions
  /// [colour][row * columns + column][symbol]
  private(set) var frequencies: [[[Int]]]
  private let image: Image

  init(_ image: Image) {
    self.image = image
    frequencies = Array(
      repeating: Array(repeating: [], count: image.width * image.height), count: image.colours)
  }

  /// The frequencies that a network finds of an image.
  static func frequencies(
    _ network: Network, _ image: Image, threads: Int = 1, instructions: InstructionSet = .current
  ) throws -> [[[Int]]] {
    let tile = try Tile.undecoded(image, for: network.architecture)
    let witness = try walk(
      FrequencyWitness(image), network, tile, threads: threads, instructions: instructions)
    return witness.frequencies
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    for row in rows {
      let pixel = row * image.width + evaluation.order.column(diagonal: t, row: row)
      frequencies[colour][pixel] = Self.frequencies(of: row, in: network)
      values[row * step] = image.planes[colour].samples[pixel]
    }
  }

  /// By way of the symbols that the decoder finds.
  private static func frequencies(of row: Int, in network: NetworkEvaluation) -> [Int] {
    var found: [Int] = []
    var cumulative = 0
    let total = Int(network.total(row: row))
    while cumulative < total {
      let (symbol, event) = network.find(target: UInt32(cumulative), row: row)
      guard Int(symbol) == found.count, Int(event.cumulative) == cumulative,
        Int(event.total) == total
      else { break }
      found.append(Int(event.frequency))
      cumulative += Int(event.frequency)
    }
    return found
  }
}
