import Glibc
import Synchronization

/// The rows of an image on several threads, where what is made of a pixel follows from the left and
/// the upper pixels, up to its own column: each thread follows the one that has the row above.
///
///     RowWavefront(rows: height, columns: width).run(threads: 2) { front in
///       while let row = front.nextRow() {
///         front.forEachPiece(of: row) { columns in ... }
///       }
///     }
///
/// What comes out does not depend on the number of threads.
package final class RowWavefront: @unchecked Sendable {
  // Unchecked: what is behind the pointer is atomic.
  private let rows: Int, columns: Int
  private let begun = Atomic<Int>(0)
  /// Of each row the columns that are done.
  private let done: UnsafeMutablePointer<Atomic<Int>>

  /// Columns of a piece.
  private static let piece = 64
  /// Looks at the row above before the processor is given to another thread.
  private static let spins = 200

  /// - Parameters:
  ///   - rows: of the image, 0 or more.
  ///   - columns: of the image, 0 or more.
  package init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    done = .allocate(capacity: max(rows, 1))
    for row in 0..<max(rows, 1) { (done + row).initialize(to: Atomic(0)) }
  }

  deinit {
    done.deinitialize(count: max(rows, 1))
    done.deallocate()
  }

  /// Calls `body` on so many threads at once, at most.
  ///
  /// - Parameters:
  ///   - threads: 1 or more.
  ///   - body: takes rows until there are none, and goes through all pieces of each.
  package func run(threads: Int, _ body: @Sendable (RowWavefront) -> Void) {
    // As many rows are at work at the same time as a row has pieces.
    let most = min(rows, (columns + Self.piece - 1) / Self.piece)
    SideBySide.run(max(min(threads, most), 1)) { body(self) }
  }

  /// A row that no thread has yet, from the top; nil if there is none.
  package func nextRow() -> Int? {
    let row = begun.add(1, ordering: .relaxed).oldValue
    return row < rows ? row : nil
  }

  /// Calls `body` with the columns of a row piece by piece, each once the row above is done so far.
  package func forEachPiece(of row: Int, _ body: (_ columns: Range<Int>) -> Void) {
    var first = 0
    while first < columns {
      let end = min(first + Self.piece, columns)
      if row > 0 { wait(for: row - 1, end) }
      body(first..<end)
      done[row].store(end, ordering: .releasing)
      first = end
    }
  }

  /// Rows are taken in order: some thread is at the one above, or is done with it.
  private func wait(for row: Int, _ columns: Int) {
    while true {
      for _ in 0..<Self.spins where done[row].load(ordering: .acquiring) >= columns { return }
      sched_yield()
    }
  }
}
