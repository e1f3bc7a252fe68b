import Foundation
import PRNZip
import Testing

/// The code of the tutorial: it is what its article says, and it works.
@Suite struct TutorialTests {
  @Test func theCodeOfTheArticleWorks() async throws {
    // The article begins.
    let (width, height) = (96, 64)
    var bytes: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        bytes += [UInt8(2 * column), UInt8(3 * row), 128]
      }
    }
    let picture = try PixelBuffer(width: width, height: height, kind: .rgb, depth: 8, bytes: bytes)

    var options = Compressor.Options()
    options.effort = .fast
    options.threads = 2
    let prn = try Compressor(options).compress(picture)

    let decompressor = Decompressor()
    let all = try decompressor.pixels(of: prn)
    let png = try decompressor.decompress(prn)

    let region = PixelRegion(x: 10, y: 20, width: 32, height: 16)
    let part = try decompressor.pixels(of: prn, region: region)

    var message = ""
    do throws(PRNZipError) {
      _ = try decompressor.pixels(of: Array(prn.dropLast(9)))
    } catch .container(let error) {
      message = "not a whole prn file: \(error)"
    } catch {
      message = error.description
    }

    let task = Task { [options] in try await Compressor(options).compressed(picture) }
    task.cancel()
    let outcome = await task.result
    // The article ends.
    #expect(all == picture && prn.count < bytes.count / 10)
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(part.width == 32 && part.height == 16)
    #expect(Array(part.bytes.prefix(3)) == [20, 60, 128])
    #expect(message.hasPrefix("not a whole prn file: truncated file"), "\(message)")
    // It may have been quick.
    switch outcome {
    case .success(let other): #expect(other == prn)
    case .failure(let error): #expect(error as? PRNZipError == .cancelled)
    }
  }

  /// The blocks of the article, one after the other, are what is above.
  @Test func theArticleHasThisCode() throws {
    let article = try String(
      contentsOf: packageFile("Sources/PRNZip/PRNZip.docc/FromPixelsToPixels.md"), encoding: .utf8)
    var blocks: [String] = []
    for (index, part) in article.components(separatedBy: "```").enumerated() where index % 2 == 1 {
      #expect(part.hasPrefix("swift\n"))
      blocks.append(part.dropFirst("swift\n".count).trimmingCharacters(in: .newlines))
    }
    let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasSuffix("// The article begins.") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("// The article ends.") })
    let code = lines[(start + 1)..<end].map { $0.hasPrefix("    ") ? $0.dropFirst(4) : $0 }
    #expect(blocks.joined(separator: "\n\n") == code.joined(separator: "\n"))
    #expect(blocks.count == 6)
  }
}
