import Bytes
import ImagePlanes
import PixelNetwork
import TileCoding

/// Draws random regions of random images, changed as the recipe says and predicted as the codec
/// would, and crops of them: so a crop sees predictors that have learnt from what lies around it.
struct CropSampler: Sendable {
  /// Largest side of a region.
  static let regionSide = 256

  let images: [Image]
  /// Where the recipe has tiles: what is drawn instead of regions of images.
  let tiles: TileSet?
  let recipe: Recipe
  let layout: ParameterLayout
  /// Running sums of the images' areas: an image is drawn in proportion to its pixels.
  private let areas: [Int]

  init(images: [Image], recipe: Recipe, layout: ParameterLayout) {
    // An image smaller than the crop in either direction would need its own workspace.
    let usable = images.filter { Self.holdsCrop($0, recipe) }
    self.images = usable
    tiles = nil
    self.recipe = recipe
    self.layout = layout
    var sum = 0
    areas = usable.map {
      sum += $0.width * $0.height
      return sum
    }
  }

  /// Whether an image, once it is subsampled, has a crop in it.
  private static func holdsCrop(_ image: Image, _ recipe: Recipe) -> Bool {
    min(image.width, image.height) > (recipe.crop - 1) * recipe.subsample
  }

  /// Draws whole tiles, each as often as any other.
  init(tiles: TileSet, recipe: Recipe, layout: ParameterLayout) {
    images = []
    self.tiles = tiles
    self.recipe = recipe
    self.layout = layout
    areas = []
  }

  /// Images or tiles.
  var count: Int { tiles?.count ?? images.count }

  /// The region that `seed` stands for. Complexity: O(pixels of a region).
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func region(seed: UInt64) throws -> PredictedImage {
    var generator = SplitMix64(seed: seed)
    if let tiles {
      let tile = tiles[generator.index(below: tiles.count)]
      return try PredictedImage(mirrored(tile, &generator), architecture: layout.architecture)
    }
    let draw = generator.index(below: areas.last ?? 0)
    let image = images[min(areas.partitioningIndex { $0 > draw }, images.count - 1)]
    var region = window(of: image, &generator)
    if generator.chance(recipe.processing) {
      let processed = region.processed(.varied, maximumSide: sourceSide, &generator)
      if Self.holdsCrop(processed, recipe) { region = processed }
    }
    region = region.colours(
      recipe.planes, crop: recipe.crop, side: Self.regionSide, &generator)
    return try PredictedImage(
      mirrored(region, &generator).mappingPlanes { $0.subsampled(by: recipe.subsample) },
      architecture: layout.architecture)
  }

  /// `image` mirrored by chance, as the recipe says.
  private func mirrored(_ image: Image, _ generator: inout SplitMix64) -> Image {
    var image = image
    if recipe.mirror.contains("horizontal") && generator.unit() < 0.5 { image = image.mirrored }
    if recipe.mirror.contains("vertical") && generator.unit() < 0.5 { image = image.flipped }
    if recipe.mirror.contains("diagonal") && generator.unit() < 0.5 { image = image.transposed }
    return image
  }

  /// Largest side of a region before it is subsampled.
  private var sourceSide: Int {
    Self.regionSide * (recipe.planes == .chroma ? 2 : recipe.subsample)
  }

  /// The crop of `region` that `seed` stands for, at a row and a column that are multiples of
  /// `scale`.
  func crop(of region: PredictedImage, seed: UInt64) -> TrainingSample {
    var generator = SplitMix64(seed: seed)
    let side = recipe.crop
    let scale = layout.architecture.scale
    let row = scale * generator.index(below: (region.image.height - side) / scale + 1)
    let column = scale * generator.index(below: (region.image.width - side) / scale + 1)
    return TrainingSample(
      region, row: row, column: column, rows: side, columns: side, layout: layout)
  }

  /// A random part of `image`, the whole where it is not larger than a region.
  private func window(of image: Image, _ generator: inout SplitMix64) -> Image {
    let height = min(image.height, sourceSide)
    let width = min(image.width, sourceSide)
    let row = generator.index(below: image.height - height + 1)
    let column = generator.index(below: image.width - width + 1)
    let rectangle = TileRectangle(row: row, column: column, height: height, width: width)
    return image.mappingPlanes { $0.crop(rectangle) }
  }
}

extension Array {
  /// The first index whose element satisfies `predicate`, which must be false up to it and true
  /// from it.
  func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
