// A codec for planes of bytes that are nearly all 0 (FORMAT.md, section 16): corrections.
#ifndef C_SPARSE_H
#define C_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// Planes at most.
#define PRN_SPARSE_PLANES 3

/// What became of a call.
typedef enum {
  PRN_SPARSE_DONE,
  /// A size or the number of planes is out of range.
  PRN_SPARSE_OUT_OF_RANGE,
  PRN_SPARSE_OUT_OF_MEMORY,
  /// The stream is none that an encoder writes. Some pixels may have been written.
  PRN_SPARSE_CORRUPT
} prn_sparse_result;

/// Bytes of memory that a call takes besides the planes and the coder; 0 where an argument is out
/// of range: width and height from 1, planes 1 to PRN_SPARSE_PLANES.
size_t prn_sparse_memory(int32_t width, int32_t height, int32_t planes);

/// Codes planes of width x height bytes: planes[k][y * width + x]. Linear in the pixels.
prn_sparse_result prn_sparse_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t planes,
    const uint8_t *const *values, const prn_bounds *bounds);

/// Finds what prn_sparse_encode coded, with the same width, height and number of planes.
prn_sparse_result prn_sparse_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t planes,
    uint8_t *const *values, const prn_bounds *bounds);

#endif
