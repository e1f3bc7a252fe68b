#include "include/CNetwork.h"
#include "Tables.h"

#include <pthread.h>

uint64_t prn_exp2_negative(uint32_t d) {
  const uint32_t n = d >> 8;
  const uint64_t a = (uint64_t)EXP_A[(d >> 5) & 7], b = (uint64_t)EXP_B[(d >> 2) & 7];
  const uint64_t e = a * b * (uint64_t)EXP_C[d & 3];
  return n > 45 ? 0 : e >> n;
}

void prn_fill_logistic(uint16_t table[PRN_LOGISTIC_LIMIT + 1]) {
  const uint64_t one = (uint64_t)1 << 45;
  for (uint32_t d = 0; d <= PRN_LOGISTIC_LIMIT; d++) {
    const uint64_t p = (one << 16) / (one + prn_exp2_negative(d));
    table[d] = (uint16_t)(p > 65504 ? 65504 : p);
  }
}

const uint16_t *prn_logistic(void) {
  static uint16_t table[PRN_LOGISTIC_LIMIT + 1];
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)once;
  if (!table[0]) prn_fill_logistic(table);
  return table;
}

// logistic(d) of FORMAT.md, section 8.2, in 65536ths.
static inline int32_t logistic(const uint16_t *table, int32_t d) {
  const int32_t magnitude = d < 0 ? -d : d;
  const int32_t p = table[magnitude > PRN_LOGISTIC_LIMIT ? PRN_LOGISTIC_LIMIT : magnitude];
  return d < 0 ? 65536 - p : p;
}

void prn_gates(
    const uint16_t *table, const int32_t *accumulators, int32_t pixels, int32_t units, int32_t shift,
    const int16_t *cells_before, int16_t *cells, int16_t *states, ptrdiff_t stride) {
  for (int32_t pixel = 0; pixel < pixels; pixel++) {
    const int32_t *sums = accumulators + 4 * (ptrdiff_t)units * pixel;
    for (int32_t k = 0; k < units; k++) {
      const int32_t output = logistic(table, sums[k] >> shift);
      const int32_t forget = logistic(table, sums[units + k] >> shift);
      const int32_t input = logistic(table, sums[2 * units + k] >> shift);
      const int32_t content = logistic(table, sums[3 * units + k] >> shift) - 32768;
      // Products stay below 2^31: 65504 * 32767 + 2^15, 65504 * 32736 + 2^19.
      int32_t cell = ((forget * cells_before[k] + 32768) >> 16) + ((input * content + (1 << 19)) >> 20);
      cell = cell > 32767 ? 32767 : cell < -32767 ? -32767 : cell;
      // 2 log2(e) / 8, with 16 fraction bits.
      const int32_t squashed = logistic(table, (cell * 23637 + 32768) >> 16) - 32768;
      cells[k] = (int16_t)cell;
      states[k] = (int16_t)((output * squashed + (1 << 18)) >> 19);
    }
    cells_before += stride;
    cells += stride;
    states += stride;
  }
}
