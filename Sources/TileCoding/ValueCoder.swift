import EntropyCoding
import ImagePlanes

/// One side of the pixel loop: it writes, reads, draws or counts the values of a tile.
///
/// The loop predicts, evaluates and records; a coder only codes. Lanes may be coded by different
/// threads at the same time.
package protocol ValueCoder: AnyObject, Sendable {
  /// What it asks of the network.
  var output: TileEvaluation.Output { get }

  /// Parts of the tile that it can code at the same time.
  var lanes: Lanes { get }

  /// Codes a colour of some of a lane's pixels of a diagonal, row by row. What `output` asks for
  /// has been made. Afterwards their values are in the tile.
  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation)

  /// Tells of a stream that is found damaged, or memory that is short.
  func check() throws(EntropyCodingError)
}

extension ValueCoder {
  package var lanes: Lanes { .one }
  package func check() throws(EntropyCodingError) {}
}
