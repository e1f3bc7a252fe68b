import Bytes
import Crypto
import ImagePlanes

/// The first 16 bytes of SHA-256 (FIPS 180-4), of which a file has 4 or 8.
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
  /// - Throws: `PRNZipError.outOfMemory` if there is none for a row.
  static func of(_ image: Image) throws(PRNZipError) -> [UInt8] {
    var hash = SHA256()
    try add(image, to: &hash)
    return Array(hash.finalize().prefix(16))
  }

  /// Adds an image's samples, or some of its rows, to a hash.
  ///
  /// - Throws: `PRNZipError.outOfMemory` if there is none for a row.
  static func add(_ image: Image, to hash: inout SHA256) throws(PRNZipError) {
    do throws(OutOfMemory) {
      try image.forEachInterleavedRows(atOnce: image.interleavedRowsAtOnce()) { rows in
        hash.update(bufferPointer: UnsafeRawBufferPointer(rows))
      }
    } catch {
      throw .outOfMemory(error)
    }
  }
}
