#include "Tables.h"

// round(2^15 * 2^(-i/8)), 2^(-i/64), 2^(-i/256).
static const uint64_t EXP_A[8] = {32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867};
static const uint64_t EXP_B[8] = {32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376};
static const uint64_t EXP_C[4] = {32768, 32679, 32591, 32503};

// 2^45 * 2^(-d/256).
static uint64_t exp2_negative(uint32_t d) {
  const uint32_t n = d >> 8;
  const uint64_t e = EXP_A[(d >> 5) & 7] * EXP_B[(d >> 2) & 7] * EXP_C[d & 3];
  return n > 45 ? 0 : e >> n;
}

static const uint64_t ONE = (uint64_t)1 << 45;

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

void prn_fill_tables(Tables *tables) {
  for (uint32_t i = 0; i < 256; i++) tables->log2_fraction[i] = log2_fraction(i);
  for (uint32_t k = 0; k < 386; k++) {
    const uint64_t e = exp2_negative(16 * k);
    tables->tail[k] = (uint32_t)((e << 18) / ((ONE + e) >> 14));
  }
  for (uint32_t d = 0; d <= STRETCH_LIMIT; d++) {
    const uint64_t p = (ONE << 16) / (ONE + exp2_negative(d));
    tables->squash[d] = (uint16_t)(p > 65504 ? 65504 : p);
  }
  for (uint32_t i = 0; i < 4096; i++) {
    const uint64_t p = 16 * i + 8;
    tables->stretch[i] = (int16_t)(log2_256(tables, p) - log2_256(tables, 65536 - p));
  }
  for (uint32_t n = 0; n < 64; n++) tables->rate[n] = (uint16_t)(655360 / (10 * n + 16));
}
