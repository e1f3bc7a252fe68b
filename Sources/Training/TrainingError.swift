/// Why training could not go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A line of the recipe: number, what is wrong.
  case recipe(line: Int, String)
  /// The recipe lacks a key.
  case missingKey(String)
  /// A folder has no usable PNG.
  case noImages(folder: String)
  /// A file that cannot be read or written.
  case file(path: String, String)
  /// A checkpoint that is damaged or belongs to another architecture.
  case checkpoint(path: String, String)
  /// The small image's model is missing, not called for, or for other images.
  case smallModel(String)
  /// A layer whose weights fit no shift: layer, channel.
  case notQuantizable(layer: String, channel: Int)
  /// A mixture of so many logistics, for which there is no weight file.
  case noWeightFile(mixture: Int)
  /// A network of a kind whose crops do not go into a stream.
  case noStream(String)

  /// One line for the user.
  public var description: String {
    switch self {
    case .recipe(let line, let what): "recipe, line \(line): \(what)"
    case .missingKey(let key): "recipe: \(key) is missing"
    case .noImages(let folder): "\(folder): no PNG files of these colours and bits"
    case .file(let path, let what): "\(path): \(what)"
    case .checkpoint(let path, let what): "\(path): \(what)"
    case .smallModel(let what): "the small image's model \(what)"
    case .noWeightFile(let mixture):
      "a network with a mixture of \(mixture) logistics has no weight file"
    case .noStream(let kind): "crops of a \(kind) network do not go into a stream"
    case .notQuantizable(let layer, let channel):
      "\(layer), channel \(channel): weights are too large for 16 bits"
    }
  }
}
