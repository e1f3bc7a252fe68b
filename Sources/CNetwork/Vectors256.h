// Epilogues and frequencies with 256-bit vectors; included by the versions for AVX2 and up, inside
// their target pragmas.

/// y of eight output channels: 32 bits each.
static inline __attribute__((always_inline)) __m256i shifted(
    const int32_t *accumulators, __m128i shift) {
  return _mm256_sra_epi32(_mm256_loadu_si256((const __m256i *)accumulators), shift);
}

/// sat16 of eight lanes.
static inline __attribute__((always_inline)) __m128i saturated(__m256i x) {
  return _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
}

static void saturate(
    const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
    const int16_t *addend, int16_t *target, int16_t *rectified, ptrdiff_t stride,
    int32_t maximum) {
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m128i limit = _mm_set1_epi16((int16_t)maximum);
  for (ptrdiff_t p = 0; p < pixels; p++)
    for (ptrdiff_t o = 0; o < channels; o += 8) {
      const ptrdiff_t i = p * stride + o;
      __m256i y = shifted(accumulators + p * channels + o, count);
      if (addend)
        y = _mm256_add_epi32(
            y, _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(addend + i))));
      const __m128i sum = saturated(y);
      _mm_storeu_si128((__m128i *)(target + i), sum);
      if (rectified)
        _mm_storeu_si128(
            (__m128i *)(rectified + i),
            _mm_min_epi16(_mm_max_epi16(sum, _mm_setzero_si128()), limit));
    }
}

static void rectify(
    const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
    const int16_t *addend, ptrdiff_t addend_stride, int16_t *target, ptrdiff_t target_stride,
    int32_t maximum) {
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m128i limit = _mm_set1_epi16((int16_t)maximum);
  for (ptrdiff_t p = 0; p < pixels; p++)
    for (ptrdiff_t o = 0; o < channels; o += 8) {
      __m128i y = saturated(shifted(accumulators + p * channels + o, count));
      if (addend)
        y = _mm_adds_epi16(
            y, _mm_loadu_si128((const __m128i *)(addend + p * addend_stride + o)));
      y = _mm_min_epi16(_mm_max_epi16(y, _mm_setzero_si128()), limit);
      _mm_storeu_si128((__m128i *)(target + p * target_stride + o), y);
    }
}

/// frequency - 1 of eight symbols; `origin` is the largest logit + 512.
///
/// distance + 512 has the same six low bits as the distance, and 8 + n above them. No test for n >
/// 22 is needed: the product is at most 2^30, so a shift by 31 leaves 0, and vpsrlvd gives 0 for 32
/// and more. vpermd looks at the three low bits of an index only, so there are no masks either.
static inline __attribute__((always_inline)) __m256i exponentials(
    const int32_t *accumulators, __m128i shift, __m256i origin) {
  const __m256i exp_a = _mm256_loadu_si256((const __m256i *)PRN_EXP_A);
  const __m256i exp_b = _mm256_loadu_si256((const __m256i *)PRN_EXP_B);
  const __m256i distance = _mm256_sub_epi32(origin, shifted(accumulators, shift));
  const __m256i a = _mm256_permutevar8x32_epi32(exp_a, _mm256_srli_epi32(distance, 3));
  const __m256i b = _mm256_permutevar8x32_epi32(exp_b, distance);
  return _mm256_srlv_epi32(_mm256_mullo_epi32(a, b), _mm256_srli_epi32(distance, 6));
}

/// The largest of `count` logits, a multiple of 32, + 512, everywhere.
static inline __attribute__((always_inline)) __m256i origin_of(
    const int32_t *accumulators, int count, __m128i shift) {
  __m256i m[4];
  for (int i = 0; i < 4; i++)
    m[i] = _mm256_loadu_si256((const __m256i *)(accumulators + 8 * i));
  for (int s = 32; s < count; s += 32)
    for (int i = 0; i < 4; i++)
      m[i] = _mm256_max_epi32(
          m[i], _mm256_loadu_si256((const __m256i *)(accumulators + s + 8 * i)));
  __m256i all =
      _mm256_max_epi32(_mm256_max_epi32(m[0], m[1]), _mm256_max_epi32(m[2], m[3]));
  all = _mm256_max_epi32(all, _mm256_permute2x128_si256(all, all, 1));
  all = _mm256_max_epi32(all, _mm256_shuffle_epi32(all, 0x4E));
  all = _mm256_max_epi32(all, _mm256_shuffle_epi32(all, 0xB1));
  return _mm256_add_epi32(_mm256_sra_epi32(all, shift), _mm256_set1_epi32(512));
}

