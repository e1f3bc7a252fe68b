import Bytes
import Testing

@Suite struct SplitMix64Tests {
  /// The first numbers of the authors' C program from the seed 1234567.
  @Test func numbersAreTheAuthors() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
    #expect(generator.state == 1_234_567 &+ 5 &* SplitMix64.gamma)
  }

  @Test func amplitudesAreKept() {
    var generator = SplitMix64(seed: 1)
    let numbers = (0..<200).map { _ in generator.next(in: 2) }
    #expect(Set(numbers) == [-2, -1, 0, 1, 2])
    #expect(generator.next(in: 0) == 0)
  }
}
