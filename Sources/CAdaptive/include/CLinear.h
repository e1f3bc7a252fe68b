// A fast codec for planes of photographs (FORMAT.md, section 17): linear predictors that are fitted
// while coding, and histograms of what they miss.
#ifndef C_LINEAR_H
#define C_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// Planes at most.
#define PRN_LINEAR_PLANES 3

/// What became of a call.
typedef enum {
  PRN_LINEAR_DONE,
  /// A size, the number of planes or the version is out of range.
  PRN_LINEAR_OUT_OF_RANGE,
  PRN_LINEAR_OUT_OF_MEMORY,
  /// The stream is none that an encoder writes. Some samples may have been written.
  PRN_LINEAR_CORRUPT
} prn_linear_result;

/// Bytes of memory that a call takes besides the planes and the coder; 0 where an argument is out
/// of range: width and height from 1 to 65535, planes 1 to PRN_LINEAR_PLANES.
size_t prn_linear_memory(int32_t width, int32_t height, int32_t planes);

/// Codes planes of width x height samples, one behind the other: samples[k][y * width + x]. A plane
/// is predicted from those before it, too. `version` is that of the code, see prn_supports; all
/// give the same bytes. Linear in the samples: about 700 instructions for each.
prn_linear_result prn_linear_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t planes,
    const uint8_t *const *samples, int version, const prn_bounds *bounds);

/// Finds what prn_linear_encode coded, with the same width, height and number of planes.
prn_linear_result prn_linear_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t planes,
    uint8_t *const *samples, int version, const prn_bounds *bounds);

/// Whether a version codes a small image as the portable one does; 0 or 1.
int prn_linear_agrees(int version);

#endif
