import ImagePlanes
import PixelNetwork

/// The models that a program knows: those of the library, each loaded when it is asked for, and
/// those of weight files that it is given.
///
///     var store = ModelStore.embedded
///     let model = try store.add(weightFileBytes)
public struct ModelStore: Sendable {
  /// The models of the library: those of photographs.
  public static let embedded = ModelStore(EmbeddedModel.all)

  enum Entry: Sendable {
    case embedded(EmbeddedModel)
    case loaded(Model)

    var description: ModelDescription {
      switch self {
      case .embedded(let model): model.description
      case .loaded(let model): model.description
      }
    }

    func load() throws(WeightFileError) -> Model {
      switch self {
      case .embedded(let model): try model.load()
      case .loaded(let model): model
      }
    }
  }

  private(set) var entries: [Entry]

  /// A store without models.
  public init() { entries = [] }

  /// A store of one model.
  public init(_ model: Model) { entries = [.loaded(model)] }

  /// A store of models in the program.
  init(_ models: [EmbeddedModel]) { entries = models.map { .embedded($0) } }

  /// The models of a store, and behind them more that are in the program.
  package init(_ store: ModelStore, _ models: [EmbeddedModel]) {
    entries = store.entries + models.map { .embedded($0) }
  }

  /// What can be told of the models without loading them, in the order in which they were added;
  /// the embedded ones first.
  public var descriptions: [ModelDescription] { entries.map(\.description) }

  /// Adds the model of a weight file, unless it is there already.
  ///
  /// - Parameter weightFile: the bytes of a `.prnw` file.
  /// - Returns: the model.
  /// - Throws: `WeightFileError`.
  @discardableResult
  public mutating func add(_ weightFile: [UInt8]) throws(WeightFileError) -> Model {
    let network = try Network(weightFile: weightFile)
    if let known = try model(identity: network.identity) { return known }
    // A model that is trained on keeps the use of the one whose name it has.
    let known = ModelDescription.ofLibrary + ModelDescription.ofDigits
    let named = known.first { $0.name == network.name }
    let model = Model(network, like: named)
    entries.append(.loaded(model))
    return model
  }

  /// What is known of the model with the identity, without loading it.
  ///
  /// - Parameter identity: 16 bytes, or the first of them, at least 8.
  /// - Returns: nil if it is not here.
  public func description(identity: [UInt8]) -> ModelDescription? {
    guard identity.count >= 8 else { return nil }
    return descriptions.first { $0.identity.starts(with: identity) }
  }

  /// The model with the identity, if it is here.
  ///
  /// - Parameter identity: 16 bytes, or the first of them, at least 8.
  /// - Returns: the model.
  /// - Throws: `WeightFileError` if an embedded one is damaged.
  public func model(identity: [UInt8]) throws(WeightFileError) -> Model? {
    guard identity.count >= 8 else { return nil }
    return try entries.first { $0.description.identity.starts(with: identity) }?.load()
  }

  /// The model of the name that was added last, if there is one.
  ///
  /// - Parameter name: as in the weight file.
  /// - Returns: the model.
  /// - Throws: `WeightFileError` if an embedded one is damaged.
  public func model(named name: String) throws(WeightFileError) -> Model? {
    try entries.last { $0.description.name == name }?.load()
  }

  /// The model for images of a format: an effort's own, or else the first that fits.
  ///
  /// - Throws: `WeightFileError` if an embedded one is damaged.
  public func model(
    for effort: Effort, _ format: PixelFormat
  ) throws(WeightFileError) -> Model? {
    let fitting = entries.filter {
      $0.description.format == format && !$0.description.isForChroma
    }
    let own = fitting.first { $0.description.efforts.contains(effort) }
    return try (own ?? fitting.first)?.load()
  }
  /// The model for chroma that follows luma: an effort's own, or else that for RGB images.
  ///
  /// - Throws: `WeightFileError` if an embedded one is damaged.
  public func chromaModel(for effort: Effort) throws(WeightFileError) -> Model? {
    let own = entries.first {
      $0.description.isForChroma && $0.description.efforts.contains(effort)
    }
    if let own { return try own.load() }
    return try model(for: effort, .rgb8)
  }
}
