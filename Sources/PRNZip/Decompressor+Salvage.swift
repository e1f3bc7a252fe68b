import Bytes
import Container
import ImagePlanes
import PNGFile
import PNMFile
import TileCoding

/// What could be saved of a damaged prn file.
public struct Salvage: Sendable {
  /// A part of the image that is missing.
  public struct Missing: Equatable, Sendable {
    /// Its first row.
    public let row: Int
    /// Its first column.
    public let column: Int
    /// Rows of it.
    public let height: Int
    /// Columns of it.
    public let width: Int
    /// Why.
    public let reason: PRNZipError
  }

  /// The PNG or PNM file. What is missing is transparent, or mid-gray where there is no alpha; of a
  /// palette, the first colour.
  public let file: [UInt8]
  /// What is missing of the image, group by group: of some rectangles, only a channel may be.
  public let missing: [Missing]
  /// What else is wrong: chunks that are lost, a digest that does not fit.
  public let problems: [PRNZipError]

  /// Whether nothing was damaged.
  public var isWhole: Bool { missing.isEmpty && problems.isEmpty }
}

extension Decompressor {
  /// Saves what can be saved of a damaged prn file: damage to a section costs what that section
  /// holds, a tile or a few, and nothing else.
  ///
  /// The header must be right. The image is held as a whole, also one in strips. Of a stored file,
  /// the bytes that are there come back. Where bytes have been lost or have come in, so that it
  /// cannot be told which section is which, those in doubt count as missing; but sections that have
  /// gone without a trace, whole ones, are taken for the last ones. Tiles are checked against their
  /// sections' checksums, and not against the digest, which is that of the whole.
  ///
  /// Complexity: O(bytes + pixels * multiplications per pixel).
  ///
  /// - Parameter prn: the file; any bytes may be given.
  /// - Returns: the file that could be made, and what is missing in it.
  /// - Throws: `PRNZipError` for a file of which nothing can be told, or an unknown model, or one
  ///   that is over the limits.
  public func salvage(_ prn: [UInt8]) throws(PRNZipError) -> Salvage {
    do throws(PRNZipError) {
      return Salvage(file: try decompress(prn), missing: [], problems: [])
    } catch .container, .png, .pnm, .digestMismatch, .corruptTile, .corruptSmallTile {
      return try salvageDamaged(prn)
    }
  }

  private func salvageDamaged(_ prn: [UInt8]) throws(PRNZipError) -> Salvage {
    let parts = try PRNSalvage(
      prn,
      smallTileCount: { header, group throws(PRNZipError) in
        try smallTileCount(header, group)
      }, refusal: { PRNZipError($0) })
    let header = parts.header
    if let stored = parts.stored { return try salvageStored(prn, stored, header) }
    guard let format = header.format else {
      throw .container(.corrupt(reason: "pixels that PNG does not have"))
    }
    try options.limits.check(width: header.width, height: header.height)
    try options.limits.check(image: format, header, file: prn.count)
    var problems: [PRNZipError] = []
    var metadata = metadata(prn, parts.metadata, &problems)
    if case .lost(let error) = parts.recipe { problems.append(PRNZipError(error)) }
    var image = try Image.black(format, width: header.width, height: header.height)
    var missing: [Salvage.Missing] = []
    var row = 0
    for part in parts.parts {
      if part.row > row { missing.append(Self.rows(row..<part.row, of: header)) }
      let losses = Losses()
      let strip = try self.image(part, metadata, prn, losses)
      image.paste(strip, row: part.row, column: 0)
      if losses.all.isEmpty {
        do throws(PRNZipError) {
          try verify(part.header, Digest.of(strip))
        } catch {
          problems.append(error)
        }
      }
      missing += losses.all.map { loss in
        Salvage.Missing(
          row: part.row + loss.rectangle.row, column: loss.rectangle.column,
          height: loss.rectangle.height, width: loss.rectangle.width, reason: loss.error)
      }
      row = part.row + part.header.height
    }
    if row < header.height { missing.append(Self.rows(row..<header.height, of: header)) }
    for part in missing { image.fill(part) }
    try salvage(
      parts.films, of: header, &metadata, image, isWhole: missing.isEmpty, prn, &problems)
    let file = try file(of: image, header, metadata, &problems)
    if missing.isEmpty, problems.isEmpty {
      // Something that is in no section.
      problems.append(.container(.corrupt(reason: "bytes that are of no section")))
    }
    return Salvage(file: file, missing: missing, problems: problems)
  }

