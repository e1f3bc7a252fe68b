import Bytes

/// A picture being scaled down, from rows that come one after the other.
///
/// Each of its pixels is the mean of those that it covers; transparent ones have no part in its
/// colour. What is held follows from the small picture, not from the large one.
struct Reduction {
  private let width: Int, height: Int
  private let columns: Int, rows: Int
  private let kind: PixelBuffer.Kind
  /// Bytes of a sample.
  private let sampleSize: Int
  private var bytes: [UInt8] = []
  /// Rows so far, of the large picture and of the small one.
  private var row = 0, made = 0
  /// Of the row in the making: for each column the sums of up to three colours, times alpha, and of
  /// alpha.
  private var sums: [Int]

  /// - Parameters:
  ///   - width: of the large picture, 1 or more.
  ///   - height: of the large picture, 1 or more.
  ///   - side: the most pixels of a side of the small one, 1 or more.
  ///   - kind: of both.
  ///   - depth: of the large one, 8 or 16. The small one has 8.
  ///   - limit: of the bytes of the small one, and of what it takes to make it.
  /// - Throws: `PRNZipError.unsuitablePixels` for a side below 1, `limitExceeded`, `outOfMemory`.
  init(
    width: Int, height: Int, toFit side: Int, kind: PixelBuffer.Kind, depth: Int,
    limit: Int = .max
  ) throws(PRNZipError) {
    guard side > 0 else { throw .unsuitablePixels("a side of \(side) of them") }
    let longest = max(width, height)
    func extent(_ own: Int) -> Int { longest > side ? max(own * side / longest, 1) : own }
    (self.width, self.height) = (width, height)
    (columns, rows) = (extent(width), extent(height))
    self.kind = kind
    sampleSize = depth / 8
    let sumBytes = columns.multipliedReportingOverflow(by: 4 * MemoryLayout<Int>.size)
    let size = columns.multipliedReportingOverflow(by: rows * kind.channelCount)
    let all = size.partialValue.addingReportingOverflow(sumBytes.partialValue)
    guard !sumBytes.overflow, !size.overflow, !all.overflow, all.partialValue <= limit else {
      let isKnown = !sumBytes.overflow && !size.overflow && !all.overflow
      throw .limitExceeded(
        what: "bytes of memory", value: isKnown ? all.partialValue : .max, limit: limit)
    }
    do throws(OutOfMemory) {
      try Memory.check(all.partialValue)
    } catch {
      throw .outOfMemory(error)
    }
    sums = [Int](repeating: 0, count: 4 * columns)
    bytes.reserveCapacity(size.partialValue)
  }

  /// Takes the next rows. Complexity: O(pixels).
  ///
  /// - Parameter pixels: of the width, the kind and the depth, no more rows than are left.
  mutating func add(_ pixels: PixelBuffer) {
    for index in 0..<pixels.height where row < height {
      pixels.bytes.withUnsafeBufferPointer { bytes in
        add(UnsafeBufferPointer(rebasing: bytes[(index * pixels.bytesPerRow)...]))
      }
      row += 1
      // The rows of the large picture that end one of the small picture.
      if row == (made + 1) * height / rows { endRow() }
    }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    let channels = kind.channelCount, hasAlpha = kind.channels.hasAlpha
    let step = channels * sampleSize
    for column in 0..<columns {
      let start = column * width / columns, end = (column + 1) * width / columns
      var sum = (0, 0, 0, 0)
      for x in start..<end {
        // The high bytes are enough for 8 bits.
        let pixel = x * step
        let alpha = hasAlpha ? Int(bytes[pixel + step - sampleSize]) : 255
        sum.0 += Int(bytes[pixel]) * alpha
        if channels > 2 {
          sum.1 += Int(bytes[pixel + sampleSize]) * alpha
          sum.2 += Int(bytes[pixel + 2 * sampleSize]) * alpha
        }
        sum.3 += alpha
      }
      sums[4 * column] += sum.0
      sums[4 * column + 1] += sum.1
      sums[4 * column + 2] += sum.2
      sums[4 * column + 3] += sum.3
    }
  }

  private mutating func endRow() {
    func mean(_ sum: Int, _ weight: Int) -> UInt8 {
      UInt8(clamping: weight > 0 ? (sum + weight / 2) / weight : 0)
    }
    let covered = (made + 1) * height / rows - made * height / rows
    for column in 0..<columns {
      let own = sums[(4 * column)..<(4 * column + 4)], alpha = sums[4 * column + 3]
      for sum in own.prefix(kind.channelCount > 2 ? 3 : 1) { bytes.append(mean(sum, alpha)) }
      let count = covered * ((column + 1) * width / columns - column * width / columns)
      if kind.channels.hasAlpha { bytes.append(mean(alpha, count)) }
    }
    for index in sums.indices { sums[index] = 0 }
    made += 1
  }

  /// The small picture, when all rows have come.
  ///
  /// - Throws: `PRNZipError`.
  func finish() throws(PRNZipError) -> PixelBuffer {
    try PixelBuffer(width: columns, height: rows, kind: kind, depth: 8, bytes: bytes)
  }
}
