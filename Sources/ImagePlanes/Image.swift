import Bytes

/// An image as planes of bytes, all of one size.
///
///     let image = try Image(.rgb8, width: 640, height: 480)  // black
///     image.planes[1].samples[640 * row + column]            // green
///
/// A sample of 8 bits or less has a byte, whose value is below 2^depth; one of more has two, in two
/// planes. What may be large is asked for before it is allocated, and `OutOfMemory` thrown where
/// there is not as much.
public struct Image: Equatable, Sendable {
  /// Of what kind the pixels are.
  public let format: PixelFormat
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// `format.planeCount` of them, channel by channel, each [row][column]. They may be set to
  /// others: samples that these lack read as 0.
  public var planes: [Plane]

  /// An image of zeros: of channels that are colours, a black one.
  ///
  /// - Throws: `OutOfMemory`.
  public init(_ format: PixelFormat, width: Int, height: Int) throws(OutOfMemory) {
    try Image.check(planes: format.planeCount, width: width, height: height)
    // Each made for itself: copies of one would share its memory until they are written to.
    self.init(
      format,
      planes: (0..<format.planeCount).map { _ in Plane(width: width, height: height) })
  }

  /// An image of these planes, which are not copied.
  ///
  /// - Parameters:
  ///   - format: of the pixels.
  ///   - planes: `format.planeCount` of them, all of one size.
  public init(_ format: PixelFormat, planes: [Plane]) {
    self.format = format
    self.planes = planes
    width = planes.first?.width ?? 0
    height = planes.first?.height ?? 0
  }

  /// - Throws: `OutOfMemory` if there is none for so many planes.
  private static func check(planes: Int, width: Int, height: Int) throws(OutOfMemory) {
    let (pixels, overflow) = max(width, 0).multipliedReportingOverflow(by: max(height, 0))
    try Memory.check(overflow ? .max : pixels, of: planes)
  }

  /// The part of the image inside `rectangle`; what lies outside the image is 0.
  ///
  /// Complexity: O(pixels of the part).
  ///
  /// - Throws: `OutOfMemory`.
  public func crop(_ rectangle: TileRectangle) throws(OutOfMemory) -> Image {
    try Image.check(planes: planes.count, width: rectangle.width, height: rectangle.height)
    return Image(format, planes: planes.map { $0.crop(rectangle) })
  }

  /// Every `scale`-th pixel of every `scale`-th row: pixel (i, j) is (`scale` i, `scale` j) of this
  /// image.
  ///
  /// Complexity: O(pixels of the result).
  ///
  /// - Throws: `OutOfMemory`.
  public func subsampled(by scale: Int) throws(OutOfMemory) -> Image {
    guard scale > 1 else { return self }
    try Image.check(
      planes: planes.count, width: Plane.extent(width, by: scale),
      height: Plane.extent(height, by: scale))
    return Image(format, planes: planes.map { $0.subsampled(by: scale) })
  }

  /// Puts `image` with its top left pixel at (`row`, `column`); what falls outside is dropped.
  ///
  /// Both should be of one format; planes that only one of them has are left alone.
  public mutating func paste(_ image: Image, row: Int, column: Int) {
    for k in 0..<min(planes.count, image.planes.count) {
      planes[k].paste(image.planes[k], row: row, column: column)
    }
  }
}
