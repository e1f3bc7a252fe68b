// The functions of section 8.2, from tables that are filled by integer recipes.
#ifndef PRN_MIXING_TABLES_H
#define PRN_MIXING_TABLES_H

#include <stdint.h>

#include "CPlatform.h"
#include "Levels.h"

#define STRETCH_LIMIT PRN_LOGISTIC_LIMIT

typedef struct {
  // log2(1 + i/256) with 8 fraction bits.
  uint8_t log2_fraction[256];
  // 2^32 / (1 + 2^(k/16)).
  uint32_t tail[386];
  // 65536 / (1 + 2^(-d/256)), d from 0.
  const uint16_t *squash;
  // log2(p / (1 - p)), 8 fraction bits, for p in 4096ths plus a half.
  int16_t stretch[4096];
  // 32768 / (n + 1.6): how far the n-th visit moves a chance, in 32768ths, the lower 16 bits.
  // 28800 / (n + 16): how far it moves a leaning, in 65536ths, the upper 16 bits.
  uint32_t rates[64];
  // The least local error of each energy from 1 on.
  int16_t energies[ENERGIES - 1];
} Tables;

// Made at the first call, by one thread.
const Tables *prn_mixing_tables(void);

// log2(x) with 8 fraction bits, x >= 1.
static inline int32_t log2_256(const Tables *tables, uint64_t x) {
  const int zeros = __builtin_clzll(x);
  return (63 - zeros) * 256 + tables->log2_fraction[(x << zeros >> 55) & 255];
}

// 1 / (1 + 2^-d) in 65536ths, 32 to 65504, for |d| <= STRETCH_LIMIT.
static inline uint32_t squash(const Tables *tables, int32_t d) {
  const uint32_t p = tables->squash[d < 0 ? -d : d];
  return d < 0 ? 65536 - p : p;
}

// The mass of a logistic distribution above z, of 2^32; z >= 0 with 8 fraction bits, to base 2.
static inline uint64_t tail(const Tables *tables, int64_t z) {
  if (z >= 384 * 16) return 0;
  const uint32_t a = tables->tail[z >> 4];
  const uint32_t b = tables->tail[(z >> 4) + 1];
  return a - (((uint64_t)(a - b) * (uint64_t)(z & 15)) >> 4);
}

#endif
