import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// What goes beside something else is what it would be without.
@Suite struct SideBySideLayoutsTests {
  private static let kinds: [(format: PixelFormat, kind: SampleKind)] = [
    (PixelFormat(.rgb, depth: 8), .graphics), (PixelFormat(.rgb, depth: 8), .gradient),
    (PixelFormat(.rgba, depth: 8), .graphics), (PixelFormat(.palette, depth: 4), .graphics),
    (PixelFormat(.gray, depth: 2), .graphics), (PixelFormat(.gray, depth: 4), .graphics),
    (PixelFormat(.gray, depth: 8), .random),
  ]

  /// Of 2^14 pixels and more; those of few colours are tried as bits, too, which takes the most.
  private static func image(_ index: Int) throws -> Image {
    formatImage(kinds[index].format, kinds[index].kind, width: 144, height: 120)
  }

  private func options(threads: Int, _ limits: Limits = Limits()) throws -> Compressor.Options {
    var options = Compressor.Options()
    options.store = try wholeStore()
    options.effort = .fast
    options.threads = threads
    options.limits = limits
    return options
  }

  /// With as much memory as it takes, with less, and with a little more: the same file, or the same
  /// refusal.
  @Test(arguments: kinds.indices)
  func theMemoryDoesNotMatter(kind: Int) throws {
    let image = try Self.image(kind)
    let palette = (0..<48).map { UInt8($0 * 5) }
    let metadata = Metadata(
      beforeImage: [Metadata.Entry(type: Array("PLTE".utf8), data: palette)])
    func smallest(_ threads: Int, _ bytes: Int) throws -> Result<CodedImage?, PRNZipError> {
      let options = try options(threads: threads, Limits(maximumBytes: bytes))
      do throws(PRNZipError) {
        return .success(try Layouts(image, metadata, options, heldBytes: 0).smallest(nil))
      } catch {
        return .failure(error)
      }
    }
    // What one thread needs.
    var (few, enough) = (0, 1 << 28)
    while enough - few > 1 {
      let bytes = (few + enough) / 2
      if case .success = try smallest(1, bytes) { enough = bytes } else { few = bytes }
    }
    let steps = [0.5, 0.9, 0.99, 1, 1.001, 1.005, 1.01, 1.015, 1.02, 1.03, 1.05, 1.1, 1.5, 2, 4]
    for bytes in [few] + steps.map({ Int(Double(enough) * $0) }) {
      switch (try smallest(1, bytes), try smallest(2, bytes)) {
      case (.success(let one), .success(let two)):
        #expect(bytes >= enough)
        #expect(one?.groups.map(\.group) == two?.groups.map(\.group), "\(bytes)")
        #expect(
          one?.groups.map(\.payloads.tiles) == two?.groups.map(\.payloads.tiles), "\(bytes)")
      case (.failure(let one), .failure(let two)):
        #expect(bytes < enough && one == two, "\(bytes)")
      case (let one, let two):
        Issue.record("\(bytes) of \(enough) bytes: \(one), \(two)")
      }
    }
  }

  /// The plans are left out where one thread is asked for, and where they take what others need.
  @Test func plansGoBesideWhereThereIsRoom() throws {
    let image = try Self.image(0)
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    func groups(threads: Int, _ limits: Limits = Limits()) throws -> Int? {
      let options = try options(threads: threads, limits)
      let layouts = Layouts(image, Metadata(), options, heldBytes: 0)
      let plan = varying.graphics(varying.graphicsCodec(options))
      let (value, groups) = try layouts.beside([plan], of: plan) { encoder in encoder.heldBytes }
      #expect(value == (groups == nil ? 0 : layouts.encoder.tileMemory(plan)))
      return groups?.count
    }
    let tile = GroupEncoder(options: try options(threads: 1), heldBytes: 0)
      .tileMemory(varying.graphics(varying.graphicsCodec(try options(threads: 1))))
    let both = Limits(maximumBytes: 144 * (120 + 3) * 3 + 2 * tile)
    #expect(try groups(threads: 1) == nil)
    #expect(try groups(threads: 2) == 1)
    #expect(try groups(threads: 2, both) == 1)
    #expect(try groups(threads: 2, Limits(maximumBytes: both.maximumBytes - 1)) == nil)
  }
}
