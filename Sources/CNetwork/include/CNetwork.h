// Integer kernels of the PixelCNN (FORMAT.md, sections 5.3 and 6), in several versions that give
// the same bits. Sums wrap around at 32 bits; a valid weight file never lets them. The rounding of
// y = (sum + 2^(shift-1)) >> shift is left to the caller, who adds 2^(shift-1) to each bias.
#ifndef C_NETWORK_H
#define C_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "CEntropyCoding.h"
#include "prn_classes.h"

/// A part of a convolution's inputs: `channels` consecutive activations for each pixel, those of
/// pixel p from source + p * pixel_stride on. An odd number of channels is read as one more, with
/// the weight 0.
typedef struct {
  const int16_t *source;
  ptrdiff_t pixel_stride;
  int32_t channels;
} prn_segment;

/// One version of every kernel.
typedef struct {
  /// accumulators[p][o] = bias[o] + sum over the inputs k of pixel p of weight[o][k] * input[k].
  ///
  /// out_channels is a multiple of 8. packed_weights: panels of 16 output channels (the last may
  /// have 8), in each [pair of inputs][output channel of the panel][2], where each segment with an
  /// odd number of channels is followed by a channel with the weight 0.
  void (*masked_convolution)(
      const prn_segment *segments, int32_t segment_count, const int16_t *packed_weights,
      const int32_t *bias, int32_t out_channels, int32_t pixels, int32_t *accumulators);

  /// With y = accumulator >> shift (shift 1 to 24): target = sat16(y + addend), and, unless
  /// `rectified` is NULL, rectified = clamp(target, 0, maximum). A NULL addend counts as zeros. All
  /// arrays but the accumulators have `stride` activations from pixel to pixel; target may be
  /// addend.
  void (*saturate)(
      const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
      const int16_t *addend, int16_t *target, int16_t *rectified, ptrdiff_t stride,
      int32_t maximum);

  /// target = clamp(sat16(y) + addend, 0, maximum), strides apart. A NULL addend counts as
  /// zeros.
  void (*rectify)(
      const int32_t *accumulators, int32_t pixels, int32_t channels, int32_t shift,
      const int16_t *addend, ptrdiff_t addend_stride, int16_t *target, ptrdiff_t target_stride,
      int32_t maximum);

  /// The frequencies of 256 symbols; logit s is accumulators[s] >> shift (shift 1 to 24).
  void (*distribution)(const int32_t *accumulators, int32_t shift, prn_distribution *result);

  /// The same frequencies, summed up for one known symbol.
  prn_event (*event)(const int32_t *accumulators, int32_t shift, uint8_t symbol);

  /// The same two of PRN_CLASSES logits, one a class of symbols (prn_classes.h).
  void (*class_distribution)(const int32_t *accumulators, int32_t shift, prn_distribution *result);
  prn_event (*class_event)(const int32_t *accumulators, int32_t shift, uint8_t symbol);

  /// A step of an LSTM (FORMAT.md, section 5.4).
  ///
  /// accumulators: [pixel][gate o, f, i, g][units], each >> shift (1 to 24) an argument of
  /// `squash`. The cells of the step before, and the cells and states that follow: `units` for
  /// each pixel, a multiple of 8, `stride` from pixel to pixel.
  void (*gates)(
      const int32_t *accumulators, int32_t pixels, int32_t units, int32_t shift,
      const int16_t *cells_before, int16_t *cells, int16_t *states, ptrdiff_t stride);
} prn_kernels;

/// The kernels of an instruction set, `version` as for prn_supports; NULL where this processor
/// lacks it.
const prn_kernels *prn_kernels_of(int version);

/// Whether that version gives the portable one's bits on fixed data; 0 where this processor lacks
/// it.
int prn_network_agrees(int version);

/// The frequencies of the two symbols of a sigmoid, those of the logits 0 and accumulator >> shift
/// (FORMAT.md, section 6); all others are 0.
void prn_sigmoid_distribution(int32_t accumulator, int32_t shift, prn_distribution *result);

/// The same frequencies, summed up for one known symbol; one above 1 counts as 1.
prn_event prn_sigmoid_event(int32_t accumulator, int32_t shift, uint8_t symbol);

#endif
