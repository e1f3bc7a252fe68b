import SystemPackage

/// The program's arguments, which may be any bytes: file names need not be UTF-8.
///
/// A byte that is no part of a character is a scalar of its own in the text, from U+10F700 on, so
/// that the very bytes can be had again. Such scalars of a name itself are treated likewise.
enum RawArguments {
  private static let escapes: ClosedRange<UInt32> = 0x10F700...0x10F7FF

  /// All of them, without the program's own name.
  static var all: [String] {
    (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
      CommandLine.unsafeArgv[index].map { text(of: bytes(of: $0)) }
    }
  }

  /// The text that stands for bytes. O(bytes).
  static func text(of bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      if let (scalar, length) = character(rest), !escapes.contains(scalar.value) {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        if let escape = Unicode.Scalar(escapes.lowerBound + UInt32(first)) { text.append(escape) }
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The bytes that a text stands for. O(bytes).
  static func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      escapes.contains(scalar.value)
        ? [UInt8(scalar.value - escapes.lowerBound)] : Array(String(scalar).utf8)
    }
  }

  /// The bytes of a C string.
  static func bytes(of string: UnsafePointer<CChar>) -> [UInt8] {
    var count = 0
    while string[count] != 0 { count += 1 }
    return (0..<count).map { UInt8(bitPattern: string[$0]) }
  }

  /// The first character of some bytes and its length; nil if they do not begin with any.
  private static func character(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    for length in 1...4 where length <= bytes.count {
      if let text = String(validating: bytes.prefix(length), as: UTF8.self),
        let scalar = text.unicodeScalars.first
      {
        return (scalar, length)
      }
    }
    return nil
  }
}

extension FilePath {
  /// The path that an argument or a line of a list names.
  init(argument: String) { self.init(bytes: RawArguments.bytes(of: argument)) }

  /// A path of these bytes, up to the first 0.
  init(bytes: some Sequence<UInt8>) {
    let characters = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    self = characters.withUnsafeBufferPointer { characters in
      characters.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
    }
  }

  /// Its bytes.
  var bytes: [UInt8] { withPlatformString { RawArguments.bytes(of: $0) } }

  /// The same path with more at the end of its last name.
  func extended(by suffix: String) -> FilePath { FilePath(bytes: bytes + Array(suffix.utf8)) }

  /// The same path with another extension, or with `ending` behind it if its own is not among
  /// `known`, which are in lower case.
  func replacingExtension(among known: [String], with ending: String) -> FilePath {
    guard let own = `extension`, known.contains(own.lowercased()) else {
      return extended(by: ending)
    }
    return FilePath(bytes: bytes.dropLast(own.utf8.count + 1)).extended(by: ending)
  }
}
