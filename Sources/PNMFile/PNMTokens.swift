/// Reads the words of a header, and steps over comments.
struct PNMTokens {
  private let bytes: [UInt8]
  /// The next byte's index.
  private(set) var position: Int

  init(_ bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The next byte, stepped over.
  private mutating func next() throws(PNMError) -> UInt8 {
    guard position < bytes.count else {
      if bytes.count >= PNMHeader.mostBytes {
        throw .header("it has more than \(PNMHeader.mostBytes) bytes")
      }
      throw .truncated(expected: bytes.count + 1, available: bytes.count)
    }
    position += 1
    return bytes[position - 1]
  }

  /// The next byte that is not of a comment: in its place, the end of its line.
  private mutating func nextBesideComments() throws(PNMError) -> UInt8 {
    var byte = try next()
    guard byte == PNMHeader.comment else { return byte }
    while byte != 0x0A && byte != 0x0D { byte = try next() }
    return byte
  }

  /// The number of PBM, PGM and PPM that comes next, behind any space and comments.
  mutating func number(_ name: String) throws(PNMError) -> Int {
    var byte = try nextBesideComments()
    while PNMHeader.isSpace(byte) { byte = try nextBesideComments() }
    var value = 0
    var digits = 0
    while Self.isDigit(byte) {
      value = min(10 * value + Int(byte - 0x30), 1 << 40)
      digits += 1
      // The byte behind the number is left to whoever comes next.
      guard position < bytes.count, Self.isDigit(bytes[position]) else { break }
      byte = try next()
    }
    guard digits > 0 else { throw .header("no number where the \(name) should be") }
    return value
  }

  /// The one white byte between the header and the samples. Comments may stand before it.
  mutating func endOfHeader() throws(PNMError) {
    guard PNMHeader.isSpace(try nextBesideComments()) else {
      throw .header("no space behind its last number")
    }
  }

  /// The fields of a PAM header, up to ENDHDR.
  mutating func pamFields() throws(PNMError) -> PAMFields {
    guard try next() == 0x0A else { throw .header("no line end behind P7") }
    var fields = PAMFields()
    while true {
      let line = try self.line()
      let words = line.split(whereSeparator: PNMHeader.isSpace)
      guard let first = words.first, first.first != PNMHeader.comment else { continue }
      let name = String(decoding: first, as: UTF8.self)
      if name == "ENDHDR" { return try fields.checked() }
      if name == "TUPLTYPE" { continue }
      guard words.count == 2, let value = PAMFields.number(words[1]) else {
        throw .header("a line that is no field")
      }
      try fields.set(name, value)
    }
  }

  /// The next line, without its end.
  private mutating func line() throws(PNMError) -> ArraySlice<UInt8> {
    let start = position
    while try next() != 0x0A {}
    return bytes[start..<position - 1]
  }
}

/// What a PAM header says.
struct PAMFields {
  private(set) var width = 0, height = 0, depth = 0, maximum = 0

  /// A decimal number; nil for what is none, or has more than 9 digits.
  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
  }

  fileprivate mutating func set(_ name: String, _ value: Int) throws(PNMError) {
    let known: WritableKeyPath<PAMFields, Int>
    switch name {
    case "WIDTH": known = \.width
    case "HEIGHT": known = \.height
    case "DEPTH": known = \.depth
    case "MAXVAL": known = \.maximum
    default: throw .header("an unknown field")
    }
    guard self[keyPath: known] == 0, value > 0 else { throw .header("\(name) of 0, or twice") }
    self[keyPath: known] = value
  }

  fileprivate func checked() throws(PNMError) -> PAMFields {
    guard width > 0, height > 0, depth > 0, maximum > 0 else {
      throw .header("WIDTH, HEIGHT, DEPTH or MAXVAL is missing")
    }
    return self
  }
}
