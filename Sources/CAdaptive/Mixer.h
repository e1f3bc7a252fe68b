// Counters, and the mixing of what they say (FORMAT.md, section 10.2).
#ifndef PRN_ADAPTIVE_MIXER_H
#define PRN_ADAPTIVE_MIXER_H

#include "Functions.h"

// The chance of a 1 with 22 bits, above its visits with 10.
typedef uint32_t Counter;

#define FRESH_COUNTER ((Counter)(ONE / 2) << 10)

INLINE Counter counter(uint32_t chance, uint32_t visits) { return chance << 10 | visits; }

INLINE uint32_t chance(Counter c) { return c >> 10; }

INLINE int32_t visits(Counter c) { return (int32_t)(c & MOST_VISITS); }

// Visits count up to `limit`, at most MOST_VISITS.
INLINE void learn_counter(const Functions *f, Counter *c, int bit, int32_t limit) {
  const int32_t n = visits(*c), p = (int32_t)chance(*c);
  const int32_t target = bit ? ONE - 1 : 0;
  const int32_t moved = p + (int32_t)(((int64_t)(target - p) * f->rate[n]) >> 16);
  *c = counter((uint32_t)moved, (uint32_t)(n < limit ? n + 1 : n));
}

#define MOST_INPUTS 64
#define MOST_SETS 6
// Weights have 16 fraction bits.
#define UNIT 65536
// Inputs within +-4607, what `stretch` gives at most, keep their products with weights in 32 bits.
#define WEIGHT_LIMIT (7 * UNIT)
// Cells of a refinement, 256 of a stretched probability apart.
#define CELLS 33
#define CELL_VISITS 120
#define FINAL_RATE 4

typedef struct {
  Counter cells[CELLS];
} Refinement;

// One decision: its inputs, what they were weighted with, and what came of it.
typedef struct {
  int32_t inputs[MOST_INPUTS] __attribute__((aligned(64)));
  // A multiple of 8 once the inputs are padded.
  int32_t count, sets;
  // The weight vector of each set, `count` weights.
  int32_t *weights[MOST_SETS];
  // One weight for each set.
  int32_t *final;
  // Of the weights, in 65536ths; NULL: no refinement.
  int32_t rate;
  Refinement *refinement;
  int32_t stretched[MOST_SETS];
  uint32_t probabilities[MOST_SETS];
  uint32_t mixed;
  int32_t cell, fraction;
} Mixer;

INLINE void add_input(Mixer *m, int32_t input) { m->inputs[m->count++] = input; }

INLINE void pad_inputs(Mixer *m) {
  while (m->count & 7) m->inputs[m->count++] = 0;
}

// The products have 8 bits less in the sum. Those of wide inputs are made of two parts, which gives
// the same: the products themselves need not keep 32 bits.
INLINE int32_t weighted_sum(
    const int32_t *weights, const int32_t *inputs, int32_t n, int are_wide) {
  int32_t sum = 0;
  for (int32_t i = 0; i < n; i++)
    sum += are_wide ? (weights[i] >> 8) * inputs[i] + (((weights[i] & 255) * inputs[i]) >> 8)
                    : (weights[i] * inputs[i]) >> 8;
  return clamp(sum >> 8, -STRETCH_LIMIT, STRETCH_LIMIT);
}

INLINE void adjust(int32_t *weights, const int32_t *inputs, int32_t n, int32_t gradient) {
  for (int32_t i = 0; i < n; i++)
    weights[i] =
        clamp(weights[i] + ((gradient * inputs[i] + 8192) >> 14), -WEIGHT_LIMIT, WEIGHT_LIMIT);
}

// The probability of a 1, of ONE. The inputs are padded, sets and weights chosen. Wide inputs are
// within +-8192, others within +-4607; `are_wide` is constant where this is inlined.
INLINE uint32_t mix_inputs(const Functions *f, Mixer *m, int are_wide) {
  int32_t sum = 0;
  for (int32_t s = 0; s < m->sets; s++) {
    m->stretched[s] = weighted_sum(m->weights[s], m->inputs, m->count, are_wide);
    m->probabilities[s] = squash(f, m->stretched[s]);
    if (m->sets > 1) sum += (m->final[s] * m->stretched[s]) >> 8;
  }
  const int32_t stretched =
      m->sets > 1 ? clamp(sum >> 8, -STRETCH_LIMIT, STRETCH_LIMIT) : m->stretched[0];
  m->mixed = squash(f, stretched);
  if (!m->refinement) return m->mixed;
  const int32_t position = stretched + 16 * 256;
  m->cell = position >> 8;
  m->fraction = position & 255;
  const Counter *cells = m->refinement->cells + m->cell;
  const uint32_t refined = (uint32_t)(
      ((uint64_t)chance(cells[0]) * (uint32_t)(256 - m->fraction)
       + (uint64_t)chance(cells[1]) * (uint32_t)m->fraction) >> 8);
  return (3 * m->mixed + refined + 2) >> 2;
}

INLINE uint32_t mix(const Functions *f, Mixer *m) { return mix_inputs(f, m, 0); }

INLINE uint32_t mix_wide(const Functions *f, Mixer *m) { return mix_inputs(f, m, 1); }

// Learns the decision that `mix` was for.
INLINE void learn_mixing(const Functions *f, Mixer *m, int bit) {
  if (m->refinement)
    learn_counter(f, m->refinement->cells + m->cell + (m->fraction >= 128), bit, CELL_VISITS);
  const int32_t outcome = bit ? ONE : 0;
  if (m->sets > 1) {
    const int32_t gradient = ((outcome - (int32_t)m->mixed) * FINAL_RATE) >> 12;
    adjust(m->final, m->stretched, m->sets, gradient);
  }
  for (int32_t s = 0; s < m->sets; s++) {
    const int32_t error = (outcome - (int32_t)m->probabilities[s]) >> 6;
    const int32_t gradient = (error * m->rate) >> 10;
    if (gradient) adjust(m->weights[s], m->inputs, m->count, gradient);
  }
}

// The rate of the weights after so many values: from `first` down to `slowest`.
INLINE int32_t mixing_rate(uint32_t values, int32_t first, int32_t slowest) {
  const int32_t rate = (int32_t)((int64_t)first * 2000 / (2000 + (int64_t)values));
  return rate < slowest ? slowest : rate;
}

// Cells that change nothing yet.
INLINE void start_refinement(const Functions *f, Refinement *r) {
  for (int32_t j = 0; j < CELLS; j++)
    r->cells[j] =
        counter(squash(f, clamp((j - CELLS / 2) * 256, -STRETCH_LIMIT, STRETCH_LIMIT)), 6);
}

#endif
