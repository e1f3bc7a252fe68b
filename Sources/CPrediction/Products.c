#include "State.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The upper triangle, rounded out to whole vectors of 8.
static void portable(const Period *period, int32_t terms, Products *sums) {
  for (int32_t i = 0; i < terms; i++)
    for (int32_t j = i & ~7; j < terms; j++) {
      int32_t sum = 0;
      for (int32_t pair = 0; pair < PAIRS; pair++)
        sum += period->terms[pair][i][0] * period->terms[pair][j][0]
               + period->terms[pair][i][1] * period->terms[pair][j][1];
      sums->products[i][j] = sum;
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void avx2(
    const Period *period, int32_t terms, Products *sums) {
  for (int32_t i = 0; i < terms; i += 4)
    for (int32_t j = i & ~7; j < terms; j += 8) {
      __m256i sum[4];
      for (int k = 0; k < 4; k++) sum[k] = _mm256_setzero_si256();
      for (int32_t pair = 0; pair < PAIRS; pair++) {
        const __m256i row = _mm256_loadu_si256((const __m256i *)period->terms[pair][j]);
        for (int k = 0; k < 4; k++) {
          int32_t both;
          __builtin_memcpy(&both, period->terms[pair][i + k], 4);
          sum[k] = _mm256_add_epi32(
              sum[k], _mm256_madd_epi16(row, _mm256_set1_epi32(both)));
        }
      }
      for (int k = 0; k < 4; k++)
        _mm256_storeu_si256((__m256i *)&sums->products[i + k][j], sum[k]);
    }
}
#endif

void prn_sum_products(int version, const Period *period, int32_t terms, Products *sums) {
#if defined(__x86_64__)
  if (version > 0) {
    avx2(period, terms, sums);
    return;
  }
#else
  (void)version;
#endif
  portable(period, terms, sums);
}
