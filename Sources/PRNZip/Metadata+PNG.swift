import Container
import PNGFile

extension Metadata {
  /// What a PNG file has beside its image.
  init(_ information: PNGInformation) {
    self.init(information.metadata)
    trailing = information.trailing
  }

  /// The chunks of a PNG file, parted by `PNGChunk.imageDataMark`.
  init(_ chunks: [PNGChunk]) {
    let mark = chunks.firstIndex { $0 == .imageDataMark } ?? chunks.endIndex
    let entries = { (chunks: ArraySlice<PNGChunk>) in
      chunks.map { Entry(type: $0.type, data: $0.data) }
    }
    self.init(
      beforeImage: entries(chunks[..<mark]), behindImage: entries(chunks[mark...].dropFirst()))
  }

  /// The chunks for `PNGFile.encode`.
  var chunks: [PNGChunk] {
    beforeImage.map { PNGChunk(type: $0.type, data: $0.data) } + [.imageDataMark]
      + behindImage.map { PNGChunk(type: $0.type, data: $0.data) }
  }
}
