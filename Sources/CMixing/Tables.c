#include "Tables.h"

#include <pthread.h>

static const uint64_t ONE = (uint64_t)1 << 45;

static Tables tables;

static void fill(void) {
  for (uint32_t i = 0; i < 256; i++) tables.log2_fraction[256 + i] = prn_log2_fraction(i);
  for (uint32_t k = 0; k < 386; k++) {
    const uint64_t e = prn_exp2_negative(16 * k);
    tables.tail[k] = (uint32_t)((e << 18) / ((ONE + e) >> 14));
  }
  const uint16_t *logistic = prn_logistic();
  for (int32_t d = -STRETCH_LIMIT; d <= STRETCH_LIMIT; d++)
    tables.squash[d + STRETCH_LIMIT] = (uint16_t)prn_logistic_of(logistic, d);
  for (uint32_t i = 0; i < 4096; i++) {
    const uint64_t p = 16 * i + 8;
    tables.stretch[i] = (int16_t)(log2_256(&tables, p) - log2_256(&tables, 65536 - p));
  }
  for (uint32_t n = 0; n <= MOST_VISITS; n++) {
    const uint32_t next = n < MOST_VISITS ? n + 1 : n;
    tables.steps[n] = next << 26 | 28800 / (n + 16) << 15 | 327680 / (10 * n + 16);
  }
  int16_t error = 1;
  for (int32_t energy = 1; energy < ENERGIES; energy++) {
    while (log2_256(&tables, (uint64_t)error) < 3 * 256 + energy * 128) error++;
    tables.energies[energy - 1] = error;
  }
}

const Tables *prn_mixing_tables(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill);
  return &tables;
}
