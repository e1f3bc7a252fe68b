#include "CNetwork.h"
#include "CPlatform.h"

void prn_gates(
    const int32_t *accumulators, int32_t pixels, int32_t units, int32_t shift,
    const int16_t *cells_before, int16_t *cells, int16_t *states, ptrdiff_t stride) {
  const uint16_t *table = prn_logistic();
  for (int32_t pixel = 0; pixel < pixels; pixel++) {
    const int32_t *sums = accumulators + 4 * (ptrdiff_t)units * pixel;
    for (int32_t k = 0; k < units; k++) {
      const int32_t output = prn_logistic_of(table, sums[k] >> shift);
      const int32_t forget = prn_logistic_of(table, sums[units + k] >> shift);
      const int32_t input = prn_logistic_of(table, sums[2 * units + k] >> shift);
      const int32_t content = prn_logistic_of(table, sums[3 * units + k] >> shift) - 32768;
      // Products stay below 2^31: 65504 * 32767 + 2^15, 65504 * 32736 + 2^19.
      const int32_t kept = (forget * cells_before[k] + 32768) >> 16;
      int32_t cell = kept + ((input * content + (1 << 19)) >> 20);
      cell = cell > 32767 ? 32767 : cell < -32767 ? -32767 : cell;
      // 2 log2(e) / 8, with 16 fraction bits.
      const int32_t squashed = prn_logistic_of(table, (cell * 23637 + 32768) >> 16) - 32768;
      cells[k] = (int16_t)cell;
      states[k] = (int16_t)((output * squashed + (1 << 18)) >> 19);
    }
    cells_before += stride;
    cells += stride;
    states += stride;
  }
}
