// The functions of section 8.2, from tables that are filled by integer recipes.
#ifndef PRN_MIXING_TABLES_H
#define PRN_MIXING_TABLES_H

#include <stdint.h>

#include "CPlatform.h"
#include "Levels.h"

#define STRETCH_LIMIT PRN_LOGISTIC_LIMIT
// Visits that a context counts.
#define MOST_VISITS 60

typedef struct {
  // log2(i/256) with 8 fraction bits, for i from 256, that is a 1 and 8 bits.
  uint8_t log2_fraction[512];
  // 2^32 / (1 + 2^(k/16)).
  uint32_t tail[386];
  // 65536 / (1 + 2^(-d/256)), d from -STRETCH_LIMIT.
  uint16_t squash[2 * STRETCH_LIMIT + 1];
  // log2(p / (1 - p)), 8 fraction bits, for p in 4096ths plus a half.
  int16_t stretch[4096];
  // What the n-th visit of a context does, for n from 0. The lower 15 bits: how far it moves a
  // chance, 32768 / (n + 1.6), in 32768ths. The next 11: how far it moves a leaning,
  // 28800 / (n + 16), in 65536ths. The upper 6: n + 1, or MOST_VISITS.
  uint32_t steps[MOST_VISITS + 1];
  // The least local error of each energy from 1 on.
  int16_t energies[ENERGIES - 1];
} Tables;

// Made at the first call, by one thread.
const Tables *prn_mixing_tables(void);

// log2(x) with 8 fraction bits, x >= 1.
static inline int32_t log2_256(const Tables *tables, uint64_t x) {
  const int zeros = __builtin_clzll(x);
  return (63 - zeros) * 256 + tables->log2_fraction[x << zeros >> 55];
}

// log2(one) - log2(zero) with 8 fraction bits, as log2_256 has them: within +-16383.
static inline int16_t log2_ratio(const Tables *tables, uint64_t one, uint64_t zero) {
  const int one_zeros = __builtin_clzll(one), zero_zeros = __builtin_clzll(zero);
  const int32_t fractions = tables->log2_fraction[one << one_zeros >> 55]
                            - tables->log2_fraction[zero << zero_zeros >> 55];
  return (int16_t)((zero_zeros - one_zeros) * 256 + fractions);
}

// 1 / (1 + 2^-d) in 65536ths, 32 to 65504, for |d| <= STRETCH_LIMIT.
static inline uint32_t squash(const Tables *tables, int32_t d) {
  return tables->squash[d + STRETCH_LIMIT];
}

// The mass of a logistic distribution above z, of 2^32; z >= 0 with 8 fraction bits, to base 2.
static inline uint64_t tail(const Tables *tables, int64_t z) {
  if (z >= 384 * 16) return 0;
  const uint32_t a = tables->tail[z >> 4];
  const uint32_t b = tables->tail[(z >> 4) + 1];
  return a - (((uint64_t)(a - b) * (uint64_t)(z & 15)) >> 4);
}

#endif
