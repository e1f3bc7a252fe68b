import Bytes

// A group in the header: codec and flags, a byte of channels, and what these call for.
extension Group {
  private enum Flag {
    static let codec = 15
    /// From this bit on, two bits.
    static let mapping = 4
    static let isTiled = 1 << 6
    static let isEqual = 1 << 7
    static let isHidden = 1 << 8
    static let all = 511
  }

  /// Appends the group.
  func append(to bytes: inout [UInt8]) {
    var flags = Int(codec.rawValue)
    var side: [UInt8]?
    switch mapping {
    case .none: break
    case .doubled: flags |= 1 << Flag.mapping
    case .table(let bytes): (flags, side) = (flags | 2 << Flag.mapping, bytes)
    case .palette(let bytes): (flags, side) = (flags | 3 << Flag.mapping, bytes)
    }
    flags |= isEqual ? Flag.isEqual : 0
    flags |= hidden.isEmpty ? 0 : Flag.isHidden
    flags |= tiling == nil ? 0 : Flag.isTiled
    bytes.append(varint: flags)
    bytes.append(channels)
    for sample in hidden { bytes.append(varint: sample) }
    if let tiling {
      bytes.append(varint: tiling.tileWidth)
      bytes.append(varint: tiling.tileHeight)
      bytes.append(varint: tiling.tilesPerSection)
    }
    switch parameters {
    case .constant(let value): bytes.append(varint: value)
    case .network(let identity, let level, let adaptation):
      bytes += identity
      bytes.append(level | adaptation << 4)
    case .patches(let identity, let level, let adaptation, let patches):
      bytes += identity
      bytes.append(level | adaptation << 4)
      bytes.append(varint: patches.count)
      for patch in patches {
        for field in [patch.row, patch.column, patch.height, patch.width] {
          bytes.append(varint: field)
        }
      }
    case .graphics(let colours), .runs(let colours): bytes.append(varint: colours)
    case .bilevel(let depth): bytes.append(depth)
    case .deep, .sparse, .linear: break
    }
    if let side {
      bytes.append(varint: side.count)
      bytes += side
    }
  }

  /// Reads a group.
  init(reading fields: inout FileReader) throws(ContainerError) {
    let flags = try fields.varint()
    guard flags <= Flag.all else { throw .corrupt(reason: "flags \(flags) of a group") }
    guard let codec = Codec(rawValue: UInt8(flags & Flag.codec)) else {
      throw .corrupt(reason: "codec \(flags & Flag.codec)")
    }
    let channels = try fields.u8()
    var hidden: [Int] = []
    if flags & Flag.isHidden != 0 {
      for _ in 0..<channels.nonzeroBitCount { hidden.append(try fields.varint()) }
    }
    var tiling: Tiling?
    if flags & Flag.isTiled != 0 {
      tiling = Tiling(
        tileWidth: try fields.varint(), tileHeight: try fields.varint(),
        tilesPerSection: try fields.varint())
    }
    let parameters = try Self.parameters(codec, reading: &fields)
    let mapping: Mapping
    switch flags >> Flag.mapping & 3 {
    case 0: mapping = .none
    case 1: mapping = .doubled
    case 2: mapping = .table(try fields.array(try fields.varint()))
    default: mapping = .palette(try fields.array(try fields.varint()))
    }
    self.init(
      channels: channels, isEqual: flags & Flag.isEqual != 0, mapping: mapping, hidden: hidden,
      tiling: tiling, parameters: parameters)
  }

  private static func parameters(
    _ codec: Codec, reading fields: inout FileReader
  ) throws(ContainerError) -> Parameters {
    switch codec {
    case .constant: return .constant(value: try fields.varint())
    case .network:
      let identity = try fields.array(Header.identitySize)
      let mixing = try fields.u8()
      return .network(
        modelIdentity: identity, mixingLevel: mixing & 15, adaptation: mixing >> 4)
    case .graphics: return .graphics(colours: try fields.varint())
    case .runs: return .runs(colours: try fields.varint())
    case .bilevel: return .bilevel(depth: try fields.u8())
    case .deep: return .deep
    case .sparse: return .sparse
    case .linear: return .linear
    case .patches:
      let identity = try fields.array(Header.identitySize)
      let mixing = try fields.u8()
      let count = try fields.varint()
      guard (1...mostPatches).contains(count) else {
        throw .corrupt(reason: "\(count) patches")
      }
      var patches: [Patch] = []
      for _ in 0..<count {
        patches.append(
          Patch(
            row: try fields.varint(), column: try fields.varint(), height: try fields.varint(),
            width: try fields.varint()))
      }
      return .patches(
        modelIdentity: identity, mixingLevel: mixing & 15, adaptation: mixing >> 4, patches)
    }
  }
}
