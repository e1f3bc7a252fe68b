import Bytes
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

  /// The digest of an image's samples: row by row, of each pixel a byte of every plane.
  ///
  /// - Throws: `OutOfMemory` if there is none for a row.
  static func of(_ image: Image) throws(OutOfMemory) -> [UInt8] {
    var hash = SHA256()
    try image.forEachInterleavedRows(atOnce: image.interleavedRowsAtOnce()) { rows in
      hash.update(bufferPointer: UnsafeRawBufferPointer(rows))
    }
    return Array(hash.finalize().prefix(16))
  }
}
