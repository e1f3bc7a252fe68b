import AdaptiveCoding
import Container
import EntropyCoding
import Foundation
import ImagePlanes
import ModelStore
import PNGFile
import Testing

@testable import PRNZip

/// Photographs of 8 bits whose values leave gaps.
@Suite struct LevelsTests {
  private static let photo = Result {
    try PNGFile.decode(Array(Data(contentsOf: packageFile("testimages/city.png"))))
  }

  /// A part of a photograph, each of its values changed.
  private func part(_ change: (UInt8) -> UInt8) throws -> Image {
    let photo = try Self.photo.get(), side = 96
    let planes = photo.planes.map { plane in
      var part = Plane(width: side, height: side)
      for row in 0..<side {
        for column in 0..<side {
          let sample = plane.samples[(row + 200) * plane.width + column + 200]
          part.samples[row * side + column] = change(sample)
        }
      }
      return part
    }
    return Image(photo.format, planes: planes)
  }

  private func header(of image: Image, _ effort: Effort) throws -> (Header, bytes: Int) {
    var options = Compressor.Options()
    options.effort = effort
    let png = try PNGFile.encode(image)
    let file = try Compressor(options).compress(png)
    #expect(try PNGFile.decode(Decompressor(.init()).decompress(file)) == image)
    return (try Header.decode(file).header, file.count)
  }

  private func isMapped(_ header: Header) -> Bool {
    header.groups.contains { if case .table = $0.mapping { true } else { false } }
  }

  @Test(arguments: [Effort.instant, .fast]) func gapsAreMapped(effort: Effort) throws {
    let plain = try header(of: part { $0 }, effort)
    #expect(!isMapped(plain.0))
    // 5 bits; and a histogram that was stretched.
    let few = try header(
      of: part { (value: UInt8) -> UInt8 in UInt8((Int(value) / 8 * 255 + 15) / 31) }, effort)
    #expect(isMapped(few.0) && few.bytes * 10 < plain.bytes * 7, "\(few), \(plain)")
    let stretched = try header(
      of: part { (value: UInt8) -> UInt8 in UInt8(min(Int(value) * 4 / 3, 255)) }, effort)
    #expect(
      isMapped(stretched.0) && stretched.bytes * 100 < plain.bytes * 104,
      "\(stretched), \(plain)")
  }

  /// A map may give samples of 16 bits: of 8 bits, those are refused.
  @Test func samplesOfAMapAreBytes() throws {
    let map = try DeepMap.find([3, 300, 3, 300], 2, mayList: true)
    let header = Header(
      .modelled, width: 2, height: 2, colourType: 0, sampleDepth: 8, digest: [],
      groups: [
        Group(
          channels: 1, mapping: .table(try DeepMap.encode([map])),
          parameters: .graphics(colours: 0))
      ])
    var channels = [Plane(width: 2, height: 2)]
    var ranks = Image(.gray8, planes: channels)
    let mapping = GroupMapping(header: header, metadata: Metadata())
    try mapping.apply(header.groups[0], ranks, to: &channels)
    #expect(channels[0].samples == [3, 3, 3, 3])
    ranks.planes[0].samples[3] = UInt8(clamping: map.count - 1)
    #expect(throws: PRNZipError.self) {
      try mapping.apply(header.groups[0], ranks, to: &channels)
    }
  }
}
