// The functions of FORMAT.md, section 10.1, from tables that are filled by integer recipes.
// Probabilities have 22 bits here: flat areas are certain beyond 16.
#ifndef PRN_ADAPTIVE_FUNCTIONS_H
#define PRN_ADAPTIVE_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "CPlatform.h"

// The steps of a value are parts of a few functions that exist for each instruction set.
#define INLINE PRN_INLINE

// A probability of one.
#define ONE (1 << 22)
// Of stretched probabilities: logarithms of the odds to base 2, with 8 fraction bits.
#define STRETCH_LIMIT 4095
// A probability is stretched as if it were at least so far from 0 and from one.
#define LEAST_CHANCE 16
#define MOST_VISITS 1023

typedef struct {
  // log2(1 + i/256) with 8 fraction bits.
  uint8_t log2_fraction[256];
  // ONE / (1 + 2^(-d/256)), d from 0.
  uint32_t squash[STRETCH_LIMIT + 1];
  // 2^32 / (1 + 2^(k/16)): the mass of a logistic distribution beyond k/16.
  uint32_t tail[386];
  // 65536 / (n + 1.6): how far the n-th visit moves a probability.
  uint16_t rate[MOST_VISITS + 1];
} Functions;

// Made at the first call, by one thread.
const Functions *prn_adaptive_functions(void);

INLINE int32_t clamp(int32_t x, int32_t a, int32_t b) { return x < a ? a : x > b ? b : x; }

INLINE int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

INLINE int32_t magnitude(int32_t x) { return x < 0 ? -x : x; }

// floorLog2(x), x >= 1.
INLINE int32_t floor_log2(uint64_t x) { return 63 - __builtin_clzll(x); }

// 0 for 0, else floorLog2(x) + 1.
INLINE int32_t bit_length(uint32_t x) { return x == 0 ? 0 : 32 - __builtin_clz(x); }

// log2(x) with 8 fraction bits, x >= 1.
INLINE int32_t lg(const Functions *f, uint64_t x) {
  const int32_t n = floor_log2(x);
  const uint64_t mantissa = n >= 8 ? x >> (n - 8) : x << (8 - n);
  return n * 256 + f->log2_fraction[mantissa & 255];
}

// The probability of a stretched one that is within +-STRETCH_LIMIT.
INLINE uint32_t squash(const Functions *f, int32_t d) {
  const uint32_t p = f->squash[magnitude(d)];
  return d < 0 ? ONE - p : p;
}

INLINE int32_t stretch(const Functions *f, uint32_t p) {
  p = p < LEAST_CHANCE ? LEAST_CHANCE : p > ONE - LEAST_CHANCE ? ONE - LEAST_CHANCE : p;
  return lg(f, p) - lg(f, ONE - p);
}

// The mass of a logistic distribution above z, of 2^32; z >= 0 with 8 fraction bits, to base 2.
INLINE uint64_t tail(const Functions *f, int64_t z) {
  if (z >= 384 * 16) return 0;
  const uint32_t a = f->tail[z >> 4], b = f->tail[(z >> 4) + 1];
  return a - (((uint64_t)(a - b) * (uint64_t)(z & 15)) >> 4);
}

// Takes a number into a hash.
INLINE uint32_t hashed(uint32_t hash, uint32_t value) {
  hash = (hash ^ value) * 0x9E3779B1u;
  return hash ^ (hash >> 15);
}

// The last step of a hash: its upper bits choose a slot.
INLINE uint32_t scattered(uint32_t hash) { return hash * 0x85EBCA6Bu; }

#endif
