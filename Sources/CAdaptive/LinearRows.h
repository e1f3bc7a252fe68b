// What a row starts from, and what lies around it.
#ifndef PRN_LINEAR_ROWS_H
#define PRN_LINEAR_ROWS_H

#include <string.h>

#include "LinearState.h"

// Outside of the image: on the left the sample above, on the right the last one, above the middle
// of all values.
#define OUTSIDE 128

INLINE void swap_rows(int16_t *rows[2]) {
  int16_t *above = rows[0];
  rows[0] = rows[1];
  rows[1] = above;
}

INLINE void begin_row(Linear *l, int32_t row) {
  uint8_t *samples = l->samples[l->plane] + row * l->stride;
  int16_t *misses = l->misses[l->plane] + row * l->stride;
  if (row == 0)
    memset(samples - ABOVE * l->stride - PAD, OUTSIDE, (size_t)(ABOVE * l->stride));
  memset(samples - PAD, samples[-l->stride], PAD);
  swap_rows(l->fit_errors);
  swap_rows(l->median_errors);
  for (int32_t x = -PAD; x < 0; x++) {
    misses[x] = misses[-l->stride];
    l->fit_errors[0][x] = l->fit_errors[1][0];
    l->median_errors[0][x] = l->median_errors[1][0];
  }
}

INLINE void end_row(Linear *l, int32_t row) {
  const int32_t last = l->width - 1;
  uint8_t *samples = l->samples[l->plane] + row * l->stride;
  int16_t *misses = l->misses[l->plane] + row * l->stride;
  memset(samples + l->width, samples[last], PAD);
  for (int32_t x = l->width; x < l->width + PAD; x++) {
    misses[x] = misses[last];
    l->fit_errors[0][x] = l->fit_errors[0][last];
    l->median_errors[0][x] = l->median_errors[0][last];
  }
  // Later planes look below.
  if (row == l->height - 1)
    memcpy(samples + l->stride - PAD, samples - PAD, (size_t)l->stride);
}

// The part of the fits' predictions that the row has no part in: 64ths with FRACTION - 5 bits more.
// The number of columns is constant where this is inlined.
INLINE void predict_segment(Linear *l, int32_t row, int32_t segment, int32_t columns) {
  Fit *fit = &l->fits[segment];
  const int32_t first = segment * SEGMENT, *weights = fit->weights;
  const ptrdiff_t at = row * l->stride + first;
  int32_t own = 0, sums[SEGMENT];
  for (int32_t i = 0; i < l->own; i++) own += weights[i];
  fit->west = 2 * weights[0] + (32 << (FRACTION - 5)) - own;
  fit->far_west = 2 * weights[1];
  const uint8_t *north = l->samples[l->plane] + at - l->stride;
  for (int32_t x = 0; x < columns; x++) sums[x] = ((32 << (FRACTION - 5)) - own) * north[x];
  for (int32_t i = 2; i < l->taps; i++) {
    const uint8_t *tap = l->samples[l->tap[i].plane] + at + l->tap[i].offset;
    for (int32_t x = 0; x < columns; x++) sums[x] += 2 * weights[i] * tap[x];
  }
  for (int32_t earlier = 0; earlier < l->plane; earlier++) {
    int32_t sum = 0;
    for (int32_t i = l->own; i < l->taps; i++) sum += l->tap[i].plane == earlier ? weights[i] : 0;
    const uint8_t *west = l->samples[earlier] + at - 1;
    north = l->samples[earlier] + at - l->stride;
    for (int32_t x = 0; x < columns; x++) sums[x] -= sum * (west[x] + north[x]);
  }
  memcpy(l->partial + first, sums, (size_t)columns * sizeof *sums);
}

// How much of the energy is of the neighbours, and of those farther away.
INLINE int32_t near_part(const Linear *l) { return l->plane == 0 ? 8 : 6; }
INLINE int32_t far_part(const Linear *l) { return l->plane == 0 ? 4 : 3; }

// What the rows above and the other planes have of local errors and of the energy.
INLINE void prepare_columns(Linear *l, int32_t row) {
  const int16_t *fit = l->fit_errors[1], *median = l->median_errors[1];
  int16_t *fit_above = l->fit_above, *median_above = l->median_above;
  for (int32_t x = 0; x < l->width; x++) {
    fit_above[x] = (int16_t)(2 * fit[x] + fit[x - 1] + fit[x + 1]);
    median_above[x] = (int16_t)(2 * median[x] + median[x - 1] + median[x + 1]);
  }
  const int16_t *north = l->misses[l->plane] + (row - 1) * l->stride, *above = north - l->stride;
  const int16_t *before = l->misses[l->plane > 0 ? l->plane - 1 : 0] + row * l->stride;
  const int16_t *first = l->misses[0] + row * l->stride;
  const int32_t near = near_part(l), far = far_part(l), has_others = l->plane > 0;
  const int32_t part = l->plane == 1 ? 3 : 2, of_first = l->plane == 1 ? 0 : 1;
  int16_t *energy = l->energy_above;
  for (int32_t x = 0; x < l->width; x++) {
    int32_t sum = near * magnitude(north[x])
                  + far * (magnitude(north[x - 1]) + magnitude(north[x + 1]) + magnitude(above[x]));
    if (has_others)
      sum += part * magnitude(before[x]) + magnitude(before[x + 1])
             + of_first * magnitude(first[x]);
    energy[x] = (int16_t)least(sum, ENERGY);
  }
}

INLINE void prepare_row(Linear *l, int32_t row) {
  for (int32_t s = 0; s < l->segments; s++)
    if (is_narrow(l, s))
      predict_segment(l, row, s, NARROW);
    else
      predict_segment(l, row, s, SEGMENT);
  prepare_columns(l, row);
}

#endif
