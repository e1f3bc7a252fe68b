import Bytes
import CPRNZip
import PRNZip

/// Copies bytes of the caller, so that what happens to them meanwhile cannot matter.
///
/// - Parameters:
///   - data: where they are; nil if there are none.
///   - size: how many, as a size_t: a negative one is larger than any memory.
///   - name: of the argument.
///   - limit: the most bytes.
/// - Returns: a copy.
/// - Throws: `PRNZIP_INVALID_ARGUMENT`, `PRNZIP_LIMIT_EXCEEDED`, `PRNZIP_OUT_OF_MEMORY`.
func bytes(
  _ data: UnsafeRawPointer?, _ size: Int, _ name: String, limit: Int
) throws(Failure) -> [UInt8] {
  guard size >= 0 else { throw .argument("\(name)_size is \(UInt(bitPattern: size))") }
  guard size > 0 else { return [] }
  guard let data else { throw .argument("\(name) is NULL, and \(name)_size \(size)") }
  guard size <= limit else {
    throw Failure(.limitExceeded(what: "bytes of memory", value: size, limit: limit))
  }
  guard Memory.canAllocate(size) else { throw .outOfMemory(size) }
  return [UInt8](UnsafeRawBufferPointer(start: data, count: size))
}

/// Copies pixels of the caller.
///
/// - Parameters:
///   - pointer: to pixels of any kind.
///   - limit: the most bytes.
/// - Returns: a copy.
/// - Throws: `PRNZIP_INVALID_ARGUMENT`, `PRNZIP_LIMIT_EXCEEDED`, `PRNZIP_OUT_OF_MEMORY`.
func pixels(
  _ pointer: UnsafePointer<prnzip_pixels>?, limit: Int
) throws(Failure) -> PixelBuffer {
  guard let pointer else { throw .argument("pixels is NULL") }
  let pixels = UnsafeRawPointer(pointer).loadUnaligned(as: prnzip_pixels.self)
  let kinds: [UInt32: PixelBuffer.Kind] = [1: .gray, 2: .grayAlpha, 3: .rgb, 4: .rgba]
  guard let kind = kinds[pixels.channels] else {
    throw .argument("pixels of \(pixels.channels) channels, not 1 to 4")
  }
  guard (1..<1 << 31).contains(pixels.width), (1..<1 << 31).contains(pixels.height) else {
    throw .argument("\(pixels.width) x \(pixels.height) pixels")
  }
  guard pixels.depth == 8 || pixels.depth == 16 else {
    throw .argument("samples of \(pixels.depth) bits, not 8 or 16")
  }
  let (width, height) = (Int(pixels.width), Int(pixels.height))
  let row = width * kind.channelCount * Int(pixels.depth / 8)
  let stride = pixels.stride == 0 ? row : pixels.stride
  let (before, overflow) = stride.multipliedReportingOverflow(by: height - 1)
  guard stride >= row, !overflow, pixels.size >= row, before <= pixels.size - row else {
    throw .argument(
      "\(UInt(bitPattern: pixels.size)) bytes for \(height) rows of \(row) bytes, "
        + "one every \(UInt(bitPattern: stride)) bytes")
  }
  guard let data = pixels.data else { throw .argument("pixels->data is NULL") }
  let count = row * height
  guard count <= limit else {
    throw Failure(.limitExceeded(what: "bytes of memory", value: count, limit: limit))
  }
  guard Memory.canAllocate(count) else { throw .outOfMemory(count) }
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
    let target = UnsafeMutableRawBufferPointer(target)
    for index in 0..<height {
      UnsafeMutableRawBufferPointer(rebasing: target[index * row..<(index + 1) * row])
        .copyMemory(from: UnsafeRawBufferPointer(start: data + index * stride, count: row))
    }
    filled = count
  }
  return try Failure.of { () throws(PRNZipError) in
    try PixelBuffer(
      width: width, height: height, kind: kind, depth: Int(pixels.depth), bytes: bytes)
  }
}

/// The region that a caller asks for; nil for all pixels. Whether it lies in the image, the decoder
/// says.
func region(_ pointer: UnsafePointer<prnzip_region>?) -> PixelRegion? {
  guard let pointer else { return nil }
  let region = UnsafeRawPointer(pointer).loadUnaligned(as: prnzip_region.self)
  return PixelRegion(
    x: Int(region.x), y: Int(region.y), width: Int(region.width), height: Int(region.height))
}
