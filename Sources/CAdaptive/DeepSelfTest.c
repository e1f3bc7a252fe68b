#include <string.h>

#include "CDeep.h"
#include "CPlatform.h"

// A small image of colours and alpha.
enum { WIDTH = 19, HEIGHT = 7, CHANNELS = 4, SAMPLES = WIDTH * HEIGHT * CHANNELS };

static const uint32_t COUNTS[CHANNELS] = {65536, 65536, 40000, 300};

// Slopes with noise on them, which lead walks to many nodes.
static void fill(uint16_t samples[SAMPLES]) {
  for (int32_t i = 0; i < SAMPLES; i++) {
    const uint32_t c = (uint32_t)i / (WIDTH * HEIGHT), q = (uint32_t)i % WIDTH;
    const uint32_t row = (uint32_t)i / WIDTH % HEIGHT;
    const uint32_t noise = ((uint32_t)i * 2654435761u) >> (i % 3 == 0 ? 20 : 25);
    samples[i] = (uint16_t)((9000 + 700 * q + 431 * row + noise * (1 + c)) % COUNTS[c]);
  }
}

// Whether the portable version and the other one decode what the other one has encoded. What the
// portable one decodes, with the right final state, is what it would have written.
int prn_deep_agrees(int version) {
  if (version <= 0 || !prn_supports(version)) return version == 0;
  uint16_t samples[SAMPLES], found[SAMPLES];
  fill(samples);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  int is_right =
      prn_deep_encode(&encoder, samples, WIDTH, HEIGHT, CHANNELS, COUNTS, version, NULL, NULL)
      == PRN_DEEP_DONE;
  prn_encoder_finish(&encoder);
  for (int i = 0; i < 2 && is_right; i++) {
    prn_range_decoder decoder;
    prn_decoder_start(&decoder, encoder.bytes, encoder.count);
    memset(found, 0, sizeof found);
    is_right = prn_deep_decode(
                   &decoder, found, WIDTH, HEIGHT, CHANNELS, COUNTS, i ? version : 0, NULL)
                   == PRN_DEEP_DONE
               && prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT
               && memcmp(found, samples, sizeof found) == 0;
    prn_decoder_free(&decoder);
  }
  prn_encoder_free(&encoder);
  return is_right;
}
