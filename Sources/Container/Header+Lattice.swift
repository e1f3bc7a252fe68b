import ColourLattices

// The channels of an image whose colours are those of a lattice.
extension Header {
  /// Bits of the channels of groups.
  public enum Channels {
    /// Luma, in the place of red.
    public static let luma: UInt8 = 1
    /// The two chroma, in the places of green and blue.
    public static let chroma: UInt8 = 6
    /// The corrections of red, green and blue, behind alpha.
    public static let corrections: UInt8 = 7 << 4
  }

  /// The channels that groups have to cover.
  var channelMask: UInt8 {
    UInt8(truncatingIfNeeded: 1 << channelCount - 1) | (lattice == nil ? 0 : Channels.corrections)
  }

  /// The size of the planes of a group: that of the image, or of chroma at half of it.
  public func extent(of group: Group) -> (width: Int, height: Int) {
    guard let lattice, group.channels & ~Channels.chroma == 0 else { return (width, height) }
    return lattice.chromaExtent(width: width, height: height)
  }

  /// Checks the lattice, and what it asks of the groups.
  ///
  /// - Throws: `ContainerError.corrupt`.
  func validateLattice() throws(ContainerError) {
    guard let lattice else { return }
    guard lattice.isValid, [2, 6].contains(colourType), sampleDepth == 8 else {
      throw .corrupt(reason: "a lattice of colour type \(colourType), \(sampleDepth) bits")
    }
    var covered: UInt8 = 0
    for group in groups {
      defer { covered |= group.channels }
      let parts = [Channels.luma, Channels.chroma, alphaChannel, Channels.corrections]
        .filter { group.channels & $0 != 0 }
      guard parts.count <= 1 else {
        throw .corrupt(reason: "a lattice's channels \(group.channelNumbers) in a group")
      }
      if parts == [alphaChannel] { continue }
      let needsLuma = group.codec == .network && parts == [Channels.chroma]
      guard !needsLuma || (covered & Channels.luma != 0 && group.channels == Channels.chroma) else {
        throw .corrupt(reason: "a network for chroma that stands before luma")
      }
      guard !group.isEqual, group.hidden.isEmpty, group.mapping == .none else {
        throw .corrupt(reason: "a mapping of a lattice's channels \(group.channelNumbers)")
      }
    }
  }
}
