import Foundation
import PNGFile
import Testing

/// Names that are any bytes, and streams that are anything.
@Suite struct NameTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
  }

  @Test func namesNeedNotBeUTF8() throws {
    let outcome = try sandbox.shell(
      #"""
      n=$(printf 'b\351b\351'); cp a.png "$n.png"
      $P compress -q "$n.png" && $P test -q "$n.prn" && $P -dc "$n.prn" > back.png &&
      mkdir "$n" && mv "$n.png" "$n/" && $P compress -qr . --output-dir out && ls "out/$n/$n.prn"
      """#)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try PNGFile.decode(sandbox.read("back.png")) == Samples.image())
    let missing = try sandbox.shell(#"$P info "$(printf 'b\351\364\217\234\200')""#)
    #expect(missing.status == 1 && missing.errors.hasPrefix("prnzip: b\u{FFFD}"))
  }

  /// JSON holds characters alone.
  @Test func logsHaveTheBytesOfNames() throws {
    let outcome = try sandbox.shell(
      #"""
      n=$(printf 'b\351'); cp a.png "$n.png"; $P -q "$n.png" a.png --log log &&
      grep -c '"inputBase64":"YukucG5n"' log && grep -c '"outputBase64":"YukucHJu"' log
      """#)
    #expect(outcome.status == 0 && outcome.text == "1\n1\n", "\(outcome.errors)")
  }

  /// Standard streams by the names that the system has for them, and what has no folder.
  @Test func standardStreamsHavePaths() throws {
    let outcome = try sandbox.shell(
      """
      $P -q a.png && $P -q /dev/stdin < a.png | cmp - a.prn &&
      printf x > two && $P -q a.png -o /dev/stdout >> two && tail -c +2 two | cmp - a.prn &&
      echo /dev/stdin > list; $P -q --files-from list < a.png | cmp - a.prn &&
      $P -q //dev/./stdin < a.png | cmp - a.prn &&
      ! $P -q --output-dir out - < a.png && cat a.png | $P -q /dev/fd/0
      """)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("Error: Standard input has no name in --output-dir"))
    #expect(
      outcome.errors.hasSuffix(
        "prnzip: /dev/fd/0: is nothing that an output could be put beside; use -o FILE or -c\n"))
    #expect(try !sandbox.names.contains("out"))
  }

  /// Two files on most systems, though Swift's strings are equal.
  @Test func namesThatLookAlikeAreTwo() throws {
    let outcome = try sandbox.shell(
      #"""
      one=$(printf 'caf\303\251'); two=$(printf 'cafe\314\201')
      cp a.png "$one.png"; cp a.png "$two.png"
      $P compress -q "$one.png" "$two.png" && ls *.prn | wc -l
      """#)
    #expect(outcome.status == 0 && outcome.text.contains("2"), "\(outcome.errors)")
  }

  @Test func pipesAndStreamsAreRead() throws {
    let outcome = try sandbox.shell(
      """
      umask 022
      $P compress -q < a.png > b.prn && $P -d < b.prn > b.png && cat a.png | $P -c > c.prn &&
      cmp b.prn c.prn && cat a.png | $P compress -q - -o d.prn && stat -c %a d.prn &&
      mkfifo f && (cat a.png > f & $P compress -q f -o e.prn) && stat -c %a e.prn &&
      $P compress -q a.png -o /dev/stdout | cmp - b.prn &&
      ln -s /proc/self/fd/1 link && $P compress -qf a.png -o link | cmp - b.prn && readlink link
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text == "644\n644\n/proc/self/fd/1\n")
    #expect(try PNGFile.decode(sandbox.read("b.png")) == Samples.image())
  }

  @Test func aClosedPipeIsAnError() throws {
    let outcome = try sandbox.shell(
      "{ $P info --help; echo $? >&2; } | true; $P --help > /dev/full; echo $? >&2")
    #expect(outcome.errors.hasSuffix("prnzip: -: No space left on device\n1\n"))
  }

  /// The shell's limit of the stack does not matter.
  @Test func aSmallStackIsEnough() throws {
    let outcome = try sandbox.shell(
      "ulimit -s 128 && $P compress -q a.png && $P test -q a.prn && $P -dqf a.prn -o b.png")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
