import Bytes
import Foundation
import ImagePlanes
import PixelNetwork

// Images to try things on: the same in every run.

/// Slopes, noise and extremes: hard to predict.
package func testImage(rows: Int, columns: Int, seed: UInt64 = 1, colours: Int = 3) -> Image {
  var generator = SplitMix64(seed: seed)
  var samples: [UInt8] = []
  for row in 0..<rows {
    for column in 0..<columns {
      for colour in 0..<colours {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: samples.append(0)
        case 1: samples.append(255)
        default:
          let noise = Int.random(in: 0..<30, using: &generator)
          samples.append(UInt8(truncatingIfNeeded: 40 * colour + 9 * row + 5 * column + noise))
        }
      }
    }
  }
  return Image(width: columns, height: rows, interleaved: samples, colours: colours)
}

/// The same for a network: of its colours, and of 0 and 1 for a sigmoid.
package func testImage(
  rows: Int, columns: Int, seed: UInt64 = 1, for architecture: Architecture
) -> Image {
  testImage(rows: rows, columns: columns, seed: seed, colours: architecture.colours)
    .legal(for: architecture)
}

/// Waves of all directions with colours that move together, an edge, and a little noise.
package func photoLikeImage(rows: Int, columns: Int, seed: UInt64 = 1, colours: Int = 3) -> Image {
  var generator = SplitMix64(seed: seed)
  let tilt = Double.random(in: 0.05...0.4, using: &generator)
  var samples: [UInt8] = []
  for row in 0..<rows {
    for column in 0..<columns {
      let (y, x) = (Double(row), Double(column))
      var light = 110 + 50 * sin(tilt * x + 0.11 * y) + 30 * sin(0.31 * y - tilt * x)
      if 2 * row > column + 7 { light += 35 }
      for colour in 0..<colours {
        let noise = Double.random(in: -3...3, using: &generator)
        let value = light * (1 - 0.12 * Double(colour)) + 5 * sin(0.2 * x) + noise
        samples.append(UInt8(min(max(value, 0), 255)))
      }
    }
  }
  return Image(width: columns, height: rows, interleaved: samples, colours: colours)
}

/// Slopes with a little noise: easy to predict.
package func smoothImage(width: Int, height: Int) -> Image {
  var state: UInt32 = 7
  var samples: [UInt8] = []
  for row in 0..<height {
    for column in 0..<width {
      for colour in 0..<3 {
        state = state &* 1_664_525 &+ 1_013_904_223
        samples.append(
          UInt8(truncatingIfNeeded: row + 2 * column + 40 * colour + Int(state >> 30)))
      }
    }
  }
  return Image(width: width, height: height, interleaved: samples)
}

/// The first plane of `smoothImage`.
package func grayImage(width: Int, height: Int) -> Image {
  Image(.gray8, planes: [smoothImage(width: width, height: height).planes[0]])
}

/// Lines of 1 on 0, and a few specks.
package func bitImage(width: Int, height: Int) -> Image {
  var state: UInt32 = 3
  var image = Image(width: width, height: height, colours: 1, depth: 1)
  for i in 0..<width * height {
    state = state &* 1_664_525 &+ 1_013_904_223
    let isLine = (i / width + i % width) % 23 == 0
    image.planes[0].samples[i] = isLine || state >> 27 == 0 ? 1 : 0
  }
  return image
}

/// Samples that are all told apart by their position, as far as 8 bits can.
package func patternImage(width: Int, height: Int, colours: Int = 3) -> Image {
  Image(
    width: width, height: height,
    interleaved: (0..<colours * width * height).map {
      UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8)
    }, colours: colours)
}

extension Image {
  /// The image in the format that a network of this kind codes: of 0 and 1 for a sigmoid.
  package func legal(for architecture: Architecture) -> Image {
    guard architecture.head == .sigmoid else { return self }
    return Image(
      architecture.pixelFormat,
      planes: planes.map { plane in
        var plane = plane
        plane.samples = plane.samples.map { $0 & 1 }
        return plane
      })
  }
}
