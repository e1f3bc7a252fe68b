#ifndef PRN_WINDOW_SUMS_H
#define PRN_WINDOW_SUMS_H

#include <string.h>

#include "State.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Fits to what lies around a pixel and looks like it: weighted sums of products over a window of
// earlier pixels, anew for each value. (row, column) offsets; those in the rows above end where the
// code order does.
static const int8_t WINDOW[SAMPLES][2] = {
    {0, -1},  {0, -2},  {0, -3},  {0, -4},  {0, -5},  {-1, -5}, {-1, -4}, {-1, -3},
    {-1, -2}, {-1, -1}, {-1, 0},  {-1, 1},  {-1, 2},  {-1, 3},  {-2, -4}, {-2, -3},
    {-2, -2}, {-2, -1}, {-2, 0},  {-2, 1},  {-2, 2},  {-2, 3},  {-2, 4},  {-3, -3},
    {-3, -2}, {-3, -1}, {-3, 0},  {-3, 1},  {-3, 2},  {-3, 3},  {-4, -2}, {-4, -1},
    {-4, 0},  {-4, 1},  {-4, 2},  {-5, -1}, {-5, 0},  {-5, 1}};

// round(1024 * 0.7^distance), distance = rows + columns.
static const int32_t NEARNESS[7] = {0, 717, 502, 351, 246, 172, 120};

#define EACH for (int32_t i = 0; i < PRN_BAND; i++)

// Terms of a band's pixels.
typedef int16_t Terms[MOST_WINDOW_ENTRIES][PRN_BAND];
// Four samples at a time, as two pairs: [term][pair][system][sample of the pair].
typedef int16_t Quad[MOST_WINDOW_ENTRIES][2][PRN_BAND][2];
// Sums of products: [term][term][system], the upper triangle.
typedef int32_t Sums[MOST_WINDOW_ENTRIES][MOST_WINDOW_ENTRIES][PRN_BAND];
#define QUADS ((SAMPLES + 3) / 4)

typedef int16_t Eight __attribute__((vector_size(16)));
typedef int16_t Sixteen __attribute__((vector_size(32)));

INLINE Eight eight_at(const int16_t *source) {
  Eight x;
  memcpy(&x, source, sizeof x);
  return x;
}

INLINE Eight magnitude(Eight x) {
  const Eight sign = x < 0;
  return (x ^ sign) - sign;
}

INLINE int16_t *terms_at(const prn_prediction *p, int32_t colour, int32_t t, int32_t term) {
  return p->window_terms
         + ((size_t)(colour * PRN_RING + (int32_t)((uint32_t)t % PRN_RING)) * MOST_WINDOW_ENTRIES
            + (size_t)term) * (size_t)p->stride + PRN_PADDING;
}

// How much each sample counts: 0 to 64, most for that which is nearest and most like the pixel.
INLINE void weigh(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, const Terms here,
    int16_t weights[SAMPLES][PRN_BAND]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  int32_t closeness[SAMPLES][PRN_BAND];
  int32_t most[PRN_BAND];
  EACH most[i] = 1;
  for (int32_t s = 0; s < SAMPLES; s++) {
    const int32_t dr = WINDOW[s][0], dc = WINDOW[s][1];
    const int16_t *first = terms_at(p, colour, t + PRN_SHEAR * dr + dc, 0) + row + dr;
    // At most 6 * 1020 + 2 * 2 * 1020.
    Eight sum = {0};
    for (int32_t k = 0; k < 6; k++) {
      const Eight d = eight_at(first + k * p->stride) - eight_at(here[k]);
      sum += magnitude(d);
    }
    for (int32_t k = 0; k < chosen->here_count; k++) {
      const int32_t term = chosen->here[k];
      const Eight d = eight_at(first + term * p->stride) - eight_at(here[term]);
      sum += 2 * magnitude(d);
    }
    int16_t difference[PRN_BAND];
    memcpy(difference, &sum, sizeof sum);
    const int32_t nearness = NEARNESS[(dc < 0 ? -dc : dc) - dr];
    EACH {
      const int32_t r = row + i + dr, c = t - PRN_SHEAR * (row + i) + dc;
      const int32_t z = difference[i] >> 2;
      const int32_t close = (nearness * p->reciprocals[z < 511 ? z : 511]) >> 10;
      closeness[s][i] = r >= 0 && c >= 0 && c < p->columns ? close : 0;
      most[i] = closeness[s][i] > most[i] ? closeness[s][i] : most[i];
    }
  }
  int32_t inverse[PRN_BAND];
  EACH inverse[i] = (1 << 22) / most[i];
  for (int32_t s = 0; s < SAMPLES; s++)
    EACH weights[s][i] = (int16_t)((closeness[s][i] * inverse[i] + 32768) >> 16);
}

