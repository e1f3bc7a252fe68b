import COpenBLAS

/// The three products of a dense layer, row-major, on OpenBLAS.
enum MatrixProducts {
  /// out [n][outputs] = (accumulate ? out : 0) + x [n][inputs] * w [inputs][outputs].
  static func forward(
    _ x: UnsafePointer<Float>, xStride: Int, _ w: UnsafePointer<Float>,
    _ out: UnsafeMutablePointer<Float>, n: Int, inputs: Int, outputs: Int, accumulate: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(outputs), Int32(inputs), 1, x,
      Int32(xStride), w, Int32(outputs), accumulate ? 1 : 0, out, Int32(outputs))
  }

  /// dx [n][inputs] = (accumulate ? dx : 0) + dy [n][outputs] * transpose(w).
  static func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>,
    dxStride: Int, n: Int, inputs: Int, outputs: Int, accumulate: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(n), Int32(inputs), Int32(outputs), 1, dy,
      Int32(outputs), w, Int32(outputs), accumulate ? 1 : 0, dx, Int32(dxStride))
  }

  /// dw [inputs][outputs] += transpose(x [n][inputs]) * dy [n][outputs].
  static func weightGradient(
    _ x: UnsafePointer<Float>, xStride: Int, _ dy: UnsafePointer<Float>,
    _ dw: UnsafeMutablePointer<Float>, n: Int, inputs: Int, outputs: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(inputs), Int32(outputs), Int32(n), 1, x,
      Int32(xStride), dy, Int32(outputs), 1, dw, Int32(outputs))
  }

  /// Measures sgemm on square matrices of `size`, on every one of `threads` threads at once, in
  /// floating-point operations a second over all threads.
  static func peak(threads: Int, size: Int = 384, seconds: Double = 0.5) -> Double {
    openblas_set_num_threads(1)
    let clock = ContinuousClock()
    let counts = Parallel.map(threads) { _ -> Double in
      let n = size * size
      let a = UnsafeMutablePointer<Float>.allocate(capacity: 3 * n)
      a.initialize(repeating: 0.5, count: 3 * n)
      defer { a.deallocate() }
      let start = clock.now
      var products = 0.0
      var elapsed = 0.0
      repeat {
        forward(
          a, xStride: size, a + n, a + 2 * n, n: size, inputs: size, outputs: size,
          accumulate: false)
        products += 1
        elapsed = (clock.now - start) / .seconds(1)
      } while elapsed < seconds
      return products * 2 * Double(size) * Double(size) * Double(size) / elapsed
    }
    return counts.reduce(0, +)
  }
}
