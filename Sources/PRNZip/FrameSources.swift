import Bytes
import PNGFile

/// Where each frame of an animation comes from (FORMAT.md, section 1.13): from a film, or from an
/// earlier frame that is the same, or the image.
struct FrameSources: Equatable {
  /// Where a frame comes from.
  enum Source: Hashable {
    /// The frame of this number among those that films have, from 0.
    case film(Int)
    /// The image of the file.
    case image
  }

  /// Of each frame.
  private(set) var sources: [Source] = []
  /// Of the frames that films have.
  private(set) var sizes: [FilmLayout.Size] = []
  /// What the data of the fdAT entries is.
  private(set) var data: [[UInt8]] = []

  private struct Key: Hashable {
    let width, height: Int
    let data: [UInt8]
  }

  /// Those of an animation: frames with the same stream are the same.
  ///
  /// - Parameters:
  ///   - frames: of the animation.
  ///   - isImage: whether a frame is the image.
  /// - Throws: what `isImage` throws.
  init<Failure: Error>(
    _ frames: [Animation.Frame], isImage: (Animation.Frame) throws(Failure) -> Bool
  ) throws(Failure) {
    var seen: [Key: Int] = [:]
    for (index, frame) in frames.enumerated() {
      let key = Key(width: frame.width, height: frame.height, data: frame.data)
      var earlier = seen[key]
      if earlier == nil, try isImage(frame) { earlier = -1 }
      guard let earlier else {
        seen[key] = index
        sources.append(.film(sizes.count))
        sizes.append(.init(width: frame.width, height: frame.height))
        data.append([])
        continue
      }
      seen[key] = earlier
      sources.append(earlier < 0 ? .image : sources[earlier])
      var distance: [UInt8] = []
      distance.append(varint: index - earlier)
      data.append(distance)
    }
  }

  /// Those that entries tell; nil where a rule is broken.
  ///
  /// - Parameters:
  ///   - frames: as `Animation.frames(of:)` gives them.
  ///   - width: of the image.
  ///   - height: of the image.
  init?(_ frames: [Animation.Frame], width: Int, height: Int) {
    for (index, frame) in frames.enumerated() {
      data.append(frame.data)
      if frame.data.isEmpty {
        sources.append(.film(sizes.count))
        sizes.append(.init(width: frame.width, height: frame.height))
        continue
      }
      var reader = ByteReader<FrameError>(frame.data, frame.data.indices) { _ in FrameError() }
      guard let distance = try? reader.varint(), reader.remaining == 0,
        (1...index + 1).contains(distance)
      else { return nil }
      let earlier = index - distance
      let size = earlier < 0 ? (width, height) : (frames[earlier].width, frames[earlier].height)
      guard size == (frame.width, frame.height) else { return nil }
      sources.append(earlier < 0 ? .image : sources[earlier])
    }
  }

  private struct FrameError: Error {}
}