// What a cell outside of the tile holds does not matter: its weight is 0.
INLINE void arrange(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row,
    const int16_t weights[SAMPLES][PRN_BAND], Quad *plain, Quad *weighted) {
  const int32_t terms = p->chosen_terms[colour].count + 1;
  for (int32_t s = 0; s < 4 * QUADS; s += 2) {
    const int16_t *first[2];
    Eight weight[2] = {{0}, {0}};
    for (int32_t i = 0; i < 2; i++) {
      // The last two are none.
      const int32_t sample = s + i < SAMPLES ? s + i : 0;
      const int32_t dr = WINDOW[sample][0], dc = WINDOW[sample][1];
      first[i] = terms_at(p, colour, t + PRN_SHEAR * dr + dc, 0) + row + dr;
      if (s + i < SAMPLES) weight[i] = eight_at(weights[sample]);
    }
    for (int32_t k = 0; k < terms; k++) {
      const Eight a = eight_at(first[0] + k * p->stride), b = eight_at(first[1] + k * p->stride);
      const Eight wa = a * weight[0], wb = b * weight[1];
#define INTERLEAVED(a, b) \
  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)
      const Sixteen both = INTERLEAVED(a, b), products = INTERLEAVED(wa, wb);
      memcpy(plain[s / 4][k][s / 2 & 1], &both, sizeof both);
      memcpy(weighted[s / 4][k][s / 2 & 1], &products, sizeof products);
    }
  }
}

static void add_up_portable(int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a++)
    for (int32_t b = a; b < terms; b++) {
      int32_t sum[PRN_BAND] = {0};
      for (int32_t q = 0; q < QUADS; q++)
        for (int32_t pair = 0; pair < 2; pair++)
          EACH sum[i] += weighted[q][a][pair][i][0] * plain[q][b][pair][i][0]
                         + weighted[q][a][pair][i][1] * plain[q][b][pair][i][1];
      EACH sums[a][b][i] = sum[i];
    }
}

#if defined(__x86_64__)
// Two terms by four.
__attribute__((target("avx2"))) static void add_up_avx2(
    int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a += 2)
    for (int32_t b = a; b < terms; b += 4) {
      __m256i sum[2][4];
      for (int i = 0; i < 8; i++) sum[i / 4][i % 4] = _mm256_setzero_si256();
      for (int32_t pair = 0; pair < 2 * QUADS; pair++) {
        const __m256i x0 = _mm256_loadu_si256((const __m256i *)weighted[pair / 2][a][pair & 1]);
        const __m256i x1 =
            _mm256_loadu_si256((const __m256i *)weighted[pair / 2][a + 1][pair & 1]);
        for (int k = 0; k < 4; k++) {
          const __m256i y =
              _mm256_loadu_si256((const __m256i *)plain[pair / 2][b + k][pair & 1]);
          sum[0][k] = _mm256_add_epi32(sum[0][k], _mm256_madd_epi16(x0, y));
          sum[1][k] = _mm256_add_epi32(sum[1][k], _mm256_madd_epi16(x1, y));
        }
      }
      for (int k = 0; k < 4; k++) {
        _mm256_storeu_si256((__m256i *)sums[a][b + k], sum[0][k]);
        _mm256_storeu_si256((__m256i *)sums[a + 1][b + k], sum[1][k]);
      }
    }
}

__attribute__((target("avx512f,avx512bw"))) static void add_up_avx512(
    int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a += 2)
    for (int32_t b = a; b < terms; b += 4) {
      __m512i sum[2][4];
      for (int i = 0; i < 8; i++) sum[i / 4][i % 4] = _mm512_setzero_si512();
      for (int32_t q = 0; q < QUADS; q++) {
        const __m512i x0 = _mm512_loadu_si512(weighted[q][a]);
        const __m512i x1 = _mm512_loadu_si512(weighted[q][a + 1]);
        for (int k = 0; k < 4; k++) {
          const __m512i y = _mm512_loadu_si512(plain[q][b + k]);
          sum[0][k] = _mm512_add_epi32(sum[0][k], _mm512_madd_epi16(x0, y));
          sum[1][k] = _mm512_add_epi32(sum[1][k], _mm512_madd_epi16(x1, y));
        }
      }
      for (int i = 0; i < 2; i++)
        for (int k = 0; k < 4; k++)
          _mm256_storeu_si256(
              (__m256i *)sums[a + i][b + k],
              _mm256_add_epi32(
                  _mm512_castsi512_si256(sum[i][k]), _mm512_extracti64x4_epi64(sum[i][k], 1)));
    }
}
#endif

static void add_up(
    int version, int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
#if defined(__x86_64__)
  if (version > 1)
    add_up_avx512(terms, plain, weighted, sums);
  else if (version > 0)
    add_up_avx2(terms, plain, weighted, sums);
  else
#endif
    add_up_portable(terms, plain, weighted, sums);
}

#endif
