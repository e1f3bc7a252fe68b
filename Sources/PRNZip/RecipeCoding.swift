import AdaptiveCoding
import Bytes
import Container
import EntropyCoding
import PNGFile

/// A `PNGRecipe` as a section holds it: one entry, compressed as those of metadata are.
enum RecipeCoding {
  /// That of the filters of a PNG file's rows, which a recipe mostly is.
  private static let type = Array("fLTr".utf8)

  /// The payload of a `recipe` section; nil for a recipe that is too long to be coded.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  static func encode(_ recipe: PNGRecipe) throws(PRNZipError) -> [UInt8]? {
    let bytes = recipe.encoded()
    guard bytes.count < Metadata.codedLimit - 16 else { return nil }
    var entry = type
    entry.append(varint: bytes.count)
    do throws(EntropyCodingError) {
      return try EntryCodec.encode(entry + bytes)
    } catch {
      throw .outOfMemory(OutOfMemory(bytes: bytes.count))
    }
  }

  /// The recipe of a payload.
  ///
  /// - Parameter stream: any bytes.
  /// - Returns: the recipe.
  /// - Throws: `PRNZipError.container`, `png`, `outOfMemory`.
  static func decode(_ stream: ArraySlice<UInt8>) throws(PRNZipError) -> PNGRecipe {
    let limit = Metadata.codedLimit
    let entry: [UInt8]?
    do throws(EntropyCodingError) {
      entry = try EntryCodec.decode(stream, limit: limit)
    } catch .outOfMemory {
      throw .outOfMemory(OutOfMemory(bytes: stream.count))
    } catch {
      throw .container(.corrupt(reason: "recipe: \(error)"))
    }
    guard let entry else {
      throw .limitExceeded(what: "bytes of a recipe", value: limit, limit: limit)
    }
    var reader = ByteReader<PRNZipError>(entry, entry.indices) { _ in
      .container(.corrupt(reason: "a recipe that is no entry"))
    }
    guard try reader.array(type.count) == type else {
      throw .container(.corrupt(reason: "a recipe of another type"))
    }
    let bytes = try reader.array(try reader.varint())
    guard reader.remaining == 0 else {
      throw .container(.corrupt(reason: "\(reader.remaining) bytes behind a recipe"))
    }
    do {
      return try PNGRecipe(decoding: bytes)
    } catch {
      throw PRNZipError(error)
    }
  }
}
