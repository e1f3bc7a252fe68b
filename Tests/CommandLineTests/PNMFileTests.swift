import Testing

/// PNM and PAM files come back as what they were.
@Suite struct PNMFileTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test(
    arguments: [
      ("P4\n9 2\n", "pbm", [0xAA, 0x80, 0x55, 0x00]),
      ("P5 3 2 255\n", "pgm", [1, 2, 3, 4, 5, 250]),
      ("P6\n# a comment\n1 2\n65535\n", "ppm", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      (
        "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n", "pam",
        [1, 2, 3, 4]
      ),
    ] as [(String, String, [UInt8])])
  func theVeryFileComesBack(header: String, ending: String, samples: [UInt8]) throws {
    let file = Array(header.utf8) + samples
    try sandbox.write(file, to: "a.\(ending)")
    #expect(try sandbox.run("compress", "-q", "--rm", "a.\(ending)").status == 0)
    #expect(try sandbox.names == ["a.prn"])
    #expect(try sandbox.run("-dq", "a.prn").status == 0)
    #expect(try sandbox.names == ["a.\(ending)", "a.prn"])
    #expect(try sandbox.read("a.\(ending)") == file)
    #expect(try sandbox.run("-dc", input: sandbox.read("a.prn")).output == file)
    #expect(try sandbox.run("verify", "a.\(ending)", "a.prn").status == 0)
  }
}
