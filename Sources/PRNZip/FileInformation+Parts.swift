import Bytes
import ColourLattices
import Container
import Mixing
import ModelStore
import PNGFile

extension FileInformation {
  /// What is found in a file, in one piece or in strips.
  struct Parts {
    let header: Header
    let headerSize: Int
    private(set) var lattice: ColourLattice?
    private(set) var groups: [GroupInformation] = []
    private(set) var sections: [SectionInformation] = []
    private(set) var metadataBytes = 0
    private(set) var frameCount = 0
    private(set) var framePixels = 0.0

    init(_ source: any ByteSource, _ store: ModelStore) throws(PRNZipError) {
      do throws(ContainerError) {
        guard try PRNStrips.isOne(source) else {
          let prn = try ContainerError.reading { () throws(TransferError) in try source.all() }
          let file = try PRNFile(prn)
          header = file.header
          headerSize = file.headerSize
          metadataBytes = file.metadata?.payload.count ?? 0
          add(file, store)
          addFrames(of: file, prn)
          return
        }
        var file = try PRNStrips(source)
        header = file.header
        headerSize = file.headerSize
        if let section = file.metadata {
          metadataBytes = section.payload.count
          add([section])
        }
        while let strip = try file.next() {
          add([strip.headerSection])
          add(strip.file, store)
        }
      } catch {
        throw PRNZipError(error)
      }
    }

    private mutating func add(_ sections: [Section]) {
      self.sections += sections.map {
        SectionInformation(kind: "\($0.kind)", size: Section.size(payload: $0.payload.count))
      }
    }

    /// What the metadata says of the frames that films hold, if it can be read.
    private mutating func addFrames(of file: PRNFile, _ prn: [UInt8]) {
      guard file.header.filmCount != nil, let section = file.metadata,
        let metadata = try? MetadataCoding.decode(prn, section),
        let frames = Animation.frames(of: metadata.chunks)
      else { return }
      frameCount = frames.count
      framePixels = frames.reduce(0) { $0 + Double($1.width) * Double($1.height) }
    }

    private mutating func add(_ file: PRNFile, _ store: ModelStore) {
      lattice = lattice ?? file.header.lattice
      for (group, sections) in zip(file.header.groups, file.groups) {
        let new = GroupInformation(group, of: file.header, sections, store)
        if let index = groups.firstIndex(where: { $0.isAlike(new) }) {
          groups[index].tileCount += new.tileCount
          groups[index].size += new.size
        } else {
          groups.append(new)
        }
      }
      add(file.sections)
    }
  }
}

extension FileInformation.GroupInformation {
  /// Whether both are coded alike, whatever their sizes.
  fileprivate func isAlike(_ other: Self) -> Bool {
    var other = other
    other.tileCount = tileCount
    other.size = size
    return self == other
  }
}

extension FileInformation.GroupInformation {
  init(
    _ group: Group, of header: Header, _ sections: PRNFile.GroupSections, _ store: ModelStore
  ) {
    let letters: [Character] =
      switch header.colourType {
      case 0: ["Y"]
      case 3: ["I"]
      case 4: ["Y", "A"]
      default: header.lattice == nil ? ["R", "G", "B", "A"] : ["Y", "C", "C", "A", "r", "g", "b"]
      }
    channels = String(group.channelNumbers.map { letters[$0] })
    codec = "\(group.codec)"
    mapping =
      switch group.mapping {
      case .none: "none"
      case .doubled: "doubled"
      case .table: "table"
      case .palette: "palette"
      }
    var identity: [UInt8]?
    var level: MixingLevel?
    switch group.parameters {
    case .constant, .bilevel, .deep, .sparse, .linear: colours = nil
    case .graphics(let count), .runs(let count): colours = count > 0 ? count : nil
    case .network(let modelIdentity, let mixingLevel, _),
      .patches(let modelIdentity, let mixingLevel, _, _):
      colours = nil
      identity = modelIdentity
      level = MixingLevel(rawValue: mixingLevel)
    }
    modelIdentity = identity
    mixing = level
    modelName = identity.flatMap { store.description(identity: $0) }?.name
    let (width, height) = header.extent(of: group)
    let tiles = group.sections(width: width, height: height)?.grid
    tileWidth = tiles?.tileWidth ?? width
    tileHeight = tiles?.tileHeight ?? height
    tileCount = sections.tiles.isEmpty ? 0 : group.tileCount(width: width, height: height)
    size = (sections.smallTiles + sections.tiles).reduce(0) {
      $0 + Section.size(payload: $1.payload.count)
    }
  }
}
