import Bytes
import CPRNZip
import DigitModels
import ModelStore
import PRNZip

/// `prnzip_read_info`.
@_cdecl("prnzip_read_info")
public func readInfo(
  _ prn: UnsafeRawPointer?, _ prnSize: Int, _ options: UnsafePointer<prnzip_options>?,
  _ info: UnsafeMutablePointer<UnsafeMutablePointer<prnzip_info>?>?,
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int
) -> prnzip_status {
  status(message, messageSize) { () throws(Failure) in
    guard let info else { throw .argument("info is NULL") }
    info.pointee = nil
    let limits = try Settings(options).limits
    let prn = try bytes(prn, prnSize, "prn", limit: limits.maximumBytes)
    let found = try Failure.of { () throws(PRNZipError) in
      try FileInformation(prn, store: .withDigits)
    }
    info.pointee = try piece(of: found)
  }
}

/// Lays information out in one piece of memory: `prnzip_info`, its groups, and their strings.
///
/// - Throws: `PRNZIP_OUT_OF_MEMORY`.
private func piece(
  of found: FileInformation
) throws(Failure) -> UnsafeMutablePointer<prnzip_info> {
  var strings: [UInt8] = []
  /// - Returns: where the string begins in `strings`.
  func add(_ text: String) -> Int {
    strings += Array(text.utf8) + [0]
    return strings.count - Array(text.utf8).count - 1
  }
  let names = found.groups.map { group in
    (channels: add(group.channels), codec: add(group.codec), model: group.modelName.map(add))
  }
  let groupsOffset = MemoryLayout<prnzip_info>.stride
  let stringsOffset = groupsOffset + names.count * MemoryLayout<prnzip_group>.stride
  guard let memory = ResultMemory.allocate(stringsOffset + strings.count + 1) else {
    throw .outOfMemory(stringsOffset + strings.count)
  }
  let text = (memory + stringsOffset).bindMemory(to: CChar.self, capacity: strings.count + 1)
  for (index, byte) in strings.enumerated() { text[index] = CChar(bitPattern: byte) }
  let groups = (memory + groupsOffset).bindMemory(to: prnzip_group.self, capacity: names.count + 1)
  for (index, (group, name)) in zip(found.groups, names).enumerated() {
    groups[index] = prnzip_group(
      channels: text + name.channels, codec: text + name.codec,
      model: name.model.map { UnsafePointer(text + $0) }, bytes: UInt64(clamping: group.size),
      tiles: UInt64(clamping: group.tileCount))
  }
  let info = memory.bindMemory(to: prnzip_info.self, capacity: 1)
  info.initialize(to: prnzip_info(found, groups: groups))
  return info
}

extension prnzip_info {
  fileprivate init(_ found: FileInformation, groups: UnsafePointer<prnzip_group>) {
    self.init()
    width = UInt32(clamping: found.width)
    height = UInt32(clamping: found.height)
    channels = UInt32(clamping: found.channels)
    depth = UInt32(clamping: found.sampleDepth)
    colour_type = UInt32(clamping: found.colourType)
    is_modelled = found.isModelled ? 1 : 0
    is_exact = found.isExact ? 1 : 0
    is_interlaced = found.isInterlaced ? 1 : 0
    strips = UInt32(clamping: found.stripCount)
    group_count = UInt32(clamping: found.groups.count)
    self.groups = groups
    file_bytes = UInt64(clamping: found.fileSize)
    metadata_bytes = UInt64(clamping: found.metadataBytes)
    small_width = UInt32(clamping: found.smallWidth ?? 0)
    small_height = UInt32(clamping: found.smallHeight ?? 0)
    is_pnm = found.isPNM ? 1 : 0
    frame_count = UInt32(clamping: found.frameCount)
    frame_bytes = UInt64(clamping: found.filmBytes)
  }
}
