import Crypto
import ImagePlanes

/// `sha256/16` of FORMAT.md: the first 16 bytes of SHA-256 (FIPS 180-4).
enum Digest {
  /// The digest of a file's bytes.
  static func of(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var hash = SHA256()
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
      hash.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if isContiguous == nil { hash.update(data: Array(bytes)) }
    return Array(hash.finalize().prefix(16))
  }

  /// The digest of an image's samples, row by row, R G B a pixel, or one byte a pixel of gray.
  ///
  /// Interleaves a few rows at a time, so that a large image isn't copied.
  static func of(_ image: Image) -> [UInt8] {
    var hash = SHA256()
    let (width, height, colours) = (image.width, image.height, image.colours)
    let rowsAtOnce = max(1, min(height, (1 << 16) / max(1, colours * width)))
    var buffer = [UInt8](repeating: 0, count: colours * width * rowsAtOnce)
    var row = 0
    while row < height {
      let rows = min(rowsAtOnce, height - row)
      let (first, count) = (row * width, rows * width)
      buffer.withUnsafeMutableBufferPointer { target in
        for colour in 0..<colours {
          image.planes[colour].samples.withUnsafeBufferPointer { source in
            for i in 0..<count { target[colours &* i &+ colour] = source[first &+ i] }
          }
        }
        hash.update(
          bufferPointer: UnsafeRawBufferPointer(
            UnsafeBufferPointer(rebasing: target[..<(colours * count)])))
      }
      row += rows
    }
    return Array(hash.finalize().prefix(16))
  }
}
