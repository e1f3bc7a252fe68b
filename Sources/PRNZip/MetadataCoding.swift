import AdaptiveCoding
import Bytes
import Container
import EntropyCoding

/// `Metadata` as a section holds it: its entries, compressed.
enum MetadataCoding {
  /// The payload of a `metadata` section; empty where there is nothing to keep.
  ///
  /// Complexity: O(bytes of the chunks).
  ///
  /// - Throws: `PRNZipError.outOfMemory`, `container`.
  static func encode(_ metadata: Metadata) throws(PRNZipError) -> [UInt8] {
    if metadata.isEmpty { return [] }
    let entries: [UInt8]
    do throws(ContainerError) {
      entries = try metadata.encoded()
    } catch {
      throw PRNZipError(error)
    }
    do throws(EntropyCodingError) {
      return try EntryCodec.encode(entries)
    } catch {
      throw .outOfMemory(OutOfMemory(bytes: entries.count))
    }
  }

  /// The metadata of a payload.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - range: where the payload lies in it.
  ///   - limit: the most bytes that its entries may come to.
  /// - Throws: `PRNZipError.container`, `outOfMemory`.
  static func decode(
    _ bytes: [UInt8], _ range: Range<Int>, limit: Int
  ) throws(PRNZipError) -> Metadata {
    let entries: [UInt8]?
    do throws(EntropyCodingError) {
      entries = try EntryCodec.decode(bytes[range], limit: limit)
    } catch .outOfMemory {
      throw .outOfMemory(OutOfMemory(bytes: range.count))
    } catch {
      throw .container(.corrupt(reason: "metadata: \(error)"))
    }
    guard let entries else {
      throw .container(.metadataTooLarge(bytes: limit, limit: limit))
    }
    do throws(ContainerError) {
      return try Metadata.decode(entries, entries.indices)
    } catch {
      throw PRNZipError(error)
    }
  }
}
