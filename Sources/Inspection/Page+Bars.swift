import PRNZip

// What planes take, and what the parts of the file do.
extension Page {
  func planes() -> String {
    let total = report.reduction.total.bits
    var bars = Bars(heads: ["bytes", "share", "bits/px"])
    for plane in report.reduction.planes {
      bars.bars.append(
        .init(
          name: plane.name, value: plane.bits,
          numbers: [
            Number.whole(Int((plane.bits / 8).rounded())),
            Number.percent(total > 0 ? plane.bits / total : 0),
            Number.decimals(plane.bits / report.pixels, 3),
          ], colour: PageColour.plane(plane.name)))
    }
    return section(
      "planes", "Planes", note: "What the values of each plane take.",
      bars.html() + histogram())
  }

  /// Everything in the file, with the framing of sections.
  func parts() -> String {
    let information = report.information
    var bars = Bars(heads: ["bytes", "share"])
    func add(_ name: String, _ size: Int, _ colour: String) {
      guard size > 0 else { return }
      bars.bars.append(
        .init(
          name: name, value: Double(size),
          numbers: [
            Number.whole(size),
            Number.percent(Double(size) / Double(max(information.fileSize, 1))),
          ], colour: colour))
    }
    let framing = "var(--quiet)"
    add("header", information.headerSize, framing)
    for (kind, name) in [
      ("metadata", "metadata"), ("plainMetadata", "metadata"), ("deflatedMetadata", "metadata"),
      ("film", "frames of the animation"), ("recipe", "recipe of the file"),
      ("strip", "headers of strips"),
      ("storedPNG", "the \(information.isPNM ? "PNM" : "PNG") file"),
    ] {
      add(
        name, information.sections.reduce(0) { $0 + ($1.kind == kind ? $1.size : 0) },
        kind == "storedPNG" ? "var(--accent)" : framing)
    }
    for group in information.groups where group.size > 0 {
      let description = report.reduction.descriptions.first { $0.information.isLike(group) }
      add(
        (description?.channelsInWords ?? group.channels) + ": " + group.codec, group.size,
        PageColour.codec(group.codec))
    }
    let comparison = comparison()
    return section(
      "parts", "The file", note: "With the kind, length and checksum of each section.",
      bars.html() + comparison)
  }

  /// The samples, the PNG file and this file side by side.
  private func comparison() -> String {
    var bars = Bars(heads: ["bytes", "of PNG"])
    let png = report.pngBytes
    func add(_ name: String, _ size: Int, _ colour: String) {
      bars.bars.append(
        .init(
          name: name, value: Double(size),
          numbers: [
            Number.whole(size),
            png.map { Number.percent(Double(size) / Double(max($0, 1))) } ?? "–",
          ], colour: colour))
    }
    add("samples", report.sampleBytes, "var(--quiet)")
    if let png { add(report.pngName, png, "var(--quiet)") }
    add("prn file", report.information.fileSize, "var(--accent)")
    return "<h3>Beside others</h3>\n" + bars.html()
  }
}

extension FileInformation.GroupInformation {
  /// Whether both are coded alike, whatever their tiles and bytes.
  func isLike(_ other: Self) -> Bool {
    channels == other.channels && codec == other.codec && modelIdentity == other.modelIdentity
      && mixing == other.mixing && mapping == other.mapping && colours == other.colours
  }
}
