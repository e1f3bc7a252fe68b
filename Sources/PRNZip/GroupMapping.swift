import Container
import ImagePlanes

/// Makes the samples of an image of the coded planes of its groups (FORMAT.md, section 1.9).
struct GroupMapping {
  let header: Header
  let metadata: Metadata

  private var bytesOfSample: Int { header.sampleDepth > 8 ? 2 : 1 }

  /// Puts the samples of a group into the image.
  ///
  /// - Parameters:
  ///   - group: one of the header's.
  ///   - planes: its coded planes; nil if it is constant.
  ///   - channels: the planes of the header's channels; they are of the right sizes.
  /// - Throws: `PRNZipError.container(.corrupt)`.
  func apply(
    _ group: Group, _ planes: Image?, to channels: inout [Plane]
  ) throws(PRNZipError) {
    if case .constant(let value) = group.parameters {
      for channel in group.channelNumbers { fill(&channels, channel, value) }
      return
    }
    guard let planes else { return }
    if group.codec == .deep, group.mapping == .doubled {
      throw .container(.corrupt(reason: "deep values of 8 bits"))
    }
    switch group.mapping {
    case .none:
      for plane in planes.planes { try checkSamples(plane) }
      copy(planes.planes, group, bytes: bytesOfSample, to: &channels)
    case .doubled: copy(planes.planes.flatMap { [$0, $0] }, group, bytes: 2, to: &channels)
    case .table(let side):
      let maps = try DeepMaps.decode(side, planes: group.codedPlanes(alpha: header.alphaChannel))
      let samples = try bytesOfSample == 1 ? maps.invertBytes(planes) : maps.invert(planes).planes
      copy(samples, group, bytes: bytesOfSample, to: &channels)
    case .palette(let side): try applyPalette(side, group, planes.planes[0], to: &channels)
    }
  }

  private func fill(_ channels: inout [Plane], _ channel: Int, _ value: Int) {
    for byte in 0..<bytesOfSample {
      let sample = UInt8(truncatingIfNeeded: value >> (8 * (bytesOfSample - 1 - byte)))
      let plane = channel * bytesOfSample + byte
      let (width, height) = (channels[plane].width, channels[plane].height)
      channels[plane] = Plane(width: width, height: height, repeating: sample)
    }
  }

  /// Puts `bytes` planes of each coded channel in their places.
  private func copy(_ planes: [Plane], _ group: Group, bytes: Int, to channels: inout [Plane]) {
    var next = 0
    for channel in group.channelNumbers {
      let isAlpha = header.alphaChannel >> UInt8(channel) & 1 == 1
      let source = group.isEqual ? (isAlpha ? planes.count / bytes - 1 : 0) : next
      for byte in 0..<bytes { channels[channel * bytes + byte] = planes[source * bytes + byte] }
      next += 1
    }
  }

  private func applyPalette(
    _ side: [UInt8], _ group: Group, _ numbers: Plane, to channels: inout [Plane]
  ) throws(PRNZipError) {
    if header.colourType == 3 {
      guard let palette = metadata.palette else {
        throw .container(.corrupt(reason: "numbers of colours without a palette"))
      }
      guard let isUsed = PaletteOrder.isUsed(side, count: min(palette.plte.count / 3, 256)) else {
        throw .container(.corrupt(reason: "\(side.count) bytes of the colours that occur"))
      }
      let indices = PaletteOrder(palette, isUsed: isUsed).indices
      try check(numbers, count: indices.count)
      channels[0].samples = numbers.samples.map { indices[Int($0)] }
      try checkSamples(channels[0])
      return
    }
    let numbered = group.channelNumbers
    let table = try ColourTableCoding.decode(side, planes: numbered.count)
    try check(numbers, count: table.colours.count)
    for (k, channel) in numbered.enumerated() {
      let samples = table.colours.map { UInt8(truncatingIfNeeded: $0 >> (8 * k)) }
      channels[channel].samples = numbers.samples.map { samples[Int($0)] }
      try checkSamples(channels[channel])
    }
  }

  /// Samples of few bits are found as bytes.
  private func checkSamples(_ plane: Plane) throws(PRNZipError) {
    guard header.sampleDepth < 8 else { return }
    guard plane.samples.allSatisfy({ $0 >> header.sampleDepth == 0 }) else {
      throw .container(.corrupt(reason: "a sample of more than \(header.sampleDepth) bits"))
    }
  }

  private func check(_ numbers: Plane, count: Int) throws(PRNZipError) {
    guard numbers.samples.allSatisfy({ Int($0) < count }) else {
      throw .container(.corrupt(reason: "a colour's number of \(count) or more"))
    }
  }

  /// Gives the samples under alpha 0 their values, of groups that hide them.
  func hide(in image: inout Image) {
    let groups = header.groups.filter { !$0.hidden.isEmpty }
    if groups.isEmpty { return }
    let isTransparent = image.isTransparent
    for group in groups {
      for (channel, value) in zip(group.channelNumbers, group.hidden) {
        for byte in 0..<bytesOfSample {
          let sample = UInt8(truncatingIfNeeded: value >> (8 * (bytesOfSample - 1 - byte)))
          let plane = channel * bytesOfSample + byte
          for (index, isTransparent) in isTransparent.enumerated() where isTransparent {
            image.planes[plane].samples[index] = sample
          }
        }
      }
    }
  }
}
