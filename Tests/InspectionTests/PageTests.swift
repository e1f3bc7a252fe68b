import Bytes
import Foundation
import ImagePlanes
import PNGFile
import PRNZip
import TestSupport
import Testing

@testable import Inspection

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  /// A page of a PNG file, compressed without a network.
  private static func page(
    _ png: [UInt8], name: String = "image.png", tileLimit: Int? = nil
  ) throws -> String {
    var options = Compressor.Options()
    options.effort = .instant
    if let tileLimit { options.tileLimit = tileLimit }
    var inspector = Inspector()
    inspector.compressor = Compressor(options)
    let prn = try inspector.compressor.compress(png)
    let page = try inspector.page(of: ArraySource(prn), name: name, pngBytes: png.count)
    return String(decoding: page, as: UTF8.self)
  }

  private static func picture(_ channels: Channels, depth: Int = 8) throws -> [UInt8] {
    let photo = photoLikeImage(rows: 90, columns: 120)
    let planes = (0..<PixelFormat(channels, depth: depth).planeCount).map { index in
      var plane = photo.planes[index % 3]
      if depth < 8 { plane.samples = plane.samples.map { $0 >> (8 - depth) } }
      return plane
    }
    let image = Image(PixelFormat(channels, depth: depth), planes: planes)
    let palette = PNGChunk(type: Array("PLTE".utf8), data: (0..<768).map { UInt8($0 / 3) })
    return try PNGFile.encode(
      image, metadata: channels == .palette ? [palette, .imageDataMark] : [.imageDataMark],
      level: 1)
  }

  /// Frames count among the samples.
  @Test func animationsShowTheirFrames() throws {
    let images = (1...3).map {
      formatImage(.rgb8, .graphics, width: 60, height: 40 + $0)
    }
    let page = try Self.page(AnimatedPNG.file(images))
    #expect(page.contains(", 2 frames more") && page.contains("frames of the animation"))
    let samples = images.reduce(0) { $0 + 3 * $1.width * $1.height }
    #expect(page.contains(Number.whole(samples)))
  }

  /// What an XML parser finds.
  private final class Reader: NSObject, XMLParserDelegate {
    var ids: [String] = []
    var elements: [String: Int] = [:]
    var references: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements[name, default: 0] += 1
      if let id = attributes["id"] { ids.append(id) }
      for key in ["src", "href", "srcset", "poster", "action"] {
        if let target = attributes[key] { references.append(target) }
      }
    }
  }

  private static func read(_ page: String) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = reader
    let isRight = parser.parse()
    try #require(isRight, "\(String(describing: parser.parserError)), line \(parser.lineNumber)")
    return reader
  }

  /// Every kind of image has a page that is well-formed, has all parts, and names nothing outside.
  @Test(arguments: Channels.allCases) func isWholeAndAlone(channels: Channels) throws {
    for depth in channels == .gray ? [1, 4, 8, 16] : [8] {
      let page = try Self.page(Self.picture(channels, depth: depth), tileLimit: 20)
      let reader = try Self.read(page)
      #expect(Set(reader.ids).count == reader.ids.count)
      for id in [
        "picture", "view", "ticks", "readout", "blend", "planes", "parts", "rows", "groups",
        "tiles",
      ] {
        #expect(reader.ids.contains(id), "\(id) of \(channels)")
      }
      #expect(reader.references.allSatisfy { $0.hasPrefix("data:image/png;base64,") })
      for outside in ["http", "url(", "@import", "//cdn", "<link"] {
        #expect(!page.contains(outside), "\(outside)")
      }
    }
  }

  /// The pictures in a page are PNG files of the image's size, and of its colours.
  @Test func pictures() throws {
    let png = try Self.picture(.rgb)
    let sources = try Self.read(Self.page(png)).references
    let images = try sources.map { source in
      let data = try #require(Data(base64Encoded: String(source.dropFirst(22))))
      return try PNGFile.decode(Array(data))
    }
    #expect(images.count >= 2 && images.allSatisfy { $0.width == 120 && $0.height == 90 })
    #expect(images[0] == (try PNGFile.decode(png)))
    #expect(images.dropFirst().allSatisfy { $0.format.channels == .palette })
  }

  /// Names cannot add to a page.
  @Test func namesAreText() throws {
    let page = try Self.page(
      Self.picture(.gray), name: "folder/<script>alert('\"&')<script>\u{0}\n.png")
    #expect(try Self.read(page).elements["script"] == 1)
    #expect(page.contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)"))
  }

  /// A stored file says why, and has no map.
  @Test func stored() throws {
    // Noise of 16 bits, of which nothing can be left out.
    var generator = SplitMix64(seed: 5)
    let planes = (0..<2).map { _ in
      var plane = Plane(width: 128, height: 256)
      for i in plane.samples.indices { plane.samples[i] = UInt8(generator.next() >> 56) }
      return plane
    }
    let noise = try PNGFile.encode(Image(PixelFormat(.gray, depth: 16), planes: planes), level: 1)
    #expect(try !FileInformation(Self.prn(noise)).isModelled)
    let page = try Self.page(noise)
    let reader = try Self.read(page)
    #expect(reader.ids.contains("stored") && !reader.ids.contains("rows"))
    #expect(page.contains("would take") && reader.elements["img"] == 1)
  }

  /// So does a stored PNM file, which is not called a PNG file.
  @Test func storedPNM() throws {
    var generator = SplitMix64(seed: 6)
    let noise = (0..<100 * 80).map { _ in UInt8(generator.next() >> 56) }
    let file = Array("P5\n100 80\n255\n".utf8) + noise
    #expect(try !FileInformation(Self.prn(file)).isModelled)
    let page = try Self.page(file)
    let reader = try Self.read(page)
    #expect(reader.ids.contains("stored") && reader.elements["img"] == 1)
    #expect(page.contains("the PNM file itself has") && !page.contains("holds the PNG file"))
  }

  private static func prn(_ png: [UInt8]) throws -> [UInt8] {
    var options = Compressor.Options()
    options.effort = .instant
    return try Compressor(options).compress(png)
  }
}
