import Bytes
import ImagePlanes

/// Many images on one, in rows, with gaps of gray between them.
public struct Sheet: Sendable {
  /// Pixels between images, and around them.
  public static let gap = 2
  /// What the gaps are filled with, in all colours.
  static let background: UInt8 = 128

  /// Axes: row, column. Rows may have different numbers of images.
  public let rows: [[Image]]

  /// A sheet of these rows.
  public init(rows: [[Image]]) { self.rows = rows }

  /// A sheet whose rows have as many images as make it nearly square.
  ///
  /// - Parameter images: all of the same size.
  public init(_ images: [Image]) {
    guard let first = images.first, first.width > 0 else {
      rows = []
      return
    }
    // The least number of columns with which the sheet is not higher than wide.
    let columns =
      (1...images.count).first {
        $0 * first.width >= (images.count + $0 - 1) / $0 * first.height
      } ?? images.count
    rows = stride(from: 0, to: images.count, by: columns).map {
      Array(images[$0..<min($0 + columns, images.count)])
    }
  }

  /// The size of the sheet in pixels.
  public var size: (width: Int, height: Int) {
    let width = columnWidths.reduce(Self.gap) { $0 + $1 + Self.gap }
    return (width, rowHeights.reduce(Self.gap) { $0 + $1 + Self.gap })
  }

  private var rowHeights: [Int] { rows.map { $0.map(\.height).max() ?? 0 } }

  private var columnWidths: [Int] {
    (0..<(rows.map(\.count).max() ?? 0)).map { column in
      rows.compactMap { column < $0.count ? $0[column].width : nil }.max() ?? 0
    }
  }

  /// The sheet as an image: gray if all its images are, else RGB.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Returns: an image of 8 bits, as its images are.
  /// - Throws: `OutOfMemory`.
  public func image() throws(OutOfMemory) -> Image {
    let isGray = rows.allSatisfy { $0.allSatisfy { $0.format == .gray8 } }
    let (width, height) = size
    let format = isGray ? PixelFormat.gray8 : .rgb8
    try Memory.check(width * height, of: format.planeCount)
    var sheet = Image(
      format,
      planes: (0..<format.planeCount).map { _ in
        Plane(width: width, height: height, repeating: Self.background)
      })
    var top = Self.gap
    for (row, rowHeight) in zip(rows, rowHeights) {
      var left = Self.gap
      for (image, columnWidth) in zip(row, columnWidths) {
        for k in sheet.planes.indices {
          // A gray image is as red as it is green and blue.
          let plane = image.planes[min(k, image.planes.count - 1)]
          sheet.planes[k].paste(plane, row: top, column: left)
        }
        left += columnWidth + Self.gap
      }
      top += rowHeight + Self.gap
    }
    return sheet
  }
}
