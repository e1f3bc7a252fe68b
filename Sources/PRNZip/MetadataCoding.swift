import AdaptiveCoding
import Bytes
import Container
import EntropyCoding

/// `Metadata` as a section holds it: its entries, coded; or deflated, if they are too many.
enum MetadataCoding {
  /// A section's payload and its kind; empty where there is nothing to keep.
  ///
  /// Complexity: O(bytes of the chunks).
  ///
  /// - Throws: `PRNZipError.outOfMemory`, `container`.
  static func encode(
    _ metadata: Metadata
  ) throws(PRNZipError) -> (payload: [UInt8], kind: SectionKind) {
    if metadata.isEmpty { return ([], .metadata) }
    let entries: [UInt8]
    do throws(ContainerError) {
      entries = try metadata.encoded()
    } catch {
      throw PRNZipError(error)
    }
    if entries.count > Metadata.codedLimit {
      return try deflated(entries).map { ($0, .deflatedMetadata) } ?? (entries, .plainMetadata)
    }
    do throws(EntropyCodingError) {
      return (try EntryCodec.encode(entries), .metadata)
    } catch {
      throw .outOfMemory(OutOfMemory(bytes: entries.count))
    }
  }

  /// The payload of a deflated section; nil where that is not smaller, or unpacks to too much.
  private static func deflated(_ entries: [UInt8]) throws(PRNZipError) -> [UInt8]? {
    guard entries.count <= Metadata.deflatedLimit else { return nil }
    var payload: [UInt8] = []
    payload.append(varint: entries.count)
    do throws(OutOfMemory) {
      payload += try Deflate.deflate(entries)
    } catch {
      throw .outOfMemory(error)
    }
    return payload.count < entries.count ? payload : nil
  }

  /// The entries of a deflated section.
  private static func inflated(
    _ prn: [UInt8], _ payload: Range<Int>
  ) throws(PRNZipError) -> [UInt8] {
    var reader = ByteReader<PRNZipError>(prn, payload) { _ in
      .container(.corrupt(reason: "a size of metadata that is none"))
    }
    let count = try reader.varint()
    guard count <= Metadata.deflatedLimit else {
      throw .container(.metadataTooLarge(bytes: count, limit: Metadata.deflatedLimit))
    }
    let stream = prn[reader.position..<payload.upperBound]
    do throws(OutOfMemory) {
      if let entries = try Deflate.inflate(stream, count: count) { return entries }
    } catch {
      throw .outOfMemory(error)
    }
    throw .container(.corrupt(reason: "metadata that is not deflated"))
  }

  /// The metadata of a section.
  ///
  /// - Throws: `PRNZipError.container`, `outOfMemory`.
  static func decode(_ prn: [UInt8], _ section: Section) throws(PRNZipError) -> Metadata {
    if section.kind == .plainMetadata { return try metadata(prn, section.payload) }
    if section.kind == .deflatedMetadata {
      let entries = try inflated(prn, section.payload)
      return try metadata(entries, entries.indices)
    }
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
