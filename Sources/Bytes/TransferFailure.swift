// What a failed transfer is in the errors of a module: want of memory is one thing, wherever it is.

/// Errors of what reads files.
package protocol ReadingFailure: Error {
  /// Bytes do not come.
  static func reading(_ error: TransferError) -> Self
  /// There is not as much memory as they take.
  static func outOfMemory(_ error: OutOfMemory) -> Self
}

/// Errors of what writes files.
package protocol WritingFailure: Error {
  /// Bytes do not get away.
  static func writing(_ error: TransferError) -> Self
  /// There is not as much memory as they take.
  static func outOfMemory(_ error: OutOfMemory) -> Self
}

extension ReadingFailure {
  /// Reads bytes.
  ///
  /// - Throws: `reading` or `outOfMemory` for what `body` throws.
  package static func reading<Result>(
    _ body: () throws(TransferError) -> Result
  ) throws(Self) -> Result {
    do {
      return try body()
    } catch .outOfMemory(let error) {
      throw .outOfMemory(error)
    } catch {
      throw .reading(error)
    }
  }
}

extension WritingFailure {
  /// Writes bytes.
  ///
  /// - Throws: `writing` or `outOfMemory` for what `body` throws.
  package static func writing(_ body: () throws(TransferError) -> Void) throws(Self) {
    do {
      try body()
    } catch .outOfMemory(let error) {
      throw .outOfMemory(error)
    } catch {
      throw .writing(error)
    }
  }
}
