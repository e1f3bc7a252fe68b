import ImagePlanes

/// Draws random crops of random images, with their surroundings, and changes them as the recipe says.
struct CropSampler: Sendable {
  let images: [Image]
  let recipe: Recipe
  let graph: PixelCNNGraph
  /// Running sums of the images' areas: an image is drawn in proportion to its pixels.
  private let areas: [Int]

  init(images: [Image], recipe: Recipe, graph: PixelCNNGraph) {
    // An image smaller than the crop in either direction would need its own workspace.
    let usable = images.filter { min($0.width, $0.height) >= recipe.crop }
    self.images = usable
    self.recipe = recipe
    self.graph = graph
    var sum = 0
    areas = usable.map {
      sum += $0.width * $0.height
      return sum
    }
  }

  /// The crop that `seed` stands for.
  func sample(seed: UInt64) -> TrainingSample {
    var generator = SeededGenerator(seed: seed)
    let draw = generator.index(below: areas.last ?? 0)
    let image = images[min(areas.partitioningIndex { $0 > draw }, images.count - 1)]
    let side = recipe.crop
    let reach = graph.reach
    // Context around the crop, unless it is to lie at an edge, as at a tile's border.
    let above = generator.unit() < 0.85 ? reach : 0
    let before = generator.unit() < 0.85 ? reach : 0
    let after = generator.unit() < 0.85 ? reach : 0
    var region = window(
      of: image, height: side + above, width: before + side + after, &generator)
    if recipe.mirror.contains("horizontal") && generator.unit() < 0.5 { region = region.mirrored }
    if recipe.mirror.contains("vertical") && generator.unit() < 0.5 { region = region.flipped }
    if recipe.mirror.contains("diagonal") && region.width == region.height && generator.unit() < 0.5
    {
      region = region.transposed
    }
    return TrainingSample(
      image: region, row: above, column: before, rows: side, columns: side, graph: graph)
  }

  /// A random part of `image`, enlarged where the recipe asks for it; clipped to the image's size.
  private func window(
    of image: Image, height: Int, width: Int, _ generator: inout SeededGenerator
  ) -> Image {
    let scale = generator.unit() < Float(recipe.enlarge) ? 1 + generator.unit() : 1
    let sourceHeight = min(
      Int((Float(height) / scale).rounded(.up)) + (scale > 1 ? 3 : 0), image.height)
    let sourceWidth = min(
      Int((Float(width) / scale).rounded(.up)) + (scale > 1 ? 3 : 0), image.width)
    let row = generator.index(below: image.height - sourceHeight + 1)
    let column = generator.index(below: image.width - sourceWidth + 1)
    let part = image.crop(
      TileRectangle(row: row, column: column, height: sourceHeight, width: sourceWidth))
    return scale > 1 ? part.enlarged(by: scale, height: height, width: width) : part
  }
}

extension Array {
  /// The first index whose element satisfies `predicate`, which must be false up to it and true from it.
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
