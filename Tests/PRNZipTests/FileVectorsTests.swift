import Bytes
import Foundation
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// The files of `Tests/Vectors`: those called good come back, the others are refused with the words
/// that its README has for them.
@Suite struct FileVectorsTests {
  private static let folder = packageFile("Tests/Vectors")

  /// What README says: the name of a file, and the message for it; nil for good ones.
  private static let lines = Result {
    let text = try String(contentsOf: folder.appending(path: "README.txt"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line -> (name: String, message: String?)? in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 5, cells[1].hasPrefix("`") else { return nil }
      let name = cells[1].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
      return (name, cells[3].isEmpty ? nil : cells[3])
    }
  }

  private static func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  @Test func eachFileHasItsLine() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0 != "README.txt" }
    let lines = try Self.lines.get()
    #expect(names.sorted() == lines.map(\.name).sorted())
    for line in lines { #expect((line.message == nil) == line.name.hasPrefix("good-")) }
  }

  @Test func eachFileDoesWhatItsLineSays() throws {
    for line in try Self.lines.get() {
      let bytes = try Self.read(line.name)
      let error = prnzipError { () throws(PRNZipError) in
        if line.name.hasSuffix(".prn") {
          try Decompressor().test(bytes)
        } else {
          _ = try Compressor().compress(bytes)
        }
      }
      #expect(error?.description == line.message, "\(line.name)")
    }
  }

  @Test func goodFilesComeBack() throws {
    for line in try Self.lines.get() where line.message == nil && !line.name.hasSuffix(".prn") {
      let bytes = try Self.read(line.name)
      let back = try Decompressor().decompress(Compressor().compress(bytes))
      if line.name.hasSuffix(".png") {
        #expect(try PNGFile.decode(back) == PNGFile.decode(bytes), "\(line.name)")
        #expect(try PNGFile.inspect(back) == PNGFile.inspect(bytes), "\(line.name)")
      } else {
        #expect(back == bytes, "\(line.name)")
      }
    }
  }
}
