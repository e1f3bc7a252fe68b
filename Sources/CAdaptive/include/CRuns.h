// A fast codec for pictures with flat areas, text and repeats (FORMAT.md, section 18): runs of the
// colour around, a few likely colours, and what is left channel by channel.
#ifndef C_RUNS_H
#define C_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// The most channels of a pixel.
#define PRN_RUNS_CHANNELS 4

/// What is coded.
typedef struct {
  /// 1 to 65535 each.
  int32_t rows, columns;
  /// Planes in the order in which a pixel's values are coded: alpha before the colours, green
  /// before red and blue. 1 to PRN_RUNS_CHANNELS.
  int32_t channels;
  /// Whether the first channel is alpha.
  int32_t has_alpha;
  /// How many colours there are, 1 to 256, if the one channel numbers them; 0 if values are values.
  int32_t colours;
} prn_runs_shape;

/// What became of a call.
typedef enum {
  PRN_RUNS_DONE,
  /// The shape is out of range.
  PRN_RUNS_OUT_OF_RANGE,
  PRN_RUNS_OUT_OF_MEMORY,
  /// The stream is none that an encoder writes. Some values may have been written.
  PRN_RUNS_CORRUPT
} prn_runs_result;

/// Bytes of memory that a call takes besides the planes and the coder; 0 where the shape is out of
/// range. Where there is no memory to find that out, SIZE_MAX / 4.
size_t prn_runs_memory(const prn_runs_shape *shape);

/// Codes a picture: planes[channel] has rows * columns values, row by row, below `colours` if there
/// are such. Linear in the pixels: some instructions for one in a run, about 2,000 for one of three
/// new values.
prn_runs_result prn_runs_encode(
    prn_range_encoder *encoder, const prn_runs_shape *shape, const uint8_t *const planes[],
    const prn_bounds *bounds);

/// Finds what prn_runs_encode coded, with the same shape. Numbers of colours may be found that are
/// `colours` or more, but below the next power of two: no encoder writes them.
prn_runs_result prn_runs_decode(
    prn_range_decoder *decoder, const prn_runs_shape *shape, uint8_t *const planes[],
    const prn_bounds *bounds);

#endif
