// The fits: linear predictors of least squares.
#ifndef PRN_LINEAR_FITS_H
#define PRN_LINEAR_FITS_H

#include <string.h>

#include "LinearState.h"

// Every sample counts about as much as every other: terms are over the sum of their magnitudes.
#define TERM_BITS 10
#define TERM_LIMIT 2047
#define TERM_NOISE 48
// How far a fit is pulled to where fits start.
#define RIDGE 312.0
#define SWEEPS 4
#define LARGEST_WEIGHT 30000.0
// Fits that are made side by side.
#define FITTED_AT_ONCE 3

// Row, column: of the plane itself, and of the ones before it.
static const int8_t OWN[10][2] = {
    {0, -1}, {0, -2}, {-1, 0}, {-1, -1}, {-1, 1}, {-2, 0}, {-2, 1}, {-1, 2}, {-1, -2}, {-2, -1}};
static const int8_t OTHER[6][2] = {{0, 0}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}, {-1, 1}};
static const int8_t OWN_TAPS[PRN_LINEAR_PLANES] = {10, 7, 6};
static const int8_t OTHER_TAPS[PRN_LINEAR_PLANES] = {0, 6, 4};

INLINE void start_plane(Linear *l, int32_t plane) {
  l->plane = plane;
  l->own = OWN_TAPS[plane];
  l->taps = 0;
  for (int32_t i = 0; i < l->own; i++)
    l->tap[l->taps++] = (Tap){plane, OWN[i][0] * l->stride + OWN[i][1]};
  for (int32_t earlier = 0; earlier < plane; earlier++)
    for (int32_t i = 0; i < OTHER_TAPS[plane]; i++)
      l->tap[l->taps++] = (Tap){earlier, OTHER[i][0] * l->stride + OTHER[i][1]};
  // W + N - NW, not quite, and what the first plane adds.
  l->start = (Fit){.weights = {0, 0, 0, -2400, 1200}};
  if (plane > 0) l->start.weights[l->own] = 3300;
  for (int32_t s = 0; s < l->segments; s++) l->fits[s] = l->start;
  memset(l->sums, 0, ((size_t)l->segments + 2) * sizeof(Sums));
  const size_t row = (size_t)l->stride * sizeof(int16_t);
  for (int i = 0; i < 2; i++) {
    memset(l->fit_errors[i] - PAD, 0, row);
    memset(l->median_errors[i] - PAD, 0, row);
  }
}

// A sample doubled, less W and N: the level has no part in it.
INLINE int16_t *band_terms(const Linear *l, int32_t term, int32_t row) {
  return l->terms + ((ptrdiff_t)term * BAND + row % BAND) * l->stride;
}

// The terms of a row that is coded, in the first columns of a segment; there are none in others.
// Their number is constant where this is inlined.
INLINE void take_terms(Linear *l, int32_t row, int32_t segment, int32_t columns) {
  const int32_t first = segment * SEGMENT, rest = l->width - first;
  const ptrdiff_t at = row * l->stride + first;
  int16_t terms[TERMS][SEGMENT];
  int32_t sums[SEGMENT] = {0};
  for (int32_t i = 0; i <= l->taps; i++) {
    const int is_target = i == l->taps;
    const uint8_t *base = l->samples[is_target ? l->plane : l->tap[i].plane] + at;
    const uint8_t *tap = base + (is_target ? 0 : l->tap[i].offset);
    const uint8_t *west = base - 1, *north = base - l->stride;
    for (int32_t x = 0; x < columns; x++) {
      terms[i][x] = (int16_t)(2 * tap[x] - west[x] - north[x]);
      sums[x] += is_target ? 0 : magnitude(terms[i][x]);
    }
  }
  int32_t shifts[SEGMENT];
  for (int32_t x = 0; x < columns; x++) shifts[x] = bit_length((uint32_t)(sums[x] + TERM_NOISE));
  for (int32_t i = 0; i <= l->taps; i++) {
    int16_t *found = band_terms(l, i, row) + first;
    for (int32_t x = 0; x < columns; x++) {
      const int32_t term = (terms[i][x] * (1 << TERM_BITS)) >> shifts[x];
      found[x] = (int16_t)clamp(term, -TERM_LIMIT, TERM_LIMIT);
    }
    for (int32_t x = rest; x < columns; x++) found[x] = 0;
  }
}

