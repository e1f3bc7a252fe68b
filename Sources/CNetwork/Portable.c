// The reference: plain C, as FORMAT.md says it.
#include "CPlatform.h"
#include "Classes.h"
#include "Frequency.h"
#include "Kernels.h"

static void masked_convolution(
    const prn_segment *segments, int32_t segment_count, const int16_t *packed_weights,
    const int32_t *bias, int32_t out_channels, int32_t pixels, int32_t *accumulators) {
  ptrdiff_t pairs = 0;
  for (int32_t s = 0; s < segment_count; s++) pairs += (segments[s].channels + 1) / 2;
  for (int32_t panel = 0; panel < out_channels; panel += 16) {
    const int32_t width = out_channels - panel < 16 ? 8 : 16;
    const int16_t *weights = packed_weights + panel * pairs * 2;
    for (ptrdiff_t p = 0; p < pixels; p++) {
      // Unsigned: what overflows wraps around.
      uint32_t sums[16];
      for (int32_t o = 0; o < width; o++) sums[o] = (uint32_t)bias[panel + o];
      const int16_t *w = weights;
      for (int32_t s = 0; s < segment_count; s++) {
        const int16_t *source = segments[s].source + p * segments[s].pixel_stride;
        for (int32_t k = 0; k < segments[s].channels; k += 2, w += 2 * width) {
          const int32_t a0 = source[k];
          const int32_t a1 = source[k + 1];
          for (int32_t o = 0; o < width; o++)
            sums[o] += (uint32_t)(a0 * w[2 * o]) + (uint32_t)(a1 * w[2 * o + 1]);
        }
      }
      for (int32_t o = 0; o < width; o++)
        accumulators[p * out_channels + panel + o] = (int32_t)sums[o];
    }
  }
}

static int32_t clamp(int32_t x, int32_t a, int32_t b) { return x < a ? a : x > b ? b : x; }

static void saturate(
    const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
    const int16_t *addend, int16_t *target, int16_t *rectified, ptrdiff_t stride,
    int32_t maximum) {
  for (ptrdiff_t p = 0; p < pixels; p++)
    for (int32_t o = 0; o < channels; o++) {
      const int32_t y = accumulators[p * channels + o] >> shift;
      const int32_t sum = y + (addend ? addend[p * stride + o] : 0);
      target[p * stride + o] = (int16_t)clamp(sum, -32768, 32767);
      if (rectified) rectified[p * stride + o] = (int16_t)clamp(sum, 0, maximum);
    }
}

static void rectify(
    const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
    const int16_t *addend, ptrdiff_t addend_stride, int16_t *target, ptrdiff_t target_stride,
    int32_t maximum) {
  for (ptrdiff_t p = 0; p < pixels; p++)
    for (int32_t o = 0; o < channels; o++) {
      const int32_t y = clamp(accumulators[p * channels + o] >> shift, INT16_MIN, INT16_MAX);
      const int32_t sum = y + (addend ? addend[p * addend_stride + o] : 0);
      target[p * target_stride + o] = (int16_t)clamp(sum, 0, maximum);
    }
}

static void gates(
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

/// Logits from accumulators; returns their maximum.
static int32_t logits_of(
    const int32_t *accumulators, int count, int32_t shift, int32_t *logits) {
  int32_t maximum = INT32_MIN;
  for (int s = 0; s < count; s++) {
    logits[s] = accumulators[s] >> shift;
    if (logits[s] > maximum) maximum = logits[s];
  }
  return maximum;
}

static void distribution(const int32_t *accumulators, int32_t shift, prn_distribution *result) {
  int32_t logits[256];
  const int32_t maximum = logits_of(accumulators, 256, shift, logits);
  uint32_t sum = 0;
  for (int s = 0; s < 256; s++) {
    if (s % 16 == 0) result->starts[s / 16] = sum;
    result->frequencies[s] = prn_exp2_frequency((uint32_t)maximum - (uint32_t)logits[s]);
    sum += result->frequencies[s];
  }
  result->total = sum;
}

static prn_event event(const int32_t *accumulators, int32_t shift, uint8_t symbol) {
  int32_t logits[256];
  const int32_t maximum = logits_of(accumulators, 256, shift, logits);
  prn_event result = {0, 0, 0};
  for (int s = 0; s < 256; s++) {
    const uint32_t frequency = prn_exp2_frequency((uint32_t)maximum - (uint32_t)logits[s]);
    if (s == symbol) {
      result.cumulative = result.total;
      result.frequency = frequency;
    }
    result.total += frequency;
  }
  return result;
}

/// The frequencies of classes.
static void class_frequencies(const int32_t *accumulators, int32_t shift, uint32_t *classes) {
  int32_t logits[PRN_CLASSES];
  const int32_t maximum = logits_of(accumulators, PRN_CLASSES, shift, logits);
  for (int k = 0; k < PRN_CLASSES; k++)
    classes[k] = prn_exp2_frequency((uint32_t)maximum - (uint32_t)logits[k]);
}

const prn_kernels prn_portable_kernels = {
    masked_convolution, saturate,           rectify,     distribution,
    event,              class_distribution, class_event, gates};
