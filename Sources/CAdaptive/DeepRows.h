// Where a sample's neighbours are, those outside of the image too.
#ifndef PRN_DEEP_ROWS_H
#define PRN_DEEP_ROWS_H

#include <string.h>

#include "DeepState.h"

// Of the errors: cells of a predictor's row.
INLINE uint32_t *error_row(const Deep *d, int32_t above, int32_t predictor) {
  return d->errors[above] + (ptrdiff_t)predictor * d->stride;
}

#define ERROR_ROWS (PREDICTORS + 1)

// What is left of a row is the row above's first; above the image there is nothing yet.
INLINE void begin_row(Deep *d, int32_t row) {
  const int32_t c = d->channel;
  uint16_t *samples = d->samples[c] + row * d->stride;
  int8_t *misses = d->misses[c] + row * d->stride;
  for (int32_t q = -PAD; q < 0; q++) {
    samples[q] = row > 0 ? samples[-d->stride] : (uint16_t)(1 << (d->depth - 1));
    misses[q] = row > 0 ? misses[-d->stride] : 0;
  }
  uint32_t *oldest = d->errors[2];
  d->errors[2] = d->errors[1];
  d->errors[1] = d->errors[0];
  d->errors[0] = oldest;
  for (int32_t k = 0; k < ERROR_ROWS; k++)
    for (int32_t q = -PAD; q < 0; q++)
      error_row(d, 0, k)[q] = row > 0 ? error_row(d, 1, k)[0] : (1u << d->depth) >> 4;
}

// In row 0 all that is above is the sample to the left.
INLINE void begin_first_row(Deep *d, int32_t column) {
  for (int32_t c = 0; c <= d->channel; c++)
    for (int32_t r = -ABOVE; r < 0; r++)
      for (int32_t q = column - PAD; q <= column + PAD && q < d->width + PAD; q++) {
        d->samples[c][r * d->stride + q] = d->samples[c][column - 1];
        d->misses[c][r * d->stride + q] = d->misses[c][column - 1];
      }
  for (int32_t k = 0; k < ERROR_ROWS; k++)
    for (int32_t above = 1; above < 3; above++)
      for (int32_t q = column - PAD; q <= column + PAD && q < d->width + PAD; q++)
        error_row(d, above, k)[q] = error_row(d, 0, k)[column - 1];
}

INLINE void end_row(Deep *d, int32_t row) {
  const ptrdiff_t stride = d->stride, last = d->width - 1;
  for (int32_t c = 0; c <= d->channel; c++) {
    uint16_t *samples = d->samples[c] + row * stride;
    int8_t *misses = d->misses[c] + row * stride;
    for (int32_t q = 0; q < PAD; q++) {
      samples[d->width + q] = samples[last];
      misses[d->width + q] = misses[last];
    }
    if (row == 0)
      for (int32_t r = 1; r <= ABOVE; r++) {
        memcpy(samples - r * stride - PAD, samples - PAD, (size_t)stride * sizeof *samples);
        memcpy(misses - r * stride - PAD, misses - PAD, (size_t)stride);
      }
    if (row == d->height - 1) {
      memcpy(samples + stride - PAD, samples - PAD, (size_t)stride * sizeof *samples);
      memcpy(misses + stride - PAD, misses - PAD, (size_t)stride);
    }
  }
  for (int32_t k = 0; k < ERROR_ROWS; k++) {
    uint32_t *errors = error_row(d, 0, k);
    for (int32_t q = 0; q < PAD; q++) errors[d->width + q] = errors[last];
    if (row == 0)
      for (int32_t above = 1; above < 3; above++)
        memcpy(error_row(d, above, k) - PAD, errors - PAD, (size_t)stride * sizeof *errors);
  }
}

#endif
