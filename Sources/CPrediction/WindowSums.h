// What window fits look at, for one instruction set (VERSION): importances of the samples around a
// band's pixels, and sums of weighted products of their terms.
//
// Samples go in pairs, [pixel][sample of the pair] of 16 bits each: a pair's products are added in
// one instruction. Pairs of neighbours lie like that in the ring. LANES pixels are taken at a time.
#include "Version.h"

typedef int16_t NAME(Pairs) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(Ints) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(Naturals) __attribute__((vector_size(4 * LANES)));
typedef float NAME(Floats) __attribute__((vector_size(4 * LANES)));
typedef uint16_t NAME(Halves) __attribute__((vector_size(2 * LANES)));
// Terms of the pairs, the target behind them.
typedef NAME(Pairs) NAME(Samples)[SAMPLE_PAIRS][MOST_KEPT];

#define PAIRS_OF(x) ((NAME(Pairs))(x))
#define INTS_OF(x) ((NAME(Ints))(x))
#define LOW(x) (INTS_OF(x) & 0xffff)
#define HIGH(x) INTS_OF((NAME(Naturals))(x) >> 16)
#define RAISED(x) INTS_OF((NAME(Naturals))(x) << 16)

TARGET PRN_INLINE NAME(Pairs) NAME(pairs_at)(const int16_t *source) {
  NAME(Pairs) x;
  __builtin_memcpy(&x, source, sizeof x);
  return x;
}

// LANES numbers of 16 bits, above zeros.
TARGET PRN_INLINE NAME(Ints) NAME(ints_at)(const int16_t *source) {
  NAME(Halves) x;
  __builtin_memcpy(&x, source, sizeof x);
  return __builtin_convertvector(x, NAME(Ints));
}

// sum + the products of both numbers of each pair.
TARGET PRN_INLINE NAME(Ints) NAME(add_products)(NAME(Ints) sum, NAME(Pairs) x, NAME(Pairs) y) {
#if VERSION == 2
  return INTS_OF(_mm256_dpwssd_epi32((__m256i)sum, (__m256i)x, (__m256i)y));
#elif VERSION == 1
  return sum + INTS_OF(_mm256_madd_epi16((__m256i)x, (__m256i)y));
#elif defined(__x86_64__)
  return sum + INTS_OF(_mm_madd_epi16((__m128i)x, (__m128i)y));
#else
  const NAME(Ints) a = INTS_OF(x), b = INTS_OF(y);
  return sum + (RAISED(a) >> 16) * (RAISED(b) >> 16) + (a >> 16) * (b >> 16);
#endif
}

// The pixels' terms, beside those of the pixels before them, where the next ones find them.
TARGET PRN_INLINE void NAME(keep_terms)(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, const WindowTerms *chosen,
    const int16_t terms[PADDED_TERMS][PRN_BAND], int32_t pixel) {
  for (int32_t k = 0; k < chosen->kept_count; k++) {
    const NAME(Ints) x = NAME(ints_at)(terms[chosen->kept[k]] + pixel);
    const ptrdiff_t place = 2 * (row + pixel);
    const NAME(Ints) before = INTS_OF(NAME(pairs_at)(terms_at(p, colour, t - 1, k) + place));
    const NAME(Ints) now = x | RAISED(before), next = RAISED(x);
    __builtin_memcpy(terms_at(p, colour, t, k) + place, &now, sizeof now);
    // The next diagonal may have no pixel here.
    __builtin_memcpy(terms_at(p, colour, t + 1, k) + place, &next, sizeof next);
  }
}

// What a cell outside of the tile holds does not matter: its importance is 0.
TARGET PRN_INLINE void NAME(gather)(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, const WindowTerms *chosen,
    NAME(Samples) plain) {
  const int32_t entries = chosen->kept_count + 1;
  const ptrdiff_t stride = 2 * p->stride;
  for (int32_t pair = 0; pair < NEIGHBOUR_PAIRS; pair++) {
    const int8_t *at = WINDOW[pair];
    const int16_t *source =
        terms_at(p, colour, t + PRN_SHEAR * at[0] + at[1], 0) + 2 * (row + at[0]);
#pragma clang loop unroll_count(4)
    for (int32_t k = 0; k < entries; k++) plain[pair][k] = NAME(pairs_at)(source + k * stride);
  }
  for (int32_t pair = NEIGHBOUR_PAIRS; pair < SAMPLE_PAIRS; pair++) {
    const int8_t *at = WINDOW[pair];
    const int16_t *first =
        terms_at(p, colour, t + PRN_SHEAR * at[0] + at[1], 0) + 2 * (row + at[0]);
    const int16_t *second =
        terms_at(p, colour, t + PRN_SHEAR * at[2] + at[3], 0) + 2 * (row + at[2]);
    for (int32_t k = 0; k < entries; k++)
      plain[pair][k] = PAIRS_OF(
          LOW(NAME(pairs_at)(first + k * stride))
          | RAISED(NAME(pairs_at)(second + k * stride)));
  }
}

// All ones where the sample (dr, dc) of a pixel is in the tile.
TARGET PRN_INLINE NAME(Ints) NAME(inside)(
    const prn_prediction *p, NAME(Ints) row, NAME(Ints) column, int32_t dr, int32_t dc) {
  return INTS_OF(row + dr >= 0) & INTS_OF(column + dc >= 0) & INTS_OF(column + dc < p->columns);
}

// A sample's closeness from its unlikeness. A quotient of such numbers that is no integer is
// further from the next one than a float's rounding goes; products below 2^24 are exact.
TARGET PRN_INLINE NAME(Ints) NAME(closeness)(NAME(Ints) unlikeness, int32_t nearness) {
  const NAME(Floats) z = __builtin_convertvector(unlikeness + 3, NAME(Floats));
  const NAME(Ints) reciprocal = __builtin_convertvector(65536.0f / z, NAME(Ints));
  const NAME(Ints) zero = {0};
  return NAME(add_products)(zero, PAIRS_OF(reciprocal), PAIRS_OF(zero + nearness)) >> 10;
}

