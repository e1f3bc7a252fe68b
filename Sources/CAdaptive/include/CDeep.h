// Deep samples: images of 9 to 16 bits a sample, predicted and mixed without a network (FORMAT.md).
#ifndef C_DEEP_H
#define C_DEEP_H

#include <stddef.h>
#include <stdint.h>

#include "CEntropyCoding.h"

/// Channels at most: of gray, gray and alpha, RGB or RGBA.
#define PRN_DEEP_CHANNELS 4
/// Bits of a sample.
#define PRN_DEEP_LEAST_DEPTH 9
#define PRN_DEEP_MOST_DEPTH 16

typedef enum {
  PRN_DEEP_DONE,
  PRN_DEEP_OUT_OF_MEMORY,
  PRN_DEEP_ILLEGAL,
  /// The decoder's range coder found a code outside of every interval.
  PRN_DEEP_CORRUPT
} prn_deep_result;

/// Bytes that coding an image takes beyond its samples; 0 where an argument is out of range.
size_t prn_deep_memory(int32_t width, int32_t height, int32_t channels);

/// Codes planes of width x height samples, one channel behind the other, rows from the top. All
/// samples are below 2^depth. Time and memory grow with the number of samples. `version` is as for
/// prn_supports. `cost`, unless NULL, gets the bits of the decisions, with 8 fraction bits.
prn_deep_result prn_deep_encode(
    prn_range_encoder *encoder, const uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version, uint64_t *cost);

/// Finds what prn_deep_encode coded. Other streams give some samples below 2^depth, or
/// PRN_DEEP_CORRUPT at the end of a row.
prn_deep_result prn_deep_decode(
    prn_range_decoder *decoder, uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_deep_agrees(int version);

#endif
