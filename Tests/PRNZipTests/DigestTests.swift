import Bytes
import Crypto
import ImagePlanes
import TestSupport
import Testing

@testable import PRNZip

@Suite struct DigestTests {
  /// FIPS 180-4's example.
  @Test func ofBytes() {
    #expect(hexadecimal(Digest.of(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223")
    #expect(Digest.of(Array("xabcx".utf8)[1..<4]) == Digest.of(Array("abc".utf8)))
    #expect(hexadecimal(Digest.of([] as [UInt8])) == "e3b0c44298fc1c149afbf4c8996fb924")
  }

  @Test(arguments: [(1, 1), (300, 200), (30000, 3), (3, 30000)])
  func ofImages(width: Int, height: Int) throws {
    let image = smoothImage(width: width, height: height)
    #expect(try Digest.of(image) == Array(SHA256.hash(data: image.interleaved).prefix(16)))
    let gray = Image(.gray8, planes: [image.planes[1]])
    #expect(try Digest.of(gray) == Digest.of(image.planes[1].samples))
  }
}