  /// Rows of which no strip is there.
  private static func rows(_ rows: Range<Int>, of header: Header) -> Salvage.Missing {
    Salvage.Missing(
      row: rows.lowerBound, column: 0, height: rows.count, width: header.width,
      reason: .container(.corrupt(reason: "a strip whose header is missing")))
  }

  /// How many sections the small image of a group has.
  private func smallTileCount(_ header: Header, _ group: Group) throws(PRNZipError) -> Int {
    let (width, height) = header.extent(of: group)
    guard case .network(let identity, _, _) = group.parameters,
      let sections = group.sections(width: width, height: height)
    else { return 0 }
    let decoder = GroupDecoder(options: options, header: header)
    let isChroma = header.lattice != nil && group.channels == Header.Channels.chroma
    let model = try decoder.model(
      identity, planes: group.codedPlanes(alpha: header.alphaChannel) + (isChroma ? 1 : 0),
      of: group)
    return SmallImage(of: model, sections)?.sections.count ?? 0
  }

  private func metadata(
    _ prn: [UInt8], _ slot: PRNSalvage.Slot?, _ problems: inout [PRNZipError]
  ) -> Metadata {
    switch slot {
    case nil: return Metadata()
    case .lost(let error): problems.append(PRNZipError(error))
    case .found(let section):
      do throws(PRNZipError) {
        return try MetadataCoding.decode(prn, section)
      } catch {
        problems.append(error)
      }
    }
    return Metadata()
  }

  /// Puts the frames of an animation into its chunks; takes these out if a film is lost.
  private func salvage(
    _ films: [PRNSalvage.Slot], of header: Header, _ metadata: inout Metadata, _ image: Image,
    isWhole: Bool, _ prn: [UInt8], _ problems: inout [PRNZipError]
  ) throws(PRNZipError) {
    guard let count = header.filmCount else { return }
    let trailing = metadata.trailing
    let chunks = metadata.chunks
    metadata = Metadata(Animation.still(chunks))
    metadata.trailing = trailing
    do throws(PRNZipError) {
      var sections: [Section] = []
      for film in films {
        switch film {
        case .found(let section): sections.append(section)
        case .lost(let error): throw PRNZipError(error)
        }
      }
      guard sections.count == count else {
        throw .container(.corrupt(reason: "films are missing"))
      }
      var content = Modelled(
        image: image, metadata: Metadata(chunks), isInterlaced: header.isInterlaced)
      content.films = try self.films(sections, of: header, content.metadata, prn) { _ in }
      if !isWhole, content.films?.sources.sources.contains(.image) ?? false {
        problems.append(.container(.corrupt(reason: "frames that are the image miss the same")))
      }
      metadata = Metadata(try self.chunks(of: content))
      metadata.trailing = trailing
    } catch .container(let error) {
      problems.append(.container(error))
    } catch .png(let error) {
      problems.append(.png(error))
    } catch .limitExceeded(let what, let value, let limit) {
      problems.append(.limitExceeded(what: what, value: value, limit: limit))
    } catch {
      throw error
    }
  }

  /// The image of a part, as far as its sections are there.
  private func image(
    _ part: PRNSalvage.Part, _ metadata: Metadata, _ prn: [UInt8], _ losses: Losses
  ) throws(PRNZipError) -> Image {
    let header = part.header
    guard let format = header.format else {
      throw .container(.corrupt(reason: "pixels that PNG does not have"))
    }
    var decoder = GroupDecoder(options: options, header: header)
    decoder.losses = losses
    let mapping = GroupMapping(header: header, metadata: metadata)
    var channels = try header.blackChannels(format)
    for (index, group) in header.groups.enumerated() {
      do throws(PRNZipError) {
        if group.codec == .constant {
          try mapping.apply(group, nil, to: &channels)
          continue
        }
        guard part.tiles.indices.contains(index) else {
          throw .container(.corrupt(reason: "more sections than are looked for"))
        }
        let sections = losses.begin(
          smallTiles: part.smallTiles[index], tiles: part.tiles[index])
        let sizes = header.groups.indices.map { $0 == index ? sections.size : Int.max >> 32 }
        try Limits.checkShares(of: header, sizes: sizes)
        let planes = try decoder.planes(
          of: group, sections, prn, known: header.knownPlanes(of: group, channels), nil)
        try mapping.apply(group, planes, to: &channels)
      } catch .container(let error) {
        losses.addAll(of: header, .container(error))
      } catch .corruptSmallTile(let index, let error) {
        losses.addAll(of: header, .corruptSmallTile(index: index, error))
      } catch .corruptTile(let index, let error) {
        losses.addAll(of: header, .corruptTile(index: index, error))
      } catch .limitExceeded(let what, let value, let limit) {
        losses.addAll(of: header, .limitExceeded(what: what, value: value, limit: limit))
      } catch {
        throw error
      }
    }
    var image = header.image(format, channels, threads: options.threads)
    mapping.hide(in: &image)
    return image
  }

