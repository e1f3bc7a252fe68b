import Bytes
import Container

/// The bytes of `Metadata`, compressed.
enum MetadataCoding {
  /// The payload of a `metadata` section.
  ///
  /// - Throws: `PRNZipError.outOfMemory`, `container`.
  static func encode(_ metadata: Metadata) throws(PRNZipError) -> [UInt8] {
    if metadata.isEmpty { return [] }
    do throws(ContainerError) {
      return try metadata.encoded()
    } catch {
      throw PRNZipError(error)
    }
  }

  /// The metadata of a payload.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - range: where the payload lies in it.
  ///   - limit: the most bytes that it may unpack to.
  /// - Throws: `PRNZipError.container`, `outOfMemory`.
  static func decode(
    _ bytes: [UInt8], _ range: Range<Int>, limit: Int
  ) throws(PRNZipError) -> Metadata {
    do throws(ContainerError) {
      return try Metadata.decode(bytes, range)
    } catch {
      throw PRNZipError(error)
    }
  }
}
