import ImagePlanes

/// Sections that run side by side, each on as many threads.
struct SectionRound: Equatable {
  /// Sections in all; more than run at the same time only where those before them end first.
  let count: Int
  /// How many run at the same time.
  let concurrency: Int
  /// Threads of each.
  let threads: Int
}

extension SectionRunner {
  /// The rounds in which the sections run, one after another.
  ///
  /// As many as fill all threads evenly run in the first, mostly on one thread each: that wastes
  /// nothing. The few left over run in the rounds that take the least time together, as far as
  /// `speedup` knows. Where a tile cannot be shared, all run in one. No more run side by side than
  /// there is memory for. Complexity: O(threads^2).
  func rounds(_ work: Work) -> [SectionRound] {
    let most = concurrency(work)
    if work.isShared, most > 1, let pixels = work.pixels { return rounds(pixels, most) }
    guard work.isShared, most > 1 else {
      return [SectionRound(count: work.count, concurrency: most, threads: most > 1 ? 1 : threads)]
        .filter { $0.count > 0 }
    }
    let left = work.count % most
    var rounds: [SectionRound] = []
    if work.count > left {
      rounds.append(
        SectionRound(count: work.count - left, concurrency: most, threads: threads / most))
    }
    // Of so many that are left: the least time, and how many run first.
    var best: [(time: Double, first: Int)] = [(0, 0)]
    for count in 0..<left {
      let ways = (1...count + 1).reversed().map { first in
        (time: 1 / Self.speedup(threads / first) + best[count + 1 - first].time, first: first)
      }
      best.append(ways.min { $0.time < $1.time } ?? (0, count + 1))
    }
    var rest = left
    while rest > 0 {
      let first = best[rest].first
      rounds.append(SectionRound(count: first, concurrency: first, threads: threads / first))
      rest -= first
    }
    return rounds
  }

  /// The rounds of sections of different sizes: the largest ones for themselves on all threads,
  /// where that takes less time than if a thread had one for long, and the others side by side.
  private func rounds(_ pixels: [Int], _ most: Int) -> [SectionRound] {
    let sizes = pixels.sorted(by: >)
    var left = sizes.reduce(0, +)
    var (shared, least) = (0.0, Double.infinity)
    var best: [SectionRound] = []
    for (number, size) in sizes.enumerated() {
      let concurrency = min(most, sizes.count - number)
      let each = threads / concurrency
      let slowest = max(Double(size), Double(left) / Double(concurrency))
      let time = shared + slowest / Self.speedup(each, pixels: size)
      if time < least {
        least = time
        best = [
          SectionRound(count: number, concurrency: 1, threads: threads),
          SectionRound(count: sizes.count - number, concurrency: concurrency, threads: each),
        ]
      }
      shared += Double(size) / Self.speedup(threads, pixels: size)
      left -= size
    }
    return best.filter { $0.count > 0 }
  }

  /// The same of a tile of so many pixels: small ones have one lane, and wait more often.
  private static func speedup(_ threads: Int, pixels: Int) -> Double {
    guard pixels < Lanes.leastPixels else { return speedup(threads) }
    return 1 / (0.4 + 0.6 / Double(max(threads, 1)))
  }

  /// About how much faster a tile is on several threads: the mixing, a quarter of the work, is that
  /// of two lanes.
  private static func speedup(_ threads: Int) -> Double {
    let threads = Double(max(threads, 1))
    return 1 / (0.25 / min(threads, 2) + 0.75 / threads)
  }
}
