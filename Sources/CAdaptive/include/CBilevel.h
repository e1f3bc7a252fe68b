// A codec for images of 1, 2 or 4 bits a pixel (FORMAT.md, section 13): scans, line art, dithered
// pictures, few colours.
#ifndef C_BILEVEL_H
#define C_BILEVEL_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// Pixels of an image, at most.
#define PRN_BILEVEL_LIMIT 0x7FFFFF00

/// What became of a call.
typedef enum {
  PRN_BILEVEL_DONE,
  /// A size or a depth is out of range, or, of an image to be encoded, a pixel.
  PRN_BILEVEL_OUT_OF_RANGE,
  PRN_BILEVEL_OUT_OF_MEMORY,
  /// The stream is none that an encoder writes. Some pixels may have been written.
  PRN_BILEVEL_CORRUPT
} prn_bilevel_result;

/// Bytes of memory that a call takes besides the image and the coder; 0 where an argument is out of
/// range: width and height from 1, with at most PRN_BILEVEL_LIMIT pixels, and depth 1, 2 or 4.
size_t prn_bilevel_memory(int32_t width, int32_t height, int32_t depth);

/// Codes an image: pixels[y * stride + x] < 2^depth, for 0 <= x < width <= stride and 0 <= y <
/// height. They may be gray values or indices of a palette in any order. `version` is one that the
/// processor supports (prn_supports); another counts as 0. Linear in the pixels.
prn_bilevel_result prn_bilevel_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t depth,
    const uint8_t *pixels, ptrdiff_t stride, int version, const prn_bounds *bounds);

/// Finds what prn_bilevel_encode coded, with the same width, height and depth. Pixels of any stream
/// are below 2^depth.
prn_bilevel_result prn_bilevel_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t depth, uint8_t *pixels,
    ptrdiff_t stride, int version, const prn_bounds *bounds);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_bilevel_agrees(int version);

#endif
