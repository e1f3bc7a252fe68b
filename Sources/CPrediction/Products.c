#include "Eight.h"
#include "State.h"

// The upper triangle, rounded out to whole vectors.
static void portable(const Period *period, int32_t terms, Products *sums) {
  for (int32_t i = 0; i < terms; i += 2)
    for (int32_t j = i & ~3; j < terms; j += 8) {
      Four sum[2][2] = {{{0}}};
      for (int32_t pair = 0; pair < PAIRS; pair++) {
        const Four both[2] = {
            (Four){0} + four_at((const int32_t *)period->terms[pair][i])[0],
            (Four){0} + four_at((const int32_t *)period->terms[pair][i])[1]};
        for (int k = 0; k < 2; k++) {
          const Eight x = eight_at(period->terms[pair][j + 4 * k]);
          for (int l = 0; l < 2; l++) sum[l][k] += pair_products(x, (Eight)both[l]);
        }
      }
      for (int l = 0; l < 2; l++)
        for (int k = 0; k < 2; k++) store_four(&sums->products[i + l][j + 4 * k], sum[l][k]);
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
