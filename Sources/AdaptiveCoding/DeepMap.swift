import CAdaptive
import EntropyCoding

/// How the samples of a channel follow from ranks (FORMAT.md, section 14).
package final class DeepMap: @unchecked Sendable {
  // Unchecked: nothing changes after it was made.
  private let map: UnsafeMutablePointer<prn_deep_map>

  private init() {
    map = .allocate(capacity: 1)
    map.initialize(to: prn_deep_map())
  }

  deinit { map.deallocate() }

  /// How many ranks there are.
  package var count: Int { Int(map.pointee.count) }

  /// Whether it lists the samples that occur.
  package var isList: Bool { map.pointee.kind == Int32(PRN_DEEP_MAP_LISTED.rawValue) }

  /// The map under which a plane is likely to be smallest.
  ///
  /// - Parameters:
  ///   - samples: row by row.
  ///   - width: of the plane.
  ///   - mayList: whether it may list values.
  /// - Returns: the map.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package static func find(
    _ samples: [UInt16], _ width: Int, mayList: Bool
  ) throws(EntropyCodingError) -> DeepMap {
    let result = DeepMap()
    let height = width > 0 ? samples.count / width : 0
    guard
      prn_deep_map_find(
        result.map, samples, Int32(clamping: width), Int32(clamping: height), mayList ? 1 : 0)
        == PRN_DEEP_DONE
    else { throw .outOfMemory }
    return result
  }

  /// Ranks of samples.
  package func apply(_ samples: [UInt16]) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: samples.count) { ranks, count in
      prn_deep_map_apply(map, samples, ranks.baseAddress, samples.count)
      count = samples.count
    }
  }

  /// Samples of ranks; a rank that does not exist is taken for the last one.
  package func invert(_ ranks: [UInt16]) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: ranks.count) { samples, count in
      prn_deep_map_invert(map, ranks, samples.baseAddress, ranks.count)
      count = ranks.count
    }
  }

  /// The range coder's bytes of some maps.
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package static func encode(_ maps: [DeepMap]) throws(EntropyCodingError) -> [UInt8] {
    let encoder = RangeEncoder()
    for map in maps { prn_deep_map_encode(encoder.state, map.map) }
    return try encoder.finish()
  }

  /// The maps of some bytes.
  ///
  /// - Throws: `EntropyCodingError`.
  package static func decode(
    _ bytes: [UInt8], count: Int
  ) throws(EntropyCodingError) -> [DeepMap] {
    let decoder = RangeDecoder(bytes)
    if decoder.lacksMemory { throw .outOfMemory }
    var maps: [DeepMap] = []
    for _ in 0..<count {
      let result = DeepMap()
      guard prn_deep_map_decode(decoder.state, result.map) == PRN_DEEP_DONE else {
        throw .outsideAnyInterval
      }
      maps.append(result)
    }
    try decoder.finish()
    return maps
  }
}
