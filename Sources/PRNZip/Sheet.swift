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

  /// The sheet as an image: gray if all its images are, else of three colours.
  ///
  /// Complexity: O(pixels).
  public var image: Image {
    let isGray = rows.allSatisfy { $0.allSatisfy { $0.colours == 1 } }
    let (width, height) = size
    var sheet = Image(width: width, height: height, colours: isGray ? 1 : 3)
    for colour in 0..<sheet.colours {
      sheet.planes[colour].samples = [UInt8](repeating: Self.background, count: width * height)
    }
    var top = Self.gap
    for (row, rowHeight) in zip(rows, rowHeights) {
      var left = Self.gap
      for (image, columnWidth) in zip(row, columnWidths) {
        var pasted = image
        while pasted.colours < sheet.colours { pasted.planes.append(image.planes[0]) }
        sheet.paste(pasted, row: top, column: left)
        left += columnWidth + Self.gap
      }
      top += rowHeight + Self.gap
    }
    return sheet
  }
}
