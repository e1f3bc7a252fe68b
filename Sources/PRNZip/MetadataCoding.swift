import AdaptiveCoding
import Bytes
import Container
import EntropyCoding

/// `Metadata` as a section holds it: its entries, coded unless they are too many.
enum MetadataCoding {
  /// A section's payload, and whether it is not coded; empty where there is nothing to keep.
  ///
  /// Complexity: O(bytes of the chunks).
  ///
  /// - Throws: `PRNZipError.outOfMemory`, `container`.
  static func encode(
    _ metadata: Metadata
  ) throws(PRNZipError) -> (payload: [UInt8], isPlain: Bool) {
    if metadata.isEmpty { return ([], false) }
    let entries: [UInt8]
    do throws(ContainerError) {
      entries = try metadata.encoded()
    } catch {
      throw PRNZipError(error)
    }
    if entries.count > Metadata.codedLimit { return (entries, true) }
    do throws(EntropyCodingError) {
      return (try EntryCodec.encode(entries), false)
    } catch {
      throw .outOfMemory(OutOfMemory(bytes: entries.count))
    }
  }

  /// The metadata of a section.
  ///
  /// - Throws: `PRNZipError.container`, `outOfMemory`.
  static func decode(_ prn: [UInt8], _ section: Section) throws(PRNZipError) -> Metadata {
    if section.kind == .plainMetadata { return try metadata(prn, section.payload) }
    let entries = try entries(prn[section.payload], limit: Metadata.codedLimit)
    return try metadata(entries, entries.indices)
  }

  /// The metadata of coded entries.
  ///
  /// - Parameters:
  ///   - stream: any bytes.
  ///   - limit: the most bytes that the entries may come to.
  /// - Returns: the metadata.
  /// - Throws: `PRNZipError.container`, `outOfMemory`.
  static func decode(
    _ stream: ArraySlice<UInt8>, limit: Int
  ) throws(PRNZipError) -> Metadata {
    let entries = try entries(stream, limit: limit)
    return try metadata(entries, entries.indices)
  }

  private static func entries(
    _ stream: ArraySlice<UInt8>, limit: Int
  ) throws(PRNZipError) -> [UInt8] {
    do throws(EntropyCodingError) {
      if let entries = try EntryCodec.decode(stream, limit: limit) { return entries }
    } catch .outOfMemory {
      throw .outOfMemory(OutOfMemory(bytes: stream.count))
    } catch {
      throw .container(.corrupt(reason: "metadata: \(error)"))
    }
    throw .container(.metadataTooLarge(bytes: limit, limit: limit))
  }

  private static func metadata(
    _ bytes: [UInt8], _ range: Range<Int>
  ) throws(PRNZipError) -> Metadata {
    do throws(ContainerError) {
      return try Metadata.decode(bytes, range)
    } catch {
      throw PRNZipError(error)
    }
  }
}