// What was summed counts half as much after each band.
INLINE void sum_up(Linear *l, int32_t segment, int32_t columns) {
  Sums *sums = &l->sums[segment + 1];
  for (int32_t i = 0; i <= l->taps; i++)
    for (int32_t j = 0; j <= i; j++) {
      int32_t sum = 0;
      for (int32_t row = 0; row < BAND; row++) {
        const int16_t *a = band_terms(l, i, row) + segment * SEGMENT;
        const int16_t *b = band_terms(l, j, row) + segment * SEGMENT;
// So that a vector of products is one instruction, which adds them in pairs, too. Builds for
// sanitizers do without.
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang loop vectorize_width(16) interleave_count(2)
        for (int32_t x = 0; x < columns; x++) sum += a[x] * b[x];
      }
      sums->of[i][j] -= sums->of[i][j] >> 1;
      sums->of[i][j] += sum >> 2;
    }
}

INLINE int32_t nearby(const Linear *l, int32_t segment, int32_t i, int32_t j) {
  const Sums *sums = &l->sums[segment + 1];
  return sums[0].of[i][j] + (sums[-1].of[i][j] >> 1) + (sums[1].of[i][j] >> 1);
}

// Numbers of a system, with zeros behind, so that loops have a constant length.
#define SYSTEM 16

typedef struct {
  double products[SYSTEM][SYSTEM], inverses[SYSTEM], rests[SYSTEM], weights[SYSTEM];
} System;

// The operations of a system are rounded one by one, in this order.
INLINE void start_system(const Linear *l, int32_t segment, System *system) {
#pragma STDC FP_CONTRACT OFF
  const int32_t n = l->taps, *found = l->fits[segment].weights;
  memset(system, 0, sizeof *system);
  for (int32_t i = 0; i < n; i++) {
    for (int32_t j = 0; j <= i; j++)
      system->products[i][j] = system->products[j][i] = (double)nearby(l, segment, i, j);
    system->weights[i] = (double)found[i];
    system->inverses[i] = 1.0 / (system->products[i][i] + RIDGE);
  }
  double *rests = system->rests;
  for (int32_t j = 0; j < n; j++)
    rests[j] = (double)nearby(l, segment, n, j) * (double)(1 << FRACTION)
               + RIDGE * (double)(l->start.weights[j] - found[j]);
  for (int32_t i = 0; i < n; i++)
    for (int32_t j = 0; j < SYSTEM; j++)
      rests[j] = rests[j] - system->weights[i] * system->products[i][j];
}

INLINE void step(System *system, int32_t i) {
#pragma STDC FP_CONTRACT OFF
  double *rests = system->rests;
  double weight = system->weights[i] + rests[i] * system->inverses[i];
  weight = weight < -LARGEST_WEIGHT ? -LARGEST_WEIGHT : weight;
  weight = weight > LARGEST_WEIGHT ? LARGEST_WEIGHT : weight;
  const double step = weight - system->weights[i];
  system->weights[i] = weight;
  for (int32_t j = 0; j < SYSTEM; j++) rests[j] = rests[j] - step * system->products[i][j];
  rests[i] = rests[i] - step * RIDGE;
}

// Steps towards the solutions from where the weights are, one weight after the other. Systems take
// turns: a step waits for the one before. Their number is constant where this is inlined.
INLINE void fit(Linear *l, int32_t segment, int32_t count) {
  System systems[FITTED_AT_ONCE];
  for (int32_t k = 0; k < count; k++) start_system(l, segment + k, &systems[k]);
  for (int32_t sweep = 0; sweep < SWEEPS; sweep++)
    for (int32_t i = 0; i < l->taps; i++)
      for (int32_t k = 0; k < count; k++) step(&systems[k], i);
  for (int32_t k = 0; k < count; k++)
    for (int32_t i = 0; i < l->taps; i++) {
      const double weight = systems[k].weights[i];
      l->fits[segment + k].weights[i] = (int32_t)(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
}

// Takes in a row, and after a band makes the fits anew.
INLINE void learn_row(Linear *l, int32_t row) {
  for (int32_t s = 0; s < l->segments; s++)
    if (is_narrow(l, s))
      take_terms(l, row, s, NARROW);
    else
      take_terms(l, row, s, SEGMENT);
  if (row % BAND != BAND - 1) return;
  for (int32_t s = 0; s < l->segments; s++)
    if (is_narrow(l, s))
      sum_up(l, s, NARROW);
    else
      sum_up(l, s, SEGMENT);
  int32_t s = 0;
  for (; s + FITTED_AT_ONCE <= l->segments; s += FITTED_AT_ONCE) fit(l, s, FITTED_AT_ONCE);
  for (; s < l->segments; s++) fit(l, s, 1);
}

#endif
