// The guesses of a sample, their blend, and how far off they are likely to be.
#ifndef PRN_DEEP_PREDICT_H
#define PRN_DEEP_PREDICT_H

#include "DeepFits.h"
#include "DeepRows.h"

// Slopes of distributions in 65536ths, over errors in 16ths: stretched by 64ths.
#define NARROW (205 << 16)
#define ROUNDER (92 << 16)
#define LEAST_ERROR 5

typedef struct {
  // In 64ths.
  int32_t peak;
  int32_t slope;
  // Masses below the ends of the interval that is left, and below where it is split.
  uint64_t low, high, split;
} Expert;

// One sample before its decisions.
typedef struct {
  int32_t row, column;
  ptrdiff_t cell;
  int32_t base;
  int32_t terms[STRIDE];
  int32_t guesses[PREDICTORS];
  int32_t local[PREDICTORS];
  // The blend with its bias taken off, in 64ths.
  int32_t centre;
  // Of the best predictor here, and of the blend around, in 16ths.
  int32_t error, around;
  int32_t *bias;
  Expert experts[EXPERTS];
} Site;

INLINE int32_t median(int32_t w, int32_t n, int32_t nw) {
  const int32_t low = w < n ? w : n, high = w < n ? n : w;
  return nw >= high ? low : nw <= low ? high : w + n - nw;
}

INLINE void guess(const Deep *d, Site *s) {
  const int32_t c = d->channel, most = 64 * d->largest;
  const uint16_t *own = d->samples[c] + s->cell, *first = d->samples[0] + s->cell;
  const ptrdiff_t n = -d->stride;
  const int32_t w = own[-1], north = own[n], nw = own[n - 1];
  s->guesses[0] = 64 * median(w, north, nw);
  const int32_t difference = median(w - first[-1], north - first[n], nw - first[n - 1]);
  s->guesses[1] = c == 0 ? clamp(16 * (3 * w + 3 * north - 2 * nw), 0, most)
                         : clamp(64 * (difference + first[0]), 0, most);
  s->base = gather(d, s->cell, s->terms);
  const Fit *fits[FITS] = {
      &d->phases[(s->row & 1) * 2 + (s->column & 1)], &d->all, &d->wide, &d->near};
  for (int32_t k = 0; k < FITS; k++) {
    const int64_t mu = fitted(fits[k], s->terms, s->base);
    s->guesses[2 + k] = (int32_t)(mu < 0 ? 0 : mu > most ? most : mu);
  }
}

// Of one predictor from its errors around, in 16ths.
INLINE int32_t local_error(const Deep *d, int32_t predictor, int32_t column) {
  const uint32_t *row = error_row(d, 0, predictor) + column;
  const uint32_t *above = error_row(d, 1, predictor) + column;
  const uint32_t *second = error_row(d, 2, predictor) + column;
  return (int32_t)((2 * (row[-1] + above[0]) + above[-1] + above[1] + row[-2] + second[0]) >> 3)
         + LEAST_ERROR;
}

INLINE void blend(const Deep *d, Site *s) {
  int32_t least_error = INT32_MAX;
  for (int32_t k = 0; k < PREDICTORS; k++) {
    s->local[k] = local_error(d, k, s->column);
    least_error = least(least_error, s->local[k]);
  }
  uint64_t sum = 0, shares = 0;
  for (int32_t k = 0; k < PREDICTORS; k++) {
    const uint64_t ratio = (uint32_t)(least_error << 8) / (uint32_t)s->local[k];
    const uint64_t share = ratio * ratio * ratio * ratio + 1;
    shares += share;
    sum += share * (uint64_t)s->guesses[k];
  }
  s->error = least_error;
  s->centre = (int32_t)(sum / shares);
  const uint32_t *row = error_row(d, 0, PREDICTORS) + s->column;
  const uint32_t *above = error_row(d, 1, PREDICTORS) + s->column;
  s->around = (int32_t)((row[-1] + above[0] + ((above[1] + above[-1]) >> 1)) / 3) + LEAST_ERROR;
}

INLINE void find_experts(Site *s) {
  Expert *e = s->experts;
  *e++ = (Expert){.peak = s->centre, .slope = NARROW / s->error};
  *e++ = (Expert){.peak = s->centre, .slope = ROUNDER / s->error};
  *e++ = (Expert){.peak = s->centre, .slope = NARROW / s->around};
  for (int32_t k = 1; k < PREDICTORS; k++)
    *e++ = (Expert){.peak = s->guesses[k], .slope = NARROW / s->local[k]};
}

INLINE void find_site(Deep *d, Site *s, int32_t row, int32_t column) {
  s->row = row;
  s->column = column;
  s->cell = row * d->stride + column;
  guess(d, s);
  blend(d, s);
}

// After the sample is known.
INLINE void record(Deep *d, Site *s, int32_t value) {
  const int32_t column = s->column;
  for (int32_t k = 0; k < PREDICTORS; k++)
    error_row(d, 0, k)[column] = (uint32_t)magnitude(64 * value - s->guesses[k]) >> 2;
  const int32_t miss = 64 * value - s->centre, error = magnitude(miss) >> 2;
  error_row(d, 0, PREDICTORS)[column] = (uint32_t)((error + 3 * s->around + 2) >> 2);
  // Logarithms with two fraction bits and the sign.
  const int32_t size = (lg(d->functions, (uint64_t)(error + 4)) - 512) >> 6;
  d->misses[d->channel][s->cell] = (int8_t)(miss < 0 ? -size : size);
  take_in(d, s->terms, 2 * value - s->base, column);
}

#endif
