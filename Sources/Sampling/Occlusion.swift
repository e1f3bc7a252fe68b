import Bytes
import ImagePlanes
import PRNZip

/// What is hidden of an image that is to be completed.
public enum Occlusion: Equatable, Sendable {
  /// The lower half of the rows; the middle one of an odd number is visible.
  case bottomHalf
  /// Where a gray image of 8 bits and of the same size is dark: below 128.
  case mask(Image)

  /// Which pixels are visible.
  ///
  /// - Parameters:
  ///   - width: of the image.
  ///   - height: of the image.
  /// - Returns: [row * width + column].
  /// - Throws: `PRNZipError.unsuitableMask` for a mask of another size, or that is not gray, and
  ///   where nothing is hidden; `outOfMemory`.
  func visible(width: Int, height: Int) throws(PRNZipError) -> [Bool] {
    try check(bytes: width * height)
    let visible: [Bool]
    switch self {
    case .bottomHalf:
      visible = (0..<width * height).map { 2 * ($0 / width) < height }
    case .mask(let mask):
      guard mask.width == width, mask.height == height else {
        throw .unsuitableMask(
          "it has \(mask.width)x\(mask.height) pixels, the image \(width)x\(height)")
      }
      guard mask.format == .gray8 else { throw .unsuitableMask("it is not gray") }
      visible = mask.planes[0].samples.map { $0 >= 128 }
    }
    guard visible.contains(false) else { throw .unsuitableMask("it hides nothing") }
    return visible
  }

  /// The image with what is hidden in black.
  ///
  /// - Throws: as `visible`.
  public func apply(to image: Image) throws(PRNZipError) -> Image {
    let visible = try visible(width: image.width, height: image.height)
    var result = image
    try check(bytes: visible.count * image.planes.count)
    for colour in image.planes.indices {
      for (pixel, isVisible) in visible.enumerated() where !isVisible {
        result.planes[colour].samples[pixel] = 0
      }
    }
    return result
  }

  private func check(bytes: Int) throws(PRNZipError) {
    guard Memory.canAllocate(bytes) else { throw .outOfMemory(OutOfMemory(bytes: bytes)) }
  }
}
