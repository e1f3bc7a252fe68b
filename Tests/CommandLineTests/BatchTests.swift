import Foundation
import PNGFile
import Testing

/// Many files in one run.
@Suite struct BatchTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try makeFolders("tree/b", "tree/a/deep", "other")
    for (row, name) in ["tree/z.png", "tree/a/y.PNG", "tree/a/deep/x.png", "tree/b/w.png"]
      .enumerated()
    {
      try sandbox.write(Samples.png(width: 24, height: 16, row: 20 * row), to: name)
    }
    try sandbox.write([1], to: "tree/notes.txt")
  }

  private func makeFolders(_ names: String...) throws {
    for name in names {
      try FileManager.default.createDirectory(
        atPath: sandbox.path(name), withIntermediateDirectories: true)
    }
  }

  /// All files below a folder, in order.
  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: sandbox.path(folder)).sorted().filter {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: sandbox.path("\(folder)/\($0)"), isDirectory: &isFolder)
      return !isFolder.boolValue
    }
  }

  @Test func foldersAreWalkedAndMirrored() throws {
    let outcome = try sandbox.run("compress", "-r", "tree", "--output-dir", "out/new")
    #expect(outcome.status == 0)
    let names = ["tree/a/deep/x.prn", "tree/a/y.prn", "tree/b/w.prn", "tree/z.prn"]
    #expect(try files("out/new") == names)
    // In the order of the names, whichever was ready first, and a line for all.
    let lines = outcome.errors.split(separator: "\n")
    #expect(
      lines.map { $0.prefix { $0 != ":" } } == [
        "tree/a/deep/x.png", "tree/a/y.PNG", "tree/b/w.png", "tree/z.png", "4 files",
      ])
    let back = try sandbox.run("decompress", "-qr", "out/new/tree", "--output-dir", "back")
    #expect(back.status == 0 && back.errors.isEmpty)
    #expect(try files("back") == names.map { $0.replacing(".prn", with: ".png") })
    #expect(
      try PNGFile.decode(sandbox.read("back/tree/b/w.png"))
        == PNGFile.decode(sandbox.read("tree/b/w.png")))
  }

  @Test func aFolderNamedByADotKeepsNothingOfItsName() throws {
    #expect(try sandbox.shell("cd tree && $P compress -qr . --output-dir ../out").status == 0)
    #expect(try files("out") == ["a/deep/x.prn", "a/y.prn", "b/w.prn", "z.prn"])
    #expect(try sandbox.run("compress", "-q", "tree/a/y.PNG", "--output-dir", "other").status == 0)
    #expect(try files("other") == ["y.prn"])
  }

  @Test func linksInFoldersAreNotFollowed() throws {
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path("tree/b/loop"), withDestinationPath: "..")
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path("tree/b/v.png"), withDestinationPath: "w.png")
    #expect(try sandbox.run("compress", "-qr", "tree").status == 0)
    #expect(try files("tree/b").filter { $0.hasSuffix(".prn") } == ["w.prn"])
  }

  @Test(arguments: [false, true]) func namesComeFromAList(isNull: Bool) throws {
    let end = isNull ? "\\0" : "\\n"
    let flag = isNull ? "-0 " : ""
    let outcome = try sandbox.shell(
      "printf 'tree/z.png\(end)tree/a/y.PNG\(end)tree/missing.png\(end)' |"
        + " $P compress \(flag)--files-from - --output-dir out")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("prnzip: tree/missing.png: No such file or directory\n"))
    #expect(outcome.errors.hasSuffix("; 1 failed\n"))
    #expect(try files("out") == ["tree/a/y.prn", "tree/z.prn"])
  }

  @Test func twoInputsOfOneOutputStopOnlyTheSecond() throws {
    let png = try sandbox.read("tree/z.png")
    for name in ["p.png", "p.PNG", "q.png"] { try sandbox.write(png, to: name) }
    let outcome = try sandbox.run("compress", "p.png", "p.PNG", "./p.png", "q.png")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("prnzip: p.prn: is where p.png is written to already\n"))
    #expect(try sandbox.names.filter { $0.hasSuffix(".prn") } == ["p.prn", "q.prn"])
  }

  @Test func shardsShareTheFiles() throws {
    var found: [String] = []
    for number in 1...3 {
      let outcome = try sandbox.run(
        "compress", "-qr", "tree", "--output-dir", "out\(number)", "--shard", "\(number)/3")
      #expect(outcome.status == 0)
      if FileManager.default.fileExists(atPath: sandbox.path("out\(number)")) {
        found += try files("out\(number)")
      }
    }
    #expect(found.sorted() == ["tree/a/deep/x.prn", "tree/a/y.prn", "tree/b/w.prn", "tree/z.prn"])
    let auto = try sandbox.run(
      "compress", "-qr", "tree", "--output-dir", "auto", "--shard", "auto",
      environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "1"])
    #expect(auto.status == 0)
    #expect(try files("auto").count == 4)
  }

  @Test func whatExistsIsSkipped() throws {
    #expect(try sandbox.run("compress", "-q", "tree/z.png").status == 0)
    let old = try sandbox.read("tree/z.prn")
    try sandbox.write([9], to: "tree/b/w.prn")
    let outcome = try sandbox.run("compress", "-vr", "--skip-existing", "-e", "fast", "tree")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("tree/z.png: skipped, tree/z.prn exists\n"))
    #expect(outcome.errors.hasSuffix("; 2 skipped\n"))
    #expect(try sandbox.read("tree/z.prn") == old)
    #expect(try sandbox.read("tree/b/w.prn") == [9])
    #expect(try files("tree").filter { $0.hasSuffix(".prn") }.count == 4)
  }

  @Test func theLogHasALineForEachFile() throws {
    try sandbox.write([1, 2], to: "tree/b/bad.png")
    #expect(try sandbox.run("compress", "-qr", "tree", "--log", "log.jsonl").status == 1)
    #expect(
      try sandbox.run("compress", "-qr", "tree", "--skip-existing", "--log", "log.jsonl").status
        == 1)
    let lines = String(decoding: try sandbox.read("log.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    let objects = try lines.map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      objects.map { $0["status"] as? String } == [
        "done", "done", "failed", "done", "done", "skipped", "skipped", "failed", "skipped",
        "skipped",
      ])
    #expect(objects[0]["input"] as? String == "tree/a/deep/x.png")
    #expect(objects[0]["outputBytes"] as? Int == (try sandbox.read("tree/a/deep/x.prn").count))
    #expect(objects[2]["error"] as? String == "not a PNG file")
    #expect(objects[0]["width"] as? Int == 24)
  }

  /// A batch gives each file what a run of its own gives, whatever the threads.
  @Test func aBatchChangesNoFile() throws {
    #expect(try sandbox.run("compress", "-qr", "tree", "--output-dir", "three", "-T3").status == 0)
    #expect(try sandbox.run("compress", "-qr", "tree", "--output-dir", "one", "-T1").status == 0)
    for name in try files("one") {
      #expect(try sandbox.read("one/\(name)") == sandbox.read("three/\(name)"))
    }
    let alone = try sandbox.run("compress", "-c", "tree/b/w.png")
    #expect(try alone.output == sandbox.read("one/tree/b/w.prn"))
  }
}
