import SystemPackage

/// The rules that turn the names of inputs into those of outputs.
enum Paths {
  /// Extensions, in lower case, of what is compressed and of what is decompressed.
  static let sources = ["png", "apng", "pbm", "pgm", "ppm", "pnm", "pam"]
  static let compressed = ["prn"]

  /// `photo.png` becomes `photo.prn`; a name without such an extension gets `.prn` added.
  static func compressedName(for path: FilePath) -> FilePath {
    path.replacingExtension(among: sources, with: ".prn")
  }

  /// `photo.prn` becomes `photo.png`; a name without that extension gets `.png` added.
  ///
  /// - Parameters:
  ///   - path: of the prn file.
  ///   - ending: png, or that of another kind of file that comes back.
  /// - Returns: the path of the output.
  static func decompressedName(for path: FilePath, ending: String) -> FilePath {
    path.replacingExtension(among: compressed, with: "." + ending)
  }

  /// `photo.prn` becomes `photo-preview.png`.
  static func previewName(for path: FilePath) -> FilePath {
    path.replacingExtension(among: compressed, with: "-preview.png")
  }

  /// `photo.prn` becomes `photo-region.png`.
  static func regionName(for path: FilePath) -> FilePath {
    path.replacingExtension(among: compressed, with: "-region.png")
  }

  /// `photo.prn` becomes `photo-small.png`.
  static func smallName(for path: FilePath) -> FilePath {
    path.replacingExtension(among: compressed, with: "-small.png")
  }

  /// `photo.png` or `photo.prn` becomes `photo.html`.
  static func pageName(for path: FilePath) -> FilePath {
    path.replacingExtension(among: sources + compressed, with: ".html")
  }

  /// The directory part of a path, "." if it has none.
  static func directory(of path: FilePath) -> FilePath {
    let directory = path.removingLastComponent()
    return directory.isEmpty ? "." : directory
  }
}
