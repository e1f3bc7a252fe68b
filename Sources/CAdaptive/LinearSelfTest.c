#include <string.h>

#include "CLinear.h"
#include "CPlatform.h"

// A small image: more than a segment, more than a band.
enum { WIDTH = 41, HEIGHT = 14, PLANES = 3, SAMPLES = WIDTH * HEIGHT };

// Slopes with noise on them, far noise here and there, and cut-off values.
static void fill(uint8_t samples[PLANES][SAMPLES]) {
  for (int32_t i = 0; i < SAMPLES; i++)
    for (int32_t k = 0; k < PLANES; k++) {
      const uint32_t noise = (uint32_t)(i * PLANES + k) * 2654435761u;
      const int32_t slope = 3 * (i % WIDTH) + 9 * (i / WIDTH) + 20 * k;
      const int32_t value = slope + (int32_t)(noise >> (i % 11 == 0 ? 25 : 29));
      samples[k][i] = (uint8_t)(value > 255 ? 255 : value);
    }
}

// Whether the portable version and the other one decode what the other one has encoded. What the
// portable one decodes, with the right final state, is what it would have written.
int prn_linear_agrees(int version) {
  if (version <= 0 || !prn_supports(version)) return version == 0;
  uint8_t samples[PLANES][SAMPLES];
  uint8_t found[PLANES][SAMPLES];
  fill(samples);
  const uint8_t *const given[PLANES] = {samples[0], samples[1], samples[2]};
  uint8_t *const taken[PLANES] = {found[0], found[1], found[2]};
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  int is_right =
      prn_linear_encode(&encoder, WIDTH, HEIGHT, PLANES, given, version, NULL) == PRN_LINEAR_DONE;
  prn_encoder_finish(&encoder);
  for (int i = 0; i < 2 && is_right; i++) {
    prn_range_decoder decoder;
    prn_decoder_start(&decoder, encoder.bytes, encoder.count);
    memset(found, 0, sizeof found);
    is_right = prn_linear_decode(&decoder, WIDTH, HEIGHT, PLANES, taken, i ? version : 0, NULL)
                   == PRN_LINEAR_DONE
               && prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT
               && memcmp(found, samples, sizeof found) == 0;
    prn_decoder_free(&decoder);
  }
  prn_encoder_free(&encoder);
  return is_right;
}
