#include "Functions.h"

#include <pthread.h>

static Functions functions;

static void fill(void) {
  const uint64_t one = (uint64_t)1 << 45;
  for (uint32_t i = 0; i < 256; i++) functions.log2_fraction[i] = prn_log2_fraction(i);
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
