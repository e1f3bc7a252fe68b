/// Where the colours of an image came from: which function gave them, and how the chroma was kept.
/// Only some colours can have come from there, which lie in the cube of colours like a lattice.
public struct ColourLattice: Equatable, Sendable {
  /// The function of luma and chroma.
  public let transform: ColourTransform
  /// How the chroma was kept.
  public let sampling: ChromaSampling
  /// 0 or 1: rows and columns by which the image begins behind the start of a cell. 0 along an axis
  /// on which each pixel has a cell.
  public let rowPhase: Int, columnPhase: Int

  /// A lattice; see `isValid` for which phases it may have.
  public init(
    transform: ColourTransform, sampling: ChromaSampling, rowPhase: Int = 0, columnPhase: Int = 0
  ) {
    self.transform = transform
    self.sampling = sampling
    self.rowPhase = rowPhase
    self.columnPhase = columnPhase
  }

  /// Whether the phases are legal.
  public var isValid: Bool {
    (0...(sampling.halvesHeight ? 1 : 0)).contains(rowPhase)
      && (0...(sampling.halvesWidth ? 1 : 0)).contains(columnPhase)
  }

  /// The size of the chroma planes of an image of `width` x `height` pixels.
  public func chromaExtent(width: Int, height: Int) -> (width: Int, height: Int) {
    (
      sampling.cells(width, phase: columnPhase, halves: sampling.halvesWidth),
      sampling.cells(height, phase: rowPhase, halves: sampling.halvesHeight)
    )
  }

  /// The rows and columns of the chroma cells that pixels are in: of each row of the image that of
  /// its cell, and of each column.
  public func chromaCells(width: Int, height: Int) -> (rows: [Int], columns: [Int]) {
    let (rows, columns) = taps(width: width, height: height)
    return (rows.map(\.near), columns.map(\.near))
  }

  /// The taps of all rows, and of all columns.
  func taps(width: Int, height: Int) -> (rows: [Tap], columns: [Tap]) {
    (
      sampling.taps(height, phase: rowPhase, halves: sampling.halvesHeight),
      sampling.taps(width, phase: columnPhase, halves: sampling.halvesWidth)
    )
  }
}
