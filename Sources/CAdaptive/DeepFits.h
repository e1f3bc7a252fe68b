// Linear predictors whose weights follow the least squares of what has been coded, in integers.
#ifndef PRN_DEEP_FITS_H
#define PRN_DEEP_FITS_H

#include <string.h>

#include "DeepState.h"

// Terms are scaled to 9 bits before they enter the sums.
#define TERM_BITS 9
#define NEAR_DECAY 2
#define WIDE_DECAY 5
#define ALL_DECAY 10
#define PHASE_DECAY 10
#define LIGHT_RIDGE 10000
#define RIDGE 100000
#define SWEEPS 3
#define WEIGHT_BOUND (8 << FRACTION)

// Row, column; the channel's own, and those of earlier ones.
static const int8_t OWN[14][2] = {{0, -1}, {-1, -1}, {-1, 1}, {0, -2}, {-2, 0}, {-2, 1}, {-2, -1},
                                  {-1, 2}, {-1, -2}, {-2, 2}, {-2, -2}, {0, -3}, {-3, 0}, {-1, 3}};
static const int8_t OTHER[10][2] = {{0, 0},  {0, -1}, {0, 1},  {1, 0},  {-1, 1},
                                    {-1, -1}, {1, 1}, {1, -1}, {-2, 0}, {0, -2}};
static const int8_t OWN_TERMS[PRN_DEEP_CHANNELS] = {14, 12, 10, 10};
static const int8_t OTHER_TERMS[PRN_DEEP_CHANNELS] = {0, 10, 6, 4};

INLINE void start_fits(Deep *d) {
  const int32_t c = d->channel;
  d->terms = 0;
  for (int32_t i = 0; i < OWN_TERMS[c]; i++) {
    d->of_channel[d->terms] = (uint8_t)c;
    d->offsets[d->terms++] = OWN[i][0] * d->stride + OWN[i][1];
  }
  for (int32_t earlier = 0; earlier < c; earlier++)
    for (int32_t i = 0; i < OTHER_TERMS[c]; i++) {
      d->of_channel[d->terms] = (uint8_t)earlier;
      d->offsets[d->terms++] = OTHER[i][0] * d->stride + OTHER[i][1];
    }
  const size_t size = (size_t)(d->blocks + 2) * sizeof(Sums);
  memset(d->near_sums, 0, size);
  memset(d->wide_sums, 0, size);
  memset(&d->all_sums, 0, sizeof d->all_sums);
  memset(d->phase_sums, 0, sizeof d->phase_sums);
  memset(d->added, 0, sizeof d->added);
  memset(&d->near, 0, sizeof d->near);
  memset(&d->wide, 0, sizeof d->wide);
  memset(&d->all, 0, sizeof d->all);
  memset(d->phases, 0, sizeof d->phases);
}

// Doubled, less the sum of W and N of the channel, so that the level has no part in them. Returns
// that sum of the channel itself.
INLINE int32_t gather(const Deep *d, ptrdiff_t cell, int32_t terms[STRIDE]) {
  int32_t bases[PRN_DEEP_CHANNELS];
  for (int32_t c = 0; c <= d->channel; c++)
    bases[c] = d->samples[c][cell - 1] + d->samples[c][cell - d->stride];
  for (int32_t i = 0; i < d->terms; i++) {
    const int32_t c = d->of_channel[i];
    terms[i] = 2 * d->samples[c][cell + d->offsets[i]] - bases[c];
  }
  for (int32_t i = d->terms; i < STRIDE; i++) terms[i] = 0;
  return bases[d->channel];
}

// In 64ths, not yet limited.
INLINE int64_t fitted(const Fit *fit, const int32_t terms[STRIDE], int32_t base) {
  int64_t sum = 0;
  for (int32_t i = 0; i < STRIDE; i++) sum += (int64_t)fit->weights[i] * terms[i];
  return 32 * (int64_t)base + (sum >> (FRACTION - 5));
}

