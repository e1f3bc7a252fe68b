import Testing

@testable import Container

/// What `ByteReader` says of a prn file.
@Suite struct FileReaderTests {
  private func varint(_ bytes: [UInt8]) -> ContainerError? {
    containerError { () throws(ContainerError) in
      var reader = FileReader(bytes, bytes.indices)
      return try reader.varint()
    }
  }

  @Test func integersAreChecked() {
    #expect(varint([0x80, 0]) == .corrupt(reason: "an integer is longer than needed"))
    #expect(
      varint([UInt8](repeating: 0xFF, count: 9))
        == .corrupt(reason: "an integer has more than 63 bits"))
  }

  @Test func theEndsOfFilesAndFieldsAreToldApart() {
    #expect(varint([0x80]) == .truncated(expected: 2, available: 1))
    var reader = FileReader([1, 2, 3], 0..<3)
    #expect(throws: ContainerError.truncated(expected: 4, available: 3)) { try reader.u32() }
    #expect(throws: ContainerError.truncated(expected: .max, available: 3)) {
      _ = try reader.u8()
      _ = try reader.skip(.max)
    }
    var field = FileReader([1, 2, 3], 0..<1, field: "header")
    #expect(throws: ContainerError.corrupt(reason: "the header ends too early")) {
      try field.u16()
    }
  }
}
