import Testing

@testable import PixelTraining

@Suite struct WidestKernelsTests {
  @Test func onlyWhereAVX512WasMissed() {
    func needed(_ core: String, _ hasAVX512: Bool, _ isChosen: Bool) -> Bool {
      WidestKernels.needsRestart(core: core, hasAVX512: hasAVX512, isChosen: isChosen)
    }
    #expect(needed("Zen", true, false) && needed("Haswell", true, false))
    #expect(!needed("Zen", true, true), "the user has chosen, or this is the second start")
    #expect(!needed("Zen", false, false))
    #expect(!needed("SkylakeX", true, false) && !needed("Cooperlake", true, false))
  }
}