// Every value counts about as much as every other: the noise goes with the size of the terms.
INLINE void take_in(Deep *d, int32_t terms[STRIDE], int32_t target, int32_t column) {
  Sums *added = &d->added[column & 1];
  terms[d->terms] = target;
  int32_t largest = 0;
  for (int32_t i = 0; i < STRIDE; i++) {
    const int32_t size = magnitude(terms[i]);
    largest = size > largest ? size : largest;
  }
  if (largest == 0) return;
  const int32_t shift = bit_length((uint32_t)largest) - TERM_BITS;
  for (int32_t i = 0; i < STRIDE; i++)
    terms[i] = shift >= 0 ? (terms[i] + (1 << shift >> 1)) >> shift : terms[i] * (1 << -shift);
  for (int32_t i = 0; i <= d->terms; i++)
    for (int32_t j = 0; j < STRIDE; j++) added->of[i][j] += terms[i] * terms[j];
}

// Steps towards the solution, one weight after the other, from where the weights are.
INLINE void descend(
    const Deep *d, const Sums *sums, Fit *fit, const Fit *origin, int32_t ridge, int32_t sweeps) {
  const int32_t n = d->terms;
  int64_t rest[STRIDE];
  int64_t inverses[STRIDE];
  for (int32_t j = 0; j < STRIDE; j++)
    rest[j] = (int64_t)sums->of[n][j] * (1 << FRACTION)
              + (int64_t)ridge * (origin ? origin->weights[j] - fit->weights[j]
                                         : -fit->weights[j]);
  for (int32_t i = 0; i < n; i++) {
    const int64_t weight = fit->weights[i];
    inverses[i] = ((int64_t)1 << 40) / ((int64_t)sums->of[i][i] + ridge);
    for (int32_t j = 0; j < STRIDE; j++) rest[j] -= weight * sums->of[i][j];
  }
  for (int32_t s = 0; s < sweeps; s++)
    for (int32_t i = 0; i < n; i++) {
      // The weights stay within bounds, and so the rests within 53 bits.
      const int64_t step = (int64_t)(((__int128)rest[i] * inverses[i]) >> 40);
      const int64_t old = fit->weights[i], sum = old + step;
      const int64_t weight =
          sum < -WEIGHT_BOUND ? -WEIGHT_BOUND : sum > WEIGHT_BOUND ? WEIGHT_BOUND : sum;
      const int64_t moved = weight - old;
      fit->weights[i] = (int32_t)weight;
      for (int32_t j = 0; j < STRIDE; j++) rest[j] -= moved * sums->of[i][j];
      rest[i] -= moved * ridge;
    }
}

INLINE void add_up(const Deep *d, Sums *system, const Sums *centre) {
  const int32_t count = (d->terms + 1) * STRIDE;
  const int32_t *left = centre[-1].of[0], *here = centre->of[0], *right = centre[1].of[0];
  int32_t *of = system->of[0];
  for (int32_t i = 0; i < count; i++) of[i] = 2 * here[i] + left[i] + right[i];
}

// Before the first value of a block.
INLINE void fit_block(Deep *d, int32_t row, int32_t block) {
  const int32_t phase = (row & 1) * 2 + (block & 1);
  descend(d, &d->phase_sums[phase], &d->phases[phase], NULL, LIGHT_RIDGE, 1);
  descend(d, &d->all_sums, &d->all, NULL, LIGHT_RIDGE, 1);
  add_up(d, &d->system, &d->wide_sums[block + 1]);
  descend(d, &d->system, &d->wide, &d->all, RIDGE, SWEEPS);
  add_up(d, &d->system, &d->near_sums[block + 1]);
  descend(d, &d->system, &d->near, &d->wide, RIDGE, SWEEPS);
}

// Behind the last value of a block.
INLINE void end_block(Deep *d, int32_t row, int32_t block) {
  const int32_t count = (d->terms + 1) * STRIDE;
  int32_t *even = d->added[0].of[0], *odd = d->added[1].of[0], *all = d->all_sums.of[0];
  int32_t *first = d->phase_sums[(row & 1) * 2].of[0];
  int32_t *second = d->phase_sums[(row & 1) * 2 + 1].of[0];
  int32_t *near = d->near_sums[block + 1].of[0], *wide = d->wide_sums[block + 1].of[0];
  for (int32_t i = 0; i < count; i++) {
    const int32_t added = even[i] + odd[i];
    near[i] += added - (near[i] >> NEAR_DECAY);
    wide[i] += added - (wide[i] >> WIDE_DECAY);
    all[i] += (added >> 2) - (all[i] >> ALL_DECAY);
    first[i] += (even[i] >> 2) - (first[i] >> PHASE_DECAY);
    second[i] += (odd[i] >> 2) - (second[i] >> PHASE_DECAY);
    even[i] = odd[i] = 0;
  }
}

#endif
