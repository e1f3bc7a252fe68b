extension Group {
  /// Checks every field of its own.
  ///
  /// - Parameters:
  ///   - width: of the image.
  ///   - height: of the image.
  ///   - depth: of the image's samples.
  ///   - alpha: the bit of that channel; 0 if there is none.
  /// - Throws: `ContainerError.corrupt`.
  func validate(width: Int, height: Int, depth: Int, alpha: UInt8) throws(ContainerError) {
    try validateTiling(width: width, height: height)
    try validateParameters(depth: depth, planes: codedPlanes(alpha: alpha))
    if case .patches(_, _, _, let patches) = parameters {
      try Self.validate(patches, width: width, height: height)
      guard tiling == nil else { throw .corrupt(reason: "tiles of patches") }
    }
    let count = channelNumbers.count
    guard !isEqual || ((channels & ~alpha).nonzeroBitCount > 1 && codec != .constant) else {
      throw .corrupt(reason: "a group of \(count) channels that are equal")
    }
    switch mapping {
    case .none: break
    case .doubled, .table:
      guard depth == 16 || depth == 8 && mapping != .doubled, codec != .constant else {
        throw .corrupt(reason: "a mapping to samples of \(depth) bits")
      }
    case .palette:
      guard depth <= 8, codec != .constant, !isEqual else {
        throw .corrupt(reason: "a palette for samples of \(depth) bits, or for equal channels")
      }
    }
    guard hidden.isEmpty || hidden.count == count,
      hidden.allSatisfy({ (0..<1 << depth).contains($0) })
    else {
      throw .corrupt(reason: "\(hidden.count) hidden samples of \(count) channels")
    }
  }

  /// Checks that patches lie in the image and do not overlap. Complexity: O(patches^2).
  private static func validate(
    _ patches: [Patch], width: Int, height: Int
  ) throws(ContainerError) {
    let columns = (width - 1) / patchUnit + 1, rows = (height - 1) / patchUnit + 1
    guard (1...mostPatches).contains(patches.count) else {
      throw .corrupt(reason: "\(patches.count) patches")
    }
    for (index, patch) in patches.enumerated() {
      guard patch.row >= 0, patch.column >= 0, patch.height >= 1, patch.width >= 1,
        patch.row < rows, patch.column < columns, patch.height <= rows - patch.row,
        patch.width <= columns - patch.column
      else { throw .corrupt(reason: "patch \(index) is not in the image") }
      for other in patches[..<index] {
        let areApart =
          patch.row >= other.row + other.height || other.row >= patch.row + patch.height
          || patch.column >= other.column + other.width
          || other.column >= patch.column + patch.width
        guard areApart else { throw .corrupt(reason: "patch \(index) overlaps another one") }
      }
    }
  }

  private func validateTiling(width: Int, height: Int) throws(ContainerError) {
    let sides = 1...Header.largestTileSide
    guard let tiling else {
      guard codec == .constant || (sides.contains(width) && sides.contains(height)) else {
        throw .corrupt(reason: "a tile of \(width) x \(height) pixels")
      }
      return
    }
    guard codec != .constant, sides.contains(tiling.tileWidth), sides.contains(tiling.tileHeight)
    else {
      throw .corrupt(reason: "tiles of \(tiling.tileWidth) x \(tiling.tileHeight) pixels")
    }
    let share = tiling.tilesPerSection
    guard (1...Header.mostTilesPerSection).contains(share),
      share == 1 || tiling.tileWidth * tiling.tileHeight < Header.sharingTilePixels
    else {
      throw .corrupt(
        reason: "\(share) tiles of \(tiling.tileWidth) x \(tiling.tileHeight) pixels in a section")
    }
  }

  private func validateParameters(depth: Int, planes: Int) throws(ContainerError) {
    switch parameters {
    case .constant(let value):
      guard (0..<1 << depth).contains(value) else {
        throw .corrupt(reason: "samples of \(depth) bits that are \(value)")
      }
    case .network(let identity, let level, let adaptation),
      .patches(let identity, let level, let adaptation, _):
      guard identity.count == Header.identitySize else {
        throw .corrupt(reason: "a model identity of \(identity.count) bytes")
      }
      guard level <= 3 else { throw .corrupt(reason: "mixing level \(level)") }
      guard adaptation <= (level == 0 ? 0 : 2) else {
        throw .corrupt(reason: "adaptation \(adaptation)")
      }
    case .graphics(let colours), .runs(let colours):
      guard (0...256).contains(colours), colours == 0 || planes == 1 else {
        throw .corrupt(reason: "\(codec) of \(planes) planes and \(colours) colours")
      }
    case .bilevel(let bits):
      guard [1, 2, 4].contains(bits), planes == 1 else {
        throw .corrupt(reason: "\(planes) planes of \(bits) bits")
      }
    case .sparse:
      guard (1...3).contains(planes) else {
        throw .corrupt(reason: "\(planes) sparse planes")
      }
    case .linear:
      guard (1...3).contains(planes) else {
        throw .corrupt(reason: "\(planes) linear planes")
      }
    case .deep:
      guard depth == 16 else { throw .corrupt(reason: "deep samples of \(depth) bits") }
    }
  }
}