// Weighs each sample, from 0 to 64: most that which is nearest and most like the pixel.
TARGET PRN_INLINE void NAME(weigh)(
    const prn_prediction *p, int32_t t, int32_t row, const WindowTerms *chosen,
    const int16_t terms[PADDED_TERMS][PRN_BAND], int32_t pixel, int is_inside, int here_count,
    const NAME(Samples) plain, NAME(Samples) weighted) {
  NAME(Pairs) own[5], here[2];
  for (int32_t k = 0; k < 5 + here_count; k++) {
    const int32_t kept = k < 5 ? k : chosen->here[k - 5];
    const NAME(Ints) x = NAME(ints_at)(terms[chosen->kept[kept]] + pixel);
    *(k < 5 ? &own[k] : &here[k - 5]) = PAIRS_OF(x | RAISED(x));
  }
  NAME(Ints) rows = {0}, columns;
  for (int32_t i = 0; i < LANES; i++) rows[i] = row + pixel + i;
  columns = t - PRN_SHEAR * rows;
  NAME(Floats) close[SAMPLE_PAIRS][2];
  NAME(Pairs) most = PAIRS_OF((NAME(Ints)){0} + 1);
  for (int32_t pair = 0; pair < SAMPLE_PAIRS; pair++) {
    const NAME(Pairs) *x = plain[pair];
    // The second of its terms is the first one's negative. At most 6 * 1020 + 2 * 2 * 1020.
    NAME(Pairs) twice = __builtin_elementwise_abs(x[0] - own[0]);
    for (int32_t k = 0; k < here_count; k++)
      twice += __builtin_elementwise_abs(x[chosen->here[k]] - here[k]);
    NAME(Pairs) sum = twice + twice;
    for (int32_t k = 1; k < 5; k++) sum += __builtin_elementwise_abs(x[k] - own[k]);
    sum = __builtin_elementwise_min(sum >> 2, (NAME(Pairs)){0} + 511);
    NAME(Ints) first = NAME(closeness)(LOW(sum), PAIR_NEARNESS[pair][0]);
    NAME(Ints) second = NAME(closeness)(HIGH(sum), PAIR_NEARNESS[pair][1]);
    if (!is_inside) {
      const int8_t *at = WINDOW[pair];
      first &= NAME(inside)(p, rows, columns, at[0], at[1]);
      second &= NAME(inside)(p, rows, columns, at[2], at[3]);
    }
    // Below 2^15.
    most = __builtin_elementwise_max(most, PAIRS_OF(first));
    most = __builtin_elementwise_max(most, PAIRS_OF(second));
    close[pair][0] = __builtin_convertvector(first, NAME(Floats));
    close[pair][1] = __builtin_convertvector(second, NAME(Floats));
  }
  const NAME(Ints) quotient = __builtin_convertvector(
      4194304.0f / __builtin_convertvector(INTS_OF(most), NAME(Floats)), NAME(Ints));
  const NAME(Floats) inverse = __builtin_convertvector(quotient, NAME(Floats));
  for (int32_t pair = 0; pair < SAMPLE_PAIRS; pair++) {
    const NAME(Ints) first = __builtin_convertvector(close[pair][0] * inverse, NAME(Ints));
    const NAME(Ints) second = __builtin_convertvector(close[pair][1] * inverse, NAME(Ints));
    const NAME(Pairs) weights =
        PAIRS_OF(HIGH(first + 32768) | ((second + 32768) & ~0xffff));
#pragma clang loop unroll_count(8)
    for (int32_t k = 0; k < chosen->kept_count; k++) weighted[pair][k] = weights * plain[pair][k];
  }
}

// Sums of a term's weighted products with `width` terms.
TARGET PRN_INLINE void NAME(sum_row)(
    const NAME(Pairs) *weighted, const NAME(Pairs) *plain, const int8_t *place,
    int32_t (*sums)[PRN_BAND], int width) {
  NAME(Ints) sum[SUM_BLOCK];
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++) sum[i] = (NAME(Ints)){0};
#pragma clang loop unroll_count(2)
  for (int32_t pair = 0; pair < SAMPLE_PAIRS; pair++) {
    const NAME(Pairs) x = weighted[pair * MOST_KEPT];
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++)
      sum[i] = NAME(add_products)(sum[i], x, plain[pair * MOST_KEPT + i]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++) __builtin_memcpy(sums[place[i]], &sum[i], sizeof sum[i]);
}

TARGET static void NAME(add_up)(
    const WindowTerms *chosen, const NAME(Samples) plain, const NAME(Samples) weighted, Sums sums,
    int32_t pixel) {
  const int32_t entries = chosen->kept_count + 1;
  for (int32_t a = 0; a + 1 < entries; a++) {
    int32_t (*to)[PRN_BAND] = (int32_t(*)[PRN_BAND])&sums[chosen->place[a]][0][pixel];
    int32_t b = a;
    while (b < entries) {
      int32_t width = entries - b;
      // Two blocks of a row are about as wide.
      if (width > SUM_BLOCK) width = (width + 1) / 2;
#define CASE(width) \
  case width: \
    NAME(sum_row)(&weighted[0][a], &plain[0][b], chosen->place + b, to, width); \
    break;
      switch (width) {
        CASE(12) CASE(11) CASE(10) CASE(9) CASE(8) CASE(7)
        CASE(6) CASE(5) CASE(4) CASE(3) CASE(2) CASE(1)
      }
#undef CASE
      b += width;
    }
  }
}
