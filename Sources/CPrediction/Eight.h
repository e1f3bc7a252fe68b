// The pixels of a band as vectors of 128 bits, which every instruction set has.
#ifndef PRN_PREDICTION_EIGHT_H
#define PRN_PREDICTION_EIGHT_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "CPlatform.h"

typedef int16_t Eight __attribute__((vector_size(16)));
typedef uint16_t EightNaturals __attribute__((vector_size(16)));
typedef int32_t Four __attribute__((vector_size(16)));
typedef uint32_t FourNaturals __attribute__((vector_size(16)));

PRN_INLINE Eight eight_at(const int16_t *source) {
  Eight x;
  __builtin_memcpy(&x, source, sizeof x);
  return x;
}

PRN_INLINE void store_eight(int16_t *target, Eight x) { __builtin_memcpy(target, &x, sizeof x); }

PRN_INLINE Four four_at(const int32_t *source) {
  Four x;
  __builtin_memcpy(&x, source, sizeof x);
  return x;
}

PRN_INLINE void store_four(void *target, Four x) { __builtin_memcpy(target, &x, sizeof x); }

// Pairs of a number of each: those of the first four lanes, and of the last four.
PRN_INLINE Eight low_pairs(Eight a, Eight b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
PRN_INLINE Eight high_pairs(Eight a, Eight b) {
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// The sum of the products of both numbers of each pair.
PRN_INLINE Four pair_products(Eight a, Eight b) {
#if defined(__x86_64__)
  return (Four)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  const Four x = (Four)((FourNaturals)a << 16), y = (Four)((FourNaturals)b << 16);
  return (x >> 16) * (y >> 16) + ((Four)a >> 16) * ((Four)b >> 16);
#endif
}

// Rows become columns.
PRN_INLINE void transpose(Four x[4]) {
  const Four a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
  const Four b = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
  const Four c = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
  const Four d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
  x[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  x[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  x[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  x[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

#endif
