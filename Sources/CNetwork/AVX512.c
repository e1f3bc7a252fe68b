// 512-bit vectors. vpdpwssd multiplies a pair of activations with the weights of sixteen output
// channels and adds, wrapping around, in one instruction. A register tile is 12 pixels x 16
// channels.
#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include <immintrin.h>
#include <string.h>

#include "CPlatform.h"
#include "Kernels.h"
#include "Classes.h"
#include "Vectors256.h"

static inline __attribute__((always_inline)) int32_t pair_at(const int16_t *source) {
  int32_t pair;
  memcpy(&pair, source, 4);
  return pair;
}

/// `P` pixels x 16 output channels, over all inputs.
static inline __attribute__((always_inline)) void tile16(
    const int P, const prn_segment *segments, int32_t segment_count, ptrdiff_t first,
    const int16_t *weights, const int32_t *bias, int32_t *accumulators, ptrdiff_t out_channels) {
  __m512i sums[12];
  for (int p = 0; p < P; p++) sums[p] = _mm512_loadu_si512(bias);
  for (int32_t s = 0; s < segment_count; s++) {
    const ptrdiff_t stride = segments[s].pixel_stride;
    const int16_t *a = segments[s].source + first * stride;
    for (int32_t k = 0; k < segments[s].channels; k += 2, weights += 32) {
      const __m512i w = _mm512_loadu_si512(weights);
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++)
        sums[p] = _mm512_dpwssd_epi32(
            sums[p], _mm512_set1_epi32(pair_at(a + p * stride + k)), w);
    }
  }
  for (int p = 0; p < P; p++) _mm512_storeu_si512(accumulators + p * out_channels, sums[p]);
}

/// `P` pixels x 8 output channels, over all inputs.
static inline __attribute__((always_inline)) void tile8(
    const int P, const prn_segment *segments, int32_t segment_count, ptrdiff_t first,
    const int16_t *weights, const int32_t *bias, int32_t *accumulators, ptrdiff_t out_channels) {
  __m256i sums[12];
  for (int p = 0; p < P; p++) sums[p] = _mm256_loadu_si256((const __m256i *)bias);
  for (int32_t s = 0; s < segment_count; s++) {
    const ptrdiff_t stride = segments[s].pixel_stride;
    const int16_t *a = segments[s].source + first * stride;
    for (int32_t k = 0; k < segments[s].channels; k += 2, weights += 16) {
      const __m256i w = _mm256_loadu_si256((const __m256i *)weights);
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++)
        sums[p] = _mm256_dpwssd_epi32(
            sums[p], _mm256_set1_epi32(pair_at(a + p * stride + k)), w);
    }
  }
  for (int p = 0; p < P; p++)
    _mm256_storeu_si256((__m256i *)(accumulators + p * out_channels), sums[p]);
}

static void masked_convolution(
    const prn_segment *segments, int32_t segment_count, const int16_t *packed_weights,
    const int32_t *bias, int32_t out_channels, int32_t pixels, int32_t *accumulators) {
  ptrdiff_t pairs = 0;
  for (int32_t s = 0; s < segment_count; s++) pairs += (segments[s].channels + 1) / 2;
  for (int32_t o = 0; o < out_channels; o += 16) {
    const int16_t *weights = packed_weights + o * pairs * 2;
    int32_t *target = accumulators + o;
    int32_t p = 0;
#define PRN_TILE(T, P) \
  T(P, segments, segment_count, p, weights, bias + o, target + (ptrdiff_t)p * out_channels, \
    out_channels)
    if (o + 16 <= out_channels) {
      for (; p + 12 <= pixels; p += 12) PRN_TILE(tile16, 12);
      for (; p + 4 <= pixels; p += 4) PRN_TILE(tile16, 4);
      for (; p < pixels; p++) PRN_TILE(tile16, 1);
    } else {
      for (; p + 12 <= pixels; p += 12) PRN_TILE(tile8, 12);
      for (; p + 4 <= pixels; p += 4) PRN_TILE(tile8, 4);
      for (; p < pixels; p++) PRN_TILE(tile8, 1);
    }
#undef PRN_TILE
  }
}

const prn_kernels prn_avx512_kernels = {
    masked_convolution, saturate,           rectify,     distribution,
    event,              class_distribution, class_event, gates};

#pragma clang attribute pop
#endif
