// 256-bit vectors. vpmaddwd multiplies a pair of activations, broadcast, with the weights of eight
// output channels. A register tile is 6 pixels x 16 channels: 12 sums, 2 weights, 1 pair.
#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include <immintrin.h>
#include <string.h>

#include "CPlatform.h"
#include "Kernels.h"
#include "Classes.h"
#include "Vectors256.h"

static inline __attribute__((always_inline)) __m256i pair_at(const int16_t *source) {
  int32_t pair;
  memcpy(&pair, source, 4);
  return _mm256_set1_epi32(pair);
}

/// `P` pixels x `V` vectors of eight output channels, over all inputs.
static inline __attribute__((always_inline)) void tile(
    const int P, const int V, const prn_segment *segments, int32_t segment_count, ptrdiff_t first,
    const int16_t *weights, const int32_t *bias, int32_t *accumulators, ptrdiff_t out_channels) {
  __m256i sums[6][2];
  for (int v = 0; v < V; v++) {
    const __m256i b = _mm256_loadu_si256((const __m256i *)(bias + 8 * v));
    for (int p = 0; p < P; p++) sums[p][v] = b;
  }
  for (int32_t s = 0; s < segment_count; s++) {
    const ptrdiff_t stride = segments[s].pixel_stride;
    const int16_t *a = segments[s].source + first * stride;
    const int16_t *a3 = a + 3 * stride;
    const int16_t *end = a + segments[s].channels;
    for (; a < end; a += 2, a3 += 2, weights += 16 * V) {
      __m256i w[2];
      for (int v = 0; v < V; v++)
        w[v] = _mm256_loadu_si256((const __m256i *)(weights + 16 * v));
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) {
        const __m256i x = pair_at(p < 3 ? a + p * stride : a3 + (p - 3) * stride);
        for (int v = 0; v < V; v++)
          sums[p][v] = _mm256_add_epi32(sums[p][v], _mm256_madd_epi16(x, w[v]));
      }
    }
  }
  for (int p = 0; p < P; p++)
    for (int v = 0; v < V; v++)
      _mm256_storeu_si256((__m256i *)(accumulators + p * out_channels + 8 * v), sums[p][v]);
}

static inline __attribute__((always_inline)) void block_of(
    const int V, const prn_segment *segments, int32_t segment_count, const int16_t *weights,
    const int32_t *bias, int32_t *accumulators, ptrdiff_t out_channels, int32_t pixels) {
  int32_t p = 0;
#define PRN_TILE(P) \
  tile(P, V, segments, segment_count, p, weights, bias, accumulators + p * out_channels, \
       out_channels)
  for (; p + 6 <= pixels; p += 6) PRN_TILE(6);
  switch (pixels - p) {
    case 1: PRN_TILE(1); break;
    case 2: PRN_TILE(2); break;
    case 3: PRN_TILE(3); break;
    case 4: PRN_TILE(4); break;
    case 5: PRN_TILE(5); break;
    default: break;
  }
#undef PRN_TILE
}

static void masked_convolution(
    const prn_segment *segments, int32_t segment_count, const int16_t *packed_weights,
    const int32_t *bias, int32_t out_channels, int32_t pixels, int32_t *accumulators) {
  ptrdiff_t pairs = 0;
  for (int32_t s = 0; s < segment_count; s++) pairs += (segments[s].channels + 1) / 2;
  int32_t o = 0;
  for (; o + 16 <= out_channels; o += 16)
    block_of(
        2, segments, segment_count, packed_weights + o * pairs * 2, bias + o, accumulators + o,
        out_channels, pixels);
  if (o < out_channels)
    block_of(
        1, segments, segment_count, packed_weights + o * pairs * 2, bias + o, accumulators + o,
        out_channels, pixels);
}

const prn_kernels prn_avx2_kernels = {
    masked_convolution, saturate,           rectify,     distribution,
    event,              class_distribution, class_event, gates};

#pragma clang attribute pop
#endif
