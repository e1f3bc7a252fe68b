import COpenBLAS

/// Muon's rule for the matrix of a layer (Jordan et al. 2024, kellerjordan.github.io/posts/muon):
/// the gradient's moving sum is replaced by the nearest matrix whose singular values are all 1,
/// approximately, so that a step moves all directions alike.
final class Orthogonalizer {
  private var update: [Float] = []
  private var gram: [Float] = []
  private var polynomial: [Float] = []
  private var product: [Float] = []

  /// The polynomial a x + b x^3 + c x^5 that brings singular values in (0, 1] to about 1 in five
  /// rounds (Jordan et al. 2024).
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
  private static let rounds = 5

  /// Moves the weights of one layer.
  ///
  /// - Parameters:
  ///   - weights: [rows][stride], of which the first `columns` of each row are changed.
  ///   - gradient: of the same layout.
  ///   - momentum: its moving sum, changed.
  ///   - mask: 1 where the mask keeps a weight, 0 elsewhere.
  ///   - rows: of the matrix.
  ///   - columns: of the matrix.
  ///   - stride: from a row to the next.
  ///   - rate: the learning rate, for steps whose root mean square is about 0.2, as Adam's are (Liu
  ///     et al. 2025, arXiv:2502.16982, section 2.2).
  ///   - beta: decay of the moving sum.
  func step(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ momentum: UnsafeMutablePointer<Float>, _ mask: UnsafePointer<Float>, rows: Int, columns: Int,
    stride: Int, rate: Float, beta: Float
  ) {
    let count = rows * columns
    if update.count < count {
      update = [Float](repeating: 0, count: count)
      product = update
    }
    var squares: Float = 0
    for r in 0..<rows {
      for c in 0..<columns {
        let i = r * stride + c
        let g = gradient[i] * mask[i]
        momentum[i] = beta * momentum[i] + g
        let u = g + beta * momentum[i]
        update[r * columns + c] = u
        squares += u * u
      }
    }
    guard squares > 0, squares.isFinite else { return }
    let scale = 1 / squares.squareRoot()
    for i in 0..<count { update[i] *= scale }
    orthogonalize(rows: rows, columns: columns)
    let size = rate * 0.2 * Float(max(rows, columns)).squareRoot()
    for r in 0..<rows {
      for c in 0..<columns {
        let i = r * stride + c
        weights[i] -= size * mask[i] * update[r * columns + c]
      }
    }
  }

  /// `update` [rows][columns], of a norm of 1, becomes nearly orthogonal. O(rounds rows columns
  /// min(rows, columns)).
  private func orthogonalize(rows: Int, columns: Int) {
    let wide = rows <= columns
    let side = min(rows, columns)
    let n = Int32(side)
    let (m, k) = (Int32(rows), Int32(columns))
    if gram.count < side * side {
      gram = [Float](repeating: 0, count: side * side)
      polynomial = gram
    }
    for _ in 0..<Self.rounds {
      // The Gram matrix of the shorter side, A; then X becomes a X + (b A + c A^2) X or, of a tall
      // one, from the right.
      if wide {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, n, n, k, 1, update, k, update, k, 0, &gram, n)
      } else {
        cblas_sgemm(
          CblasRowMajor, CblasTrans, CblasNoTrans, n, n, m, 1, update, k, update, k, 0, &gram, n)
      }
      for i in 0..<side * side { polynomial[i] = gram[i] }
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, Self.c, gram, n, gram, n, Self.b,
        &polynomial, n)
      for i in 0..<rows * columns { product[i] = update[i] }
      if wide {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, n, 1, polynomial, n, update, k, Self.a,
          &product, k)
      } else {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, n, 1, update, k, polynomial, n, Self.a,
          &product, k)
      }
      swap(&update, &product)
    }
  }
}
