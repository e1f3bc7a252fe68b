import AdaptiveCoding
import Bytes
import Container
import EntropyCoding
import ImagePlanes

/// How the samples of each coded channel follow from ranks, of which there are fewer.
struct DeepMaps {
  private let maps: [DeepMap]

  /// How many ranks each channel has.
  var counts: [Int] { maps.map(\.count) }

  /// Whether all ranks are bytes.
  var areBytes: Bool { maps.allSatisfy { $0.count <= 256 } }

  /// The maps that are worth trying, one or two.
  ///
  /// - Parameter planes: two of bytes for each channel.
  /// - Returns: the maps.
  /// - Throws: `PRNZipError.outOfMemory`.
  static func all(_ planes: Image) throws(PRNZipError) -> [DeepMaps] {
    let (regular, listed) = (try find(planes, mayList: false), try find(planes, mayList: true))
    return listed.maps.contains(where: \.isList) ? [regular, listed] : [regular]
  }

  private static func find(_ planes: Image, mayList: Bool) throws(PRNZipError) -> DeepMaps {
    var maps: [DeepMap] = []
    for channel in 0..<planes.format.channels.count {
      let samples = try planes.samples(channel)
      do throws(EntropyCodingError) {
        maps.append(try DeepMap.find(samples, planes.width, mayList: mayList))
      } catch {
        throw .outOfMemory(OutOfMemory(bytes: 4 * samples.count))
      }
    }
    return DeepMaps(maps: maps)
  }

  /// Whether the values of an image of bytes leave gaps, such as those of one of 5 bits a channel,
  /// or of one that was stretched.
  ///
  /// Complexity: O(1) in the samples.
  ///
  /// - Parameter planes: one for each channel.
  /// - Returns: whether it is worth looking for maps.
  static func haveGaps(_ planes: Image) -> Bool {
    planes.planes.contains { $0.gaps >= 0.04 }
  }

  /// The maps of an image of bytes.
  ///
  /// Complexity: O(samples).
  ///
  /// - Parameter planes: one for each channel.
  /// - Returns: the maps.
  /// - Throws: `PRNZipError.outOfMemory`.
  static func ofBytes(_ planes: Image) throws(PRNZipError) -> DeepMaps {
    try find(planes, mayList: true)
  }

  /// The bytes of a group.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func encoded() throws(PRNZipError) -> [UInt8] {
    do throws(EntropyCodingError) {
      return try DeepMap.encode(maps)
    } catch {
      throw .outOfMemory(OutOfMemory(bytes: 1 << 18))
    }
  }

  /// Those of a group's bytes.
  ///
  /// - Throws: `PRNZipError.container(.corrupt)`, `outOfMemory`.
  static func decode(_ bytes: [UInt8], planes: Int) throws(PRNZipError) -> DeepMaps {
    do throws(EntropyCodingError) {
      return DeepMaps(maps: try DeepMap.decode(bytes, count: planes))
    } catch .outOfMemory {
      throw .outOfMemory(OutOfMemory(bytes: 1 << 18))
    } catch {
      throw .container(.corrupt(reason: "maps of samples: \(error)"))
    }
  }

  /// How many values each coded plane of a group has.
  static func counts(of group: Group, planes: Int) throws(PRNZipError) -> [Int] {
    guard case .table(let bytes) = group.mapping else {
      return Array(repeating: 1 << 16, count: planes)
    }
    return try decode(bytes, planes: planes).counts
  }

  /// Ranks of samples, as planes of bytes, or two each.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func apply(_ planes: Image, asBytes: Bool) throws(PRNZipError) -> Image {
    var result: [Plane] = []
    for (channel, map) in maps.enumerated() {
      let ranks = map.apply(try planes.samples(channel))
      result += Image.planes(ranks, width: planes.width, asBytes: asBytes)
    }
    return Image(PixelFormat(codedChannels: maps.count, isDeep: !asBytes), planes: result)
  }

  /// Samples of ranks.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func invert(_ ranks: Image) throws(PRNZipError) -> Image {
    var result: [Plane] = []
    for (channel, map) in maps.enumerated() {
      let samples = map.invert(try ranks.samples(channel))
      result += Image.planes(samples, width: ranks.width, asBytes: false)
    }
    return Image(PixelFormat(codedChannels: maps.count, isDeep: true), planes: result)
  }

  /// Samples of ranks, where they are bytes.
  ///
  /// - Throws: `PRNZipError.container(.corrupt)`.
  func invertBytes(_ ranks: Image) throws(PRNZipError) -> [Plane] {
    var result = ranks.planes
    for (channel, map) in maps.enumerated() {
      let samples = map.invert(Array(0...255))
      for index in result[channel].samples.indices {
        let sample = samples[Int(result[channel].samples[index])]
        guard sample <= 255 else {
          throw .container(.corrupt(reason: "a sample of \(sample), of 8 bits"))
        }
        result[channel].samples[index] = UInt8(sample)
      }
    }
    return result
  }
}

