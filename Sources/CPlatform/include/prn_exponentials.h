// Powers of two and the logistic function, in integers (FORMAT.md, sections 0.4 and 6).
#ifndef PRN_EXPONENTIALS_H
#define PRN_EXPONENTIALS_H

#include <stdint.h>

/// round(2^15 * 2^(-i/8)), 2^(-i/64) and 2^(-i/256).
static const int32_t PRN_EXP_A[8] = {32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867};
static const int32_t PRN_EXP_B[8] = {32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376};
static const int32_t PRN_EXP_C[4] = {32768, 32679, 32591, 32503};

/// exp2n(d) of FORMAT.md, section 0.4: 2^45 * 2^(-d/256).
static inline uint64_t prn_exp2_negative(uint32_t d) {
  const uint32_t n = d >> 8;
  const uint64_t a = (uint64_t)PRN_EXP_A[(d >> 5) & 7], b = (uint64_t)PRN_EXP_B[(d >> 2) & 7];
  const uint64_t e = a * b * (uint64_t)PRN_EXP_C[d & 3];
  return n > 45 ? 0 : e >> n;
}

/// LOG2[i] of FORMAT.md, section 0.4: eight fraction bits of log2(1 + i/256), truncated.
static inline uint8_t prn_log2_fraction(uint32_t i) {
  uint64_t x = (uint64_t)(256 + i) << 22;  // [1, 2) with 30 fraction bits, squared again and again
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

/// The largest argument of the table of `squash`; beyond, it stays the same.
#define PRN_LOGISTIC_LIMIT 3071

/// squash(d) of FORMAT.md, section 0.4, for 0 <= d <= PRN_LOGISTIC_LIMIT. Made at the first call,
/// by one thread; there is one table. One element more can be read.
const uint16_t *prn_logistic(void);

/// squash(d) of FORMAT.md, section 0.4, in 65536ths, from that table.
static inline int32_t prn_logistic_of(const uint16_t *table, int32_t d) {
  const int32_t magnitude = d < 0 ? -d : d;
  const int32_t p = table[magnitude > PRN_LOGISTIC_LIMIT ? PRN_LOGISTIC_LIMIT : magnitude];
  return d < 0 ? 65536 - p : p;
}

#endif
