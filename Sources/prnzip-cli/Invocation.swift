import ArgumentParser
import Glibc
import SystemPackage

/// What people type first: a file without a command, or the options of gzip, xz and zstd.
enum Invocation {
  /// What one types instead of a command, and the command.
  private static let modes: [(letter: Character, words: [String], command: String)] = [
    ("d", ["--decompress", "--uncompress"], "decompress"), ("t", ["--test"], "test"),
    ("l", ["--list"], "list"), ("z", ["--compress"], "compress"),
  ]
  /// What the root command takes itself.
  private static let rootOptions = [
    "-h", "--help", "--version", "--generate-completion-script", "--experimental-dump-help",
  ]
  /// Options of other programs, and what they are here.
  private static let advice = [
    "--best": "-e best", "--fast": "-e fast", "--ultra": "-e best",
    "--quality": "nothing: prnzip loses nothing", "--lossless": "nothing: prnzip loses nothing",
    "--out": "-o OUT", "--dir": "--output-dir FOLDER", "--memlimit": "--memory-limit N",
    "--no-keep": "--rm", "--suffix": "-o OUT",
  ]

  /// The arguments with a command at their head.
  ///
  /// - Parameters:
  ///   - typed: what was typed behind the program's name.
  ///   - commands: the names of all commands.
  /// - Returns: what the root command parses.
  /// - Throws: `ValidationError` for what can only be meant otherwise.
  static func arguments(_ typed: [String], commands: [String]) throws -> [String] {
    guard let first = typed.first else { return isFed ? ["compress"] : typed }
    if first == "help", typed.count > 1, !typed[1].hasPrefix("-"),
      !commands.contains(typed[1])
    {
      throw ValidationError("There is no command '\(typed[1])'.")
    }
    if first == "-V" { return ["--version"] }
    if commands.contains(first) || first == "help" {
      try check(typed.dropFirst())
      return typed
    }
    if rootOptions.contains(where: { first == $0 || first.hasPrefix($0 + "=") }) { return typed }
    if !first.hasPrefix("-"), !exists(first), !first.contains(where: { "./".contains($0) }) {
      let near = commands.min { distance($0, first) < distance($1, first) } ?? ""
      throw ValidationError(
        "There is no command '\(first)', and no such file."
          + (distance(near, first) <= 2 ? " Did you mean '\(near)'?" : ""))
    }
    var command = "compress"
    var arguments: [String] = []
    var options = true
    for argument in typed {
      if argument == "--" { options = false }
      if options, let mode = modes.first(where: { $0.words.contains(argument) }) {
        command = mode.command
      } else if options, let (mode, rest) = mode(of: argument) {
        command = mode
        if let rest { arguments.append(rest) }
      } else {
        arguments.append(argument)
      }
    }
    try check(arguments[...])
    return [command] + arguments
  }

  /// Letters of options without a value.
  private static let flags = "ckfqvr0"

  /// Whether standard input is a file or a pipe, and standard output is no terminal: what gzip and
  /// xz take for work.
  private static var isFed: Bool {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0, isatty(STDOUT_FILENO) == 0 else { return false }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return status.st_size > 0
    case S_IFIFO, S_IFSOCK: return true
    default: return false
    }
  }

  /// The command that letters such as -d, -dc or -cd stand for, and the letters that are left.
  private static func mode(of argument: String) -> (command: String, rest: String?)? {
    let letters = argument.dropFirst()
    guard argument.first == "-", argument.dropFirst().first != "-",
      let place = letters.firstIndex(where: { letter in
        modes.contains { $0.letter == letter }
      }), let mode = modes.first(where: { $0.letter == letters[place] }),
      letters[..<place].allSatisfy({ flags.contains($0) })
    else { return nil }
    let rest = letters[..<place] + letters[letters.index(after: place)...]
    // Behind letters without a value, one with it: -dT2.
    guard let other = rest.first(where: { !flags.contains($0) }) else {
      return (mode.command, rest.isEmpty ? nil : "-" + rest)
    }
    return "Teo".contains(other) && rest.first == other ? (mode.command, "-" + rest) : nil
  }

  /// - Throws: `ValidationError` for an option that other programs have.
  private static func check(_ arguments: ArraySlice<String>) throws {
    var before = ""
    for argument in arguments {
      if argument == "--" { return }
      // What follows an option may be its value.
      let isFree =
        !before.hasPrefix("-") || before.dropFirst().allSatisfy { flags.contains($0) }
      before = argument
      if let option = advice[argument.prefix { $0 != "=" }.description] {
        throw ValidationError("There is no option '\(argument)' here; use \(option).")
      }
      if argument.first == "-", argument.count > 1,
        argument.dropFirst(argument.hasPrefix("-e") ? 2 : 1)
          .allSatisfy({ $0.isASCII && $0.isNumber }), argument != "-0", argument != "-e", isFree
      {
        throw ValidationError(
          "Efforts have names, not numbers like '\(argument)': -e instant, fast, default or best.")
      }
    }
  }

  private static func exists(_ argument: String) -> Bool {
    FilePath(argument: argument).withPlatformString { access($0, F_OK) } == 0
  }

  /// How many letters must be added, left out or exchanged to make one word of another (Levenshtein
  /// 1966). O(product of the lengths).
  static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    var row = Array(0...other.count)
    for (i, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in other.indices {
        let changed = diagonal + (other[j] == letter ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}