extension Plane {
  /// How much is missing in the histogram: for each value that does not occur, between two that do,
  /// as many samples as these have in the mean; over all samples. Rare values lack by chance.
  fileprivate var gaps: Double {
    // Some samples tell.
    let step = samples.count >> 18 | 1
    var counts = Array(repeating: 0, count: 256)
    samples.withUnsafeBufferPointer { samples in
      var at = 0
      while at < samples.count {
        counts[Int(samples[at])] &+= 1
        at &+= step
      }
    }
    var missing = 0
    var last: Int?
    for value in 0...255 where counts[value] > 0 {
      if let last {
        let mean = (counts[last] + counts[value]) / 2
        if mean >= 8 { missing += (value - last - 1) * mean }
      }
      last = value
    }
    return Double(missing * step) / Double(max(samples.count, 1))
  }
}

extension Image {
  /// The samples of a channel, of one plane or two.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  fileprivate func samples(_ channel: Int) throws(PRNZipError) -> [UInt16] {
    do {
      try Memory.check(width * height, of: 4)
    } catch {
      throw .outOfMemory(error)
    }
    guard format.depth > 8 else { return planes[channel].samples.map { UInt16($0) } }
    let (high, low) = (planes[2 * channel].samples, planes[2 * channel + 1].samples)
    return zip(high, low).map { UInt16($0) << 8 | UInt16($1) }
  }

  /// Planes of numbers: one, or that of the high bytes and that of the low ones.
  fileprivate static func planes(_ numbers: [UInt16], width: Int, asBytes: Bool) -> [Plane] {
    let height = width > 0 ? numbers.count / width : 0
    return (asBytes ? [0] : [8, 0]).map { shift in
      var plane = Plane(width: width, height: height)
      for (index, number) in numbers.enumerated() {
        plane.samples[index] = UInt8(truncatingIfNeeded: number >> UInt16(shift))
      }
      return plane
    }
  }
}

extension VaryingChannels {
  /// Deep samples as ranks.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func deep(_ maps: DeepMaps, _ options: Compressor.Options) throws(PRNZipError) -> GroupPlan {
    var group = group(.deep)
    group.mapping = .table(try maps.encoded())
    return GroupPlan(
      group: group, planes: try maps.apply(planes, asBytes: false),
      coding: .adaptive(
        DeepTileCodec(
          counts: maps.counts, hasAlpha: hasAlpha, instructions: options.instructions)))
  }

  /// The same channels as planes of bytes, where the ranks are few.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func ranked(_ maps: DeepMaps) throws(PRNZipError) -> VaryingChannels? {
    guard maps.areBytes else { return nil }
    return VaryingChannels(
      self, planes: try maps.apply(planes, asBytes: true),
      mapping: .table(try maps.encoded()))
  }
}
