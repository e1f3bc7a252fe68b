// A codec for pictures with few colours, flat areas, text and repeats (FORMAT.md, section 11): it
// asks of each pixel whether it has one of a few likely colours, and codes a new colour channel by
// channel.
#ifndef C_GRAPHICS_H
#define C_GRAPHICS_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// The most channels of a pixel.
#define PRN_GRAPHICS_CHANNELS 4
/// Costs are told for squares of so many pixels a side.
#define PRN_GRAPHICS_BLOCK 32

/// What is coded.
typedef struct {
  int32_t rows, columns;
  /// Planes in the order in which a pixel's values are coded: alpha before the colours, green
  /// before red and blue. 1 to PRN_GRAPHICS_CHANNELS.
  int32_t channels;
  /// Whether the first channel is alpha.
  int32_t has_alpha;
  /// How many colours there are, 1 to 256, if the one channel numbers them; 0 if values are values.
  int32_t colours;
} prn_graphics_shape;

/// What the coding of a picture has learnt.
typedef struct prn_graphics prn_graphics;

/// How a call ends.
enum {
  PRN_GRAPHICS_DONE = 0,
  /// The stream is none that the encoder makes.
  PRN_GRAPHICS_CORRUPT = 1,
};

/// Bytes that coding takes; 0 where the shape is out of range. Where there is no memory to find
/// that out, SIZE_MAX / 4.
size_t prn_graphics_memory(const prn_graphics_shape *shape);

/// A codec before its first pixel; NULL where memory is short or the shape is out of range.
/// `version`: see prn_supports.
prn_graphics *prn_graphics_create(const prn_graphics_shape *shape, int version);

void prn_graphics_destroy(prn_graphics *graphics);

/// Codes a picture; once for each codec.
///
/// planes[channel] has rows * columns values, row by row; below `colours` if there are such.
/// `known`, if not NULL, has a byte for each pixel: those that are not 0 are known to the decoder,
/// and not coded. `costs`, if not NULL, gets the bits that each block took, with 8 fraction bits:
/// [row / PRN_GRAPHICS_BLOCK][column / PRN_GRAPHICS_BLOCK].
void prn_graphics_encode(
    prn_graphics *graphics, prn_range_encoder *encoder, const uint8_t *const planes[],
    const uint8_t *known, uint64_t *costs, const prn_bounds *bounds);

/// Finds what prn_graphics_encode coded; pixels that are known are in the planes already.
int prn_graphics_decode(
    prn_graphics *graphics, prn_range_decoder *decoder, uint8_t *const planes[],
    const uint8_t *known, const prn_bounds *bounds);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_graphics_agrees(int version);

#endif