static inline __attribute__((always_inline)) uint32_t sum_of_lanes(__m256i x) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  return (uint32_t)_mm_cvtsi128_si32(four);
}

/// The sums of the frequencies of four blocks of 16 symbols, which are stored.
static inline __attribute__((always_inline)) __m128i four_blocks(
    const int32_t *accumulators, __m128i shift, __m256i origin, uint32_t *frequencies) {
  const __m256i one = _mm256_set1_epi32(1);
  __m256i sums[4];
  for (int b = 0; b < 4; b++) {
    const __m256i low =
        _mm256_add_epi32(exponentials(accumulators + 16 * b, shift, origin), one);
    const __m256i high =
        _mm256_add_epi32(exponentials(accumulators + 16 * b + 8, shift, origin), one);
    _mm256_storeu_si256((__m256i *)(frequencies + 16 * b), low);
    _mm256_storeu_si256((__m256i *)(frequencies + 16 * b + 8), high);
    sums[b] = _mm256_add_epi32(low, high);
  }
  const __m256i quarter = _mm256_hadd_epi32(
      _mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
  return _mm_add_epi32(
      _mm256_castsi256_si128(quarter), _mm256_extracti128_si256(quarter, 1));
}

static void distribution(const int32_t *accumulators, int32_t shift, prn_distribution *result) {
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m256i origin = origin_of(accumulators, 256, count);
  __m128i before = _mm_setzero_si128();
  for (int q = 0; q < 4; q++) {
    const __m128i own =
        four_blocks(accumulators + 64 * q, count, origin, result->frequencies + 64 * q);
    // Inclusive prefix sums of the four.
    __m128i sums = _mm_add_epi32(own, _mm_slli_si128(own, 4));
    sums = _mm_add_epi32(sums, _mm_slli_si128(sums, 8));
    sums = _mm_add_epi32(sums, before);
    _mm_storeu_si128((__m128i *)(result->starts + 4 * q), _mm_sub_epi32(sums, own));
    before = _mm_shuffle_epi32(sums, 0xFF);
  }
  result->total = (uint32_t)_mm_cvtsi128_si32(before);
}

/// all_then_none + 256 - s: ones in the first s lanes, zeros behind.
static const int32_t all_then_none[512] = {
#define PRN_ONES_16 -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
#define PRN_ONES_64 PRN_ONES_16, PRN_ONES_16, PRN_ONES_16, PRN_ONES_16
    PRN_ONES_64, PRN_ONES_64, PRN_ONES_64, PRN_ONES_64
#undef PRN_ONES_64
#undef PRN_ONES_16
};

static prn_event event(const int32_t *accumulators, int32_t shift, uint8_t symbol) {
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m256i origin = origin_of(accumulators, 256, count);
  const int32_t *masks = all_then_none + 256 - symbol;
  __m256i total[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  __m256i below[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
#pragma clang loop unroll_count(4)
  for (int s = 0; s < 256; s += 16)
    for (int i = 0; i < 2; i++) {
      const __m256i f = exponentials(accumulators + s + 8 * i, count, origin);
      const __m256i mask = _mm256_loadu_si256((const __m256i *)(masks + s + 8 * i));
      total[i] = _mm256_add_epi32(total[i], f);
      below[i] = _mm256_add_epi32(below[i], _mm256_and_si256(f, mask));
    }
  const uint32_t distance =
      (uint32_t)_mm256_cvtsi256_si32(origin) - (uint32_t)(accumulators[symbol] >> shift);
  const uint32_t product =
      (uint32_t)PRN_EXP_A[(distance >> 3) & 7] * (uint32_t)PRN_EXP_B[distance & 7];
  const uint32_t places = distance >> 6;
  const prn_event result = {
      sum_of_lanes(_mm256_add_epi32(below[0], below[1])) + symbol,
      (places > 31 ? 0 : product >> places) + 1,
      sum_of_lanes(_mm256_add_epi32(total[0], total[1])) + 256};
  return result;
}

/// The frequencies of classes.
static inline __attribute__((always_inline)) void class_frequencies(
    const int32_t *accumulators, int32_t shift, uint32_t *classes) {
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m256i origin = origin_of(accumulators, PRN_CLASSES, count);
#pragma clang loop unroll(full)
  for (int k = 0; k < PRN_CLASSES; k += 8)
    _mm256_storeu_si256(
        (__m256i *)(classes + k),
        _mm256_add_epi32(
            exponentials(accumulators + k, count, origin), _mm256_set1_epi32(1)));
}

/// squash of eight arguments, from its table, of which 16 bits more than asked for are read.
static inline __attribute__((always_inline)) __m256i logistic_of(
    const uint16_t *table, __m256i x) {
  const __m256i magnitude =
      _mm256_min_epi32(_mm256_abs_epi32(x), _mm256_set1_epi32(PRN_LOGISTIC_LIMIT));
  const __m256i p = _mm256_and_si256(
      _mm256_i32gather_epi32((const int *)table, magnitude, 2), _mm256_set1_epi32(0xFFFF));
  // 65536 - p where x is negative, p elsewhere.
  const __m256i sign = _mm256_srai_epi32(x, 31);
  return _mm256_add_epi32(
      _mm256_sub_epi32(_mm256_xor_si256(p, sign), sign),
      _mm256_and_si256(sign, _mm256_set1_epi32(65536)));
}

static void gates(
    const int32_t *accumulators, int32_t pixels, int32_t units, int32_t shift,
    const int16_t *cells_before, int16_t *cells, int16_t *states, ptrdiff_t stride) {
  const uint16_t *table = prn_logistic();
  const __m128i count = _mm_cvtsi32_si128(shift);
  const __m256i half = _mm256_set1_epi32(32768);
  for (ptrdiff_t pixel = 0; pixel < pixels; pixel++)
    for (ptrdiff_t k = 0; k < units; k += 8) {
      const int32_t *sums = accumulators + 4 * units * pixel + k;
      const __m256i output = logistic_of(table, shifted(sums, count));
      const __m256i forget = logistic_of(table, shifted(sums + units, count));
      const __m256i input = logistic_of(table, shifted(sums + 2 * units, count));
      const __m256i content =
          _mm256_sub_epi32(logistic_of(table, shifted(sums + 3 * units, count)), half);
      const __m256i before = _mm256_cvtepi16_epi32(
          _mm_loadu_si128((const __m128i *)(cells_before + stride * pixel + k)));
      const __m256i kept = _mm256_srai_epi32(
          _mm256_add_epi32(_mm256_mullo_epi32(forget, before), half), 16);
      const __m256i added = _mm256_srai_epi32(
          _mm256_add_epi32(_mm256_mullo_epi32(input, content), _mm256_set1_epi32(1 << 19)), 20);
      __m256i cell = _mm256_min_epi32(_mm256_add_epi32(kept, added), _mm256_set1_epi32(32767));
      cell = _mm256_max_epi32(cell, _mm256_set1_epi32(-32767));
      // 2 log2(e) / 8, with 16 fraction bits.
      const __m256i argument = _mm256_srai_epi32(
          _mm256_add_epi32(_mm256_mullo_epi32(cell, _mm256_set1_epi32(23637)), half), 16);
      const __m256i squashed = _mm256_sub_epi32(logistic_of(table, argument), half);
      const __m256i state = _mm256_srai_epi32(
          _mm256_add_epi32(_mm256_mullo_epi32(output, squashed), _mm256_set1_epi32(1 << 18)), 19);
      _mm_storeu_si128((__m128i *)(cells + stride * pixel + k), saturated(cell));
      _mm_storeu_si128((__m128i *)(states + stride * pixel + k), saturated(state));
    }
}
