#include "Functions.h"

#include <pthread.h>

static Functions functions;

// Eight fraction bits of log2(1 + i/256) by squaring, truncated.
static uint8_t log2_fraction(uint32_t i) {
  uint64_t x = (uint64_t)(256 + i) << 22;  // [1, 2) with 30 fraction bits
  uint32_t bits = 0;
  for (int k = 0; k < 8; k++) {
    x = (x * x) >> 30;
    bits <<= 1;
    if (x >> 31) {
      bits |= 1;
      x >>= 1;
    }
  }
  return (uint8_t)bits;
}

static void fill(void) {
  const uint64_t one = (uint64_t)1 << 45;
  for (uint32_t i = 0; i < 256; i++) functions.log2_fraction[i] = log2_fraction(i);
  for (uint32_t d = 0; d <= STRETCH_LIMIT; d++)
    functions.squash[d] = (uint32_t)(((uint64_t)1 << 63) / ((one + prn_exp2_negative(d)) >> 4));
  for (uint32_t k = 0; k < 386; k++) {
    const uint64_t e = prn_exp2_negative(16 * k);
    functions.tail[k] = (uint32_t)((e << 18) / ((one + e) >> 14));
  }
  for (uint32_t n = 0; n <= MOST_VISITS; n++)
    functions.rate[n] = (uint16_t)(655360 / (10 * n + 16));
}

const Functions *prn_adaptive_functions(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill);
  return &functions;
}
