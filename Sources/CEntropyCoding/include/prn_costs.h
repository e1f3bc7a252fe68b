// Where a decoder notes how many bits values took: for those who want to see where bytes go. The
// state of a range decoder tells that exactly, so that codecs need not count.
#ifndef PRN_COSTS_H
#define PRN_COSTS_H

#include <stddef.h>
#include <stdint.h>

/// What bits are noted for: the planes of a codec, in its order, and what it codes of all of them
/// at once.
#define PRN_COSTS_PLANES 5
#define PRN_COSTS_SHARED 4

/// The costs of a tile. Noting changes nothing that is decoded.
typedef struct {
  /// Of each plane the first cell of the tile: planes[k][row * stride + column]. NULL: not wanted.
  float *planes[PRN_COSTS_PLANES];
  ptrdiff_t stride;
  /// Bits that the stream had taken when something was noted last.
  double before;
} prn_costs;

/// Adds what was taken since the last note to a cell of plane k, 0 to PRN_COSTS_SHARED. `position`
/// and `range` are those of the decoder.
void prn_costs_note(
    prn_costs *costs, size_t position, uint64_t range, int32_t k, int32_t row, int32_t column);

#endif
