// Rows of PNG image data, with the filters of ISO/IEC 15948, section 9.2.
//
// A row has `count` bytes without its filter type; `prior` are those of the row above it in its
// pass, zeros for the first one. `step` is the bytes of a pixel, at least 1.
#ifndef PNG_ROWS_H
#define PNG_ROWS_H

#include <stddef.h>
#include <stdint.h>

/// Filter types: none, sub, up, average, Paeth.
#define PRN_FILTERS 5

/// Filters `row`. `type` is below PRN_FILTERS; `out` has `count` bytes, apart from the others.
void prn_filter_row(
    int type, const uint8_t *row, const uint8_t *prior, size_t count, size_t step, uint8_t *out);

/// Undoes the filter of `row` in place.
void prn_unfilter_row(int type, uint8_t *row, const uint8_t *prior, size_t count, size_t step);

/// What each filter makes of `row`: the sum of its bytes, signed, without their signs. The filter
/// whose sum is least is what most encoders choose.
void prn_filter_sums(
    const uint8_t *row, const uint8_t *prior, size_t count, size_t step,
    uint64_t sums[PRN_FILTERS]);

/// Packs `count` samples of `depth` bits (1, 2 or 4), the first one in the highest bits. Of a
/// sample the lower bits count; of 1 bit, whether it is 0. Bits that are left over in the last byte
/// are 0.
void prn_pack_row(const uint8_t *samples, size_t count, int depth, uint8_t *out);

#endif
