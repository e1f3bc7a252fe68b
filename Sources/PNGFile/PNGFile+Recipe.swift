import Bytes
import CPNGShims
import ImagePlanes

extension PNGFile {
  /// Encodes an image with its metadata as a recipe says: byte for byte the file that
  /// `PNGRecipe.find` was given, if image, metadata and trailing bytes are its own.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - image: of a format that PNG has.
  ///   - metadata: as for the other `encode`.
  ///   - recipe: of this image; it says whether the file is interlaced.
  ///   - trailing: what to write behind IEND.
  ///   - limits: `maximumBytes` bounds the image data and the file.
  ///   - isCancelled: is asked at each row whether to end early.
  /// - Returns: the file.
  /// - Throws: `PNGError.damagedRecipe` for a recipe of another image, `unsupported`,
  ///   `illegalMetadata`, `tooMuchMemory`, `outOfMemory`, `writing(.cancelled)`.
  public static func encode(
    _ image: Image, metadata: [PNGChunk], recipe: PNGRecipe, trailing: [UInt8] = [],
    limits: PNGLimits = PNGLimits(), isCancelled: () -> Bool = { false }
  ) throws(PNGError) -> [UInt8] {
    try check(image)
    let (before, behind) = try split(metadata, of: image.format)
    var stream = try recipe.stream(of: image, limits: limits, isCancelled)
    try recipe.patches.apply(to: &stream)
    let count = recipe.lengths.count(of: stream.count)
    if case .list(let lengths) = recipe.lengths {
      let sum = lengths.reduce(0, +)
      guard sum == stream.count else {
        throw .damagedRecipe("chunks of \(sum) bytes for a stream of \(stream.count)")
      }
    }
    let metadataSize = metadata.reduce(0) { $0 + 12 + $1.data.count }
    let size = 8 + 25 + 12 + 12 * count + stream.count + metadataSize + trailing.count
    try limits.check(bytes: size)
    guard Memory.canAllocate(size) else { throw .outOfMemory(OutOfMemory(bytes: size)) }
    var file: [UInt8] = []
    file.reserveCapacity(size)
    file += ChunkWalker.signature
    var header: [UInt8] = []
    for number in [image.width, image.height] {
      header.append(littleEndian: UInt32(truncatingIfNeeded: number).byteSwapped)
    }
    header += [
      UInt8(image.format.depth), image.format.channels.pngColourType, 0, 0,
      recipe.isInterlaced ? 1 : 0,
    ]
    file.append(chunk: Array("IHDR".utf8), header[...])
    for chunk in before { file.append(chunk: chunk.type, chunk.data[...]) }
    var start = 0
    for index in 0..<count {
      let length = recipe.lengths.length(of: index, size: stream.count)
      guard length <= 0x7FFF_FFFF else { throw .damagedRecipe("a chunk of \(length) bytes") }
      file.append(chunk: PNGChunk.imageDataMark.type, stream[start..<start + length])
      start += length
    }
    for chunk in behind { file.append(chunk: chunk.type, chunk.data[...]) }
    file.append(chunk: Array("IEND".utf8), [])
    return file + trailing
  }
}

extension [UInt8] {
  /// Appends a chunk with its length and CRC.
  fileprivate mutating func append(chunk type: [UInt8], _ data: ArraySlice<UInt8>) {
    append(littleEndian: UInt32(truncatingIfNeeded: data.count).byteSwapped)
    let start = count
    self += type
    self += data
    append(littleEndian: crc32(self[start...]).byteSwapped)
  }
}

