import CPRNZip
import Glibc
import Testing

@testable import PRNZipC

/// The functions as C calls them.
@Suite struct CallsTests {
  private static let samples = (0..<8 * 6 * 3).map { UInt8($0 % 7 * 30) }

  /// What encoding pixels gives.
  private func encoded(
    _ pixels: prnzip_pixels, options: prnzip_options? = nil, samples: [UInt8]? = nil
  ) -> (status: Int, prn: [UInt8]) {
    var samples = samples ?? Self.samples
    let options = options.map { [$0] }
    return samples.withUnsafeMutableBufferPointer { samples in
      var pixels = pixels
      pixels.data = samples.baseAddress
      pixels.size = samples.count
      var prn: UnsafeMutablePointer<UInt8>?
      var size = 0
      let status = encode(&pixels, options, &prn, &size, nil, 0)
      defer { release(prn) }
      return (Int(status), Array(UnsafeBufferPointer(start: prn, count: size)))
    }
  }

  private static func picture(
    width: UInt32 = 8, height: UInt32 = 6, channels: UInt32 = 3, depth: UInt32 = 8, stride: Int = 0
  ) -> prnzip_pixels {
    prnzip_pixels(
      data: nil, size: 0, stride: stride, width: width, height: height, channels: channels,
      depth: depth)
  }

  private static func options(_ change: (inout prnzip_options) -> Void) -> prnzip_options {
    var options = prnzip_options()
    options.size = MemoryLayout<prnzip_options>.size
    change(&options)
    return options
  }

  @Test func pixelsComeBack() {
    let (status, prn) = encoded(Self.picture())
    #expect(status == PRNZIP_OK)
    var pixels = prnzip_pixels()
    #expect(decode(prn, prn.count, nil, nil, &pixels, nil, 0) == PRNZIP_OK)
    #expect(pixels.width == 8 && pixels.height == 6 && pixels.channels == 3 && pixels.depth == 8)
    #expect(Array(UnsafeBufferPointer(start: pixels.data, count: pixels.size)) == Self.samples)
    release(pixels.data)
    var region = prnzip_region(x: 6, y: 2, width: 2, height: 1)
    #expect(decode(prn, prn.count, &region, nil, &pixels, nil, 0) == PRNZIP_OK)
    #expect(pixels.size == 6)
    #expect(
      Array(UnsafeBufferPointer(start: pixels.data, count: 6)) == Array(Self.samples[66..<72]))
    release(pixels.data)
    region.x = 7
    #expect(decode(prn, prn.count, &region, nil, &pixels, nil, 0) == PRNZIP_INVALID_ARGUMENT)
    #expect(pixels.data == nil && pixels.size == 0)
  }

  @Test func informationIsOnePiece() throws {
    let (_, prn) = encoded(Self.picture())
    var pointer: UnsafeMutablePointer<prnzip_info>?
    #expect(readInfo(prn, prn.count, nil, &pointer, nil, 0) == PRNZIP_OK)
    let info = try #require(pointer?.pointee)
    #expect(info.width == 8 && info.height == 6 && info.channels == 3 && info.depth == 8)
    #expect(info.file_bytes == prn.count)
    for index in 0..<Int(info.group_count) {
      let group = try #require(info.groups?[index])
      #expect(try !String(cString: #require(group.codec)).isEmpty)
      #expect(try !String(cString: #require(group.channels)).isEmpty)
    }
    release(pointer)
  }

  @Test func pixelsThatCannotBe() {
    let pictures = [
      Self.picture(width: 0), Self.picture(height: 0), Self.picture(channels: 0),
      Self.picture(channels: 5), Self.picture(depth: 4), Self.picture(width: 9),
      Self.picture(height: 7), Self.picture(width: 1 << 31), Self.picture(height: .max),
      Self.picture(stride: 23), Self.picture(stride: .max), Self.picture(stride: -1),
      Self.picture(height: 1 << 31 - 1, stride: 1 << 40),
    ]
    for pixels in pictures {
      let (status, prn) = encoded(pixels)
      #expect(status == PRNZIP_INVALID_ARGUMENT && prn.isEmpty)
    }
  }

  @Test func optionsThatCannotBe() {
    let changes: [(inout prnzip_options) -> Void] = [
      { $0.size = 0 }, { $0.size = 7 }, { $0.size = -1 }, { $0.size = 5000 }, { $0.effort = 4 },
      { $0.effort = -1 }, { $0.threads = 1025 }, { $0.reserved = 1 },
    ]
    for change in changes {
      let (status, _) = encoded(Self.picture(), options: Self.options(change))
      #expect(status == PRNZIP_INVALID_ARGUMENT)
    }
    let limited = Self.options { $0.max_pixels = 47 }
    #expect(encoded(Self.picture(), options: limited).status == PRNZIP_LIMIT_EXCEEDED)
    let small = Self.options { $0.max_result = 10 }
    #expect(encoded(Self.picture(), options: small).status == PRNZIP_LIMIT_EXCEEDED)
    let endless = Self.options {
      $0.max_pixels = .max
      $0.max_memory = .max
      $0.max_result = .max
    }
    #expect(encoded(Self.picture(), options: endless).status == PRNZIP_OK)
  }

  @Test func progressCancels() {
    var calls: Int32 = 0
    let status = withUnsafeMutablePointer(to: &calls) { calls in
      let options = Self.options {
        $0.user = UnsafeMutableRawPointer(calls)
        $0.progress = { _, user in
          user?.assumingMemoryBound(to: Int32.self).pointee += 1
          return 1
        }
      }
      return encoded(Self.picture(), options: options).status
    }
    #expect(status == PRNZIP_CANCELLED)
    #expect(calls == 1)
  }

  @Test(arguments: [1, 2, 5, 15, 40]) func messagesAreCut(_ room: Int) {
    var message = [CChar](repeating: 1, count: 64)
    var prn: UnsafeMutablePointer<UInt8>?
    var size = 1
    #expect(decompress("?", 1, nil, &prn, &size, &message, room) == PRNZIP_NOT_PRN)
    #expect(prn == nil && size == 0)
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    #expect(String(decoding: text, as: UTF8.self) == String("not a prn file".prefix(room - 1)))
    #expect(message[room...].allSatisfy { $0 == 1 })
  }
}
