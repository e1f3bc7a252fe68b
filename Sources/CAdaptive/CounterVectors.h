// Counters of a decision, all at once: what Mixer.h says of one of them. The compiler makes of it
// what the instruction set has.
#ifndef PRN_COUNTER_VECTORS_H
#define PRN_COUNTER_VECTORS_H

#include <string.h>

#include "Mixer.h"

// Vectors go to and from functions that are inlined, and to no others: how does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// The most counters; those that are not used are 0.
#define MOST_COUNTERS 16

typedef int32_t Lanes __attribute__((vector_size(4 * MOST_COUNTERS), may_alias));
typedef float FloatLanes __attribute__((vector_size(4 * MOST_COUNTERS), may_alias));

typedef struct {
  Counter of[MOST_COUNTERS] __attribute__((aligned(4 * MOST_COUNTERS)));
} Counters;

INLINE Lanes smaller(Lanes a, Lanes b) {
  const Lanes is_less = a < b;
  return (a & is_less) | (b & ~is_less);
}

INLINE Lanes chances(const Counters *c) {
  typedef uint32_t Words __attribute__((vector_size(4 * MOST_COUNTERS), may_alias));
  return (Lanes)(*(const Words *)c->of >> 10);
}

INLINE Lanes visits_of(const Counters *c) { return *(const Lanes *)c->of & MOST_VISITS; }

// lg of numbers from 1 on that a float holds.
INLINE Lanes logarithms(const Functions *f, Lanes x) {
  const FloatLanes floats = __builtin_convertvector(x, FloatLanes);
  const Lanes bits = (Lanes)floats;
  int32_t places[MOST_COUNTERS] __attribute__((aligned(4 * MOST_COUNTERS)));
  *(Lanes *)places = (bits >> 15) & 255;
  // The table is read number by number: else all of them would go from vector to vector.
  __asm__("" : "+m"(places));
  for (int k = 0; k < MOST_COUNTERS; k++) places[k] = f->log2_fraction[places[k]];
  __asm__("" : "+m"(places));
  return ((bits >> 23) - 127) * 256 + *(const Lanes *)places;
}

// Their chances, stretched.
INLINE Lanes stretched_chances(const Functions *f, const Counters *c) {
  const Lanes none = {0};
  const Lanes p = smaller(
      -smaller(-chances(c), none - LEAST_CHANCE), none + (ONE - LEAST_CHANCE));
  return logarithms(f, p) - logarithms(f, ONE - p);
}

// Their chances around a half, as far as they are sure.
INLINE Lanes linear_chances(const Counters *c) {
  const Lanes none = {0};
  return (((chances(c) >> 6) - 32768) * smaller(visits_of(c), none + 32)) >> 10;
}

// From where they are, and back.
INLINE Counters gathered(Counter *const *used, int32_t count) {
  Counters c = {{0}};
  for (int32_t k = 0; k < count; k++) c.of[k] = *used[k];
  return c;
}

INLINE void scatter(const Counters *c, Counter *const *used, int32_t count) {
  for (int32_t k = 0; k < count; k++) *used[k] = c->of[k];
}

// Puts inputs at `first`; what follows takes the place of those that do not count.
INLINE void put_inputs(Mixer *m, int32_t first, Lanes inputs) {
  memcpy(m->inputs + first, &inputs, sizeof inputs);
}

// Fresh counters begin at what was mixed, before they learn.
INLINE void begin(Counters *c, uint32_t mixed) {
  *(Lanes *)c->of |= (visits_of(c) == 0) & (int32_t)counter(mixed, 0);
}

// They learn a decision; visits count up to `limit`.
INLINE void learn_counters(const Functions *f, Counters *c, int bit, int32_t limit) {
  const Lanes n = visits_of(c), p = chances(c);
  int32_t rates[MOST_COUNTERS] __attribute__((aligned(4 * MOST_COUNTERS)));
  *(Lanes *)rates = n;
  __asm__("" : "+m"(rates));
  for (int k = 0; k < MOST_COUNTERS; k++) rates[k] = f->rate[rates[k]];
  __asm__("" : "+m"(rates));
  const Lanes rate = *(const Lanes *)rates;
  // (distance * rate) >> 16, which needs more than 32 bits, from two parts.
  const Lanes distance = (bit ? ONE - 1 : 0) - p;
  const Lanes moved = p + (((distance >> 8) * rate + (((distance & 255) * rate) >> 8)) >> 8);
  *(Lanes *)c->of = (moved << 10) | (n - (n < limit));
}

#endif