  /// The bytes of a stored file that are there.
  private func salvageStored(
    _ prn: [UInt8], _ payload: Range<Int>, _ header: Header
  ) throws(PRNZipError) -> Salvage {
    guard Memory.canAllocate(payload.count) else {
      throw .outOfMemory(OutOfMemory(bytes: payload.count))
    }
    let file = Array(prn[payload])
    var problems: [PRNZipError] = []
    do throws(PRNZipError) {
      _ = try storedFile(header, prn[payload])
    } catch {
      problems.append(error)
    }
    let whole = Salvage.Missing(
      row: 0, column: 0, height: header.height, width: header.width,
      reason: .container(.corrupt(reason: "a stored file that is damaged")))
    guard problems.isEmpty else {
      return Salvage(file: file, missing: [whole], problems: problems)
    }
    // The file may be right, and what is around it not.
    do throws(ContainerError) {
      _ = try PRNFile(prn)
    } catch {
      problems.append(PRNZipError(error))
    }
    return Salvage(file: file, missing: [], problems: problems)
  }

  /// The file of an image, with what metadata there is.
  private func file(
    of image: Image, _ header: Header, _ metadata: Metadata, _ problems: inout [PRNZipError]
  ) throws(PRNZipError) -> [UInt8] {
    if header.isPNM {
      let sink = ArraySink()
      let known = try? pnmHeader(header, metadata)
      let pnm = try PRNZipError.pnm { () throws(PNMError) in
        if let known { return known }
        return try PNMHeader(image.format, width: image.width, height: image.height)
      }
      try PRNZipError.pnm { () throws(PNMError) in
        let writer = try PNMStripWriter(pnm, trailing: metadata.trailing, to: sink)
        try writer.write(image)
        try writer.finish()
      }
      return sink.take()
    }
    func encode(_ metadata: Metadata) throws(PNGError) -> [UInt8] {
      try PNGFile.encode(
        image, metadata: metadata.chunks, isInterlaced: header.isInterlaced,
        trailing: metadata.trailing, level: options.level, filters: .tried,
        threads: options.threads)
    }
    do throws(PNGError) {
      return try encode(metadata)
    } catch .illegalMetadata where header.colourType == 3 {
      // Grays in the place of a palette that is lost.
      let last = (1 << Int(header.sampleDepth)) - 1
      let grays = (0...last).flatMap { index in
        [UInt8](repeating: UInt8(255 * index / last), count: 3)
      }
      var other = metadata
      other.beforeImage.removeAll { $0.type == Array("PLTE".utf8) }
      other.beforeImage.insert(.init(type: Array("PLTE".utf8), data: grays), at: 0)
      return try PRNZipError.png { () throws(PNGError) in try encode(other) }
    } catch {
      throw PRNZipError(error)
    }
  }
}

extension Image {
  /// Makes a part transparent, or mid-gray where there is no alpha; of a palette, its first colour.
  fileprivate mutating func fill(_ part: Salvage.Missing) {
    let rectangle = TileRectangle(
      row: part.row, column: part.column, height: part.height, width: part.width)
    let value: UInt8 =
      format.channels.hasAlpha || format.channels == .palette
      ? 0 : format.depth > 8 ? 128 : UInt8(truncatingIfNeeded: 1 << (format.depth - 1))
    let plane = Plane(width: rectangle.width, height: rectangle.height, repeating: value)
    for index in planes.indices {
      planes[index].paste(plane, row: rectangle.row, column: rectangle.column)
    }
  }
}
