#include <pthread.h>

#include "prn_exponentials.h"

// One more, for readers of two at once.
static uint16_t table[PRN_LOGISTIC_LIMIT + 2];

static void fill(void) {
  const uint64_t one = (uint64_t)1 << 45;
  for (uint32_t d = 0; d <= PRN_LOGISTIC_LIMIT; d++) {
    const uint64_t p = (one << 16) / (one + prn_exp2_negative(d));
    table[d] = (uint16_t)(p > 65504 ? 65504 : p);
  }
}

const uint16_t *prn_logistic(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill);
  return table;
}