extension PNGRecipe {
  /// The stream of the image data, before it is patched.
  ///
  /// - Throws: `PNGError`.
  fileprivate func stream(
    of image: Image, limits: PNGLimits, _ isCancelled: () -> Bool
  ) throws(PNGError) -> [UInt8] {
    let layout = RowLayout(
      width: image.width, height: image.height, format: image.format, isInterlaced: isInterlaced)
    try check(layout)
    let sampleBytes = image.planes.count * image.width
    let rowBytes = layout.longestRow
    do {
      try Memory.check(sampleBytes + 3 * rowBytes + 1)
    } catch {
      throw .outOfMemory(error)
    }
    var samples = [UInt8](repeating: 0, count: sampleBytes)
    var (row, prior) = ([UInt8](repeating: 0, count: rowBytes), [UInt8]())
    var filtered = [UInt8](repeating: 0, count: 1 + rowBytes)
    var stream = header
    let sink: DeflateWriter.Sink = { bytes throws(PNGError) in
      let size = stream.count + bytes.count
      try limits.check(bytes: size)
      if size > stream.capacity {
        guard Memory.canAllocate(2 * size) else {
          throw .outOfMemory(OutOfMemory(bytes: 2 * size))
        }
        stream.reserveCapacity(2 * size)
      }
      stream.append(contentsOf: bytes)
      return true
    }
    let writer = try DeflateWriter(method, size: layout.size)
    var types = FilterTypes(filters)
    var number = 0
    for pass in layout.passes {
      let count = layout.rowBytes(pass)
      prior = [UInt8](repeating: 0, count: rowBytes)
      for index in 0..<pass.height {
        image.pack(index, of: pass, layout, through: &samples, into: &row)
        if !padding.isEmpty { row[count - 1] |= padding[number] & layout.padding(pass) }
        let type = types.next(row, prior: prior, count: count, step: layout.step)
        try filtered.withUnsafeMutableBufferPointer { filtered throws(PNGError) in
          guard let base = filtered.baseAddress else { return }
          base[0] = type
          prn_filter_row(Int32(type), row, prior, count, layout.step, base + 1)
          _ = try writer.give(
            UnsafeBufferPointer(rebasing: filtered[..<(1 + count)]), sink)
        }
        swap(&row, &prior)
        number += 1
        if isCancelled() { throw .writing(.cancelled) }
      }
    }
    _ = try writer.finish(sink)
    return stream
  }

  /// Checks that the recipe is one for such rows.
  private func check(_ layout: RowLayout) throws(PNGError) {
    let (rows, size) = (layout.rowCount, layout.size)
    guard padding.isEmpty || padding.count == rows else {
      throw .damagedRecipe("padding of \(padding.count) rows for \(rows)")
    }
    switch filters {
    case .list(let types) where types.count != rows:
      throw .damagedRecipe("filters of \(types.count) rows for \(rows)")
    case .rule(_, let exceptions) where (exceptions.last?.row ?? 0) >= rows:
      throw .damagedRecipe("a filter of row \(exceptions.last?.row ?? 0) of \(rows)")
    default: break
    }
    switch method {
    case .stored(let runs):
      guard DeflateMethod.fit(runs, size: size) else {
        throw .damagedRecipe("stored blocks of \(size) bytes")
      }
    case .zlib(_, let flushes):
      guard flushes.fit(size: size) else { throw .damagedRecipe("flushes of \(size) bytes") }
    }
  }
}

extension RowLayout {
  /// Puts samples of a row, [column][plane], into bytes as they are in the file.
  func pack(
    _ samples: UnsafeMutableBufferPointer<UInt8>, of pass: Pass,
    into row: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let source = samples.baseAddress, let target = row.baseAddress else { return }
    if format.depth < 8 {
      prn_pack_row(source, pass.width, Int32(format.depth), target)
    } else {
      target.update(from: source, count: rowBytes(pass))
    }
  }
}

/// The filter types of rows, one after the other.
private struct FilterTypes {
  private let filters: RowFilters
  private var row = 0
  /// The next exception.
  private var index = 0

  init(_ filters: RowFilters) { self.filters = filters }

  /// The type of the next row.
  mutating func next(_ bytes: [UInt8], prior: [UInt8], count: Int, step: Int) -> UInt8 {
    defer { row += 1 }
    switch filters {
    case .list(let types): return types[row]
    case .rule(let rule, let exceptions):
      if index < exceptions.count, exceptions[index].row == row {
        index += 1
        return exceptions[index - 1].filter
      }
      guard rule.isChoice else { return UInt8(rule.candidates.trailingZeroBitCount) }
      return rule.choice(FilterSums.order(bytes, prior: prior, count: count, step: step))
    }
  }
}
