#include "CBilevel.h"
#include "CPlatform.h"

// Wide enough that matches are looked for, and no larger than it takes: commands wait for this.
enum { WIDTH = 41, HEIGHT = 12 };

// Shapes that repeat, flat areas and noise.
static void draw(uint8_t *pixels, int32_t depth) {
  for (int32_t y = 0; y < HEIGHT; y++)
    for (int32_t x = 0; x < WIDTH; x++) {
      const uint32_t noise = (uint32_t)(31 * y + x) * 2654435761u >> 24;
      const int32_t a = x % 17 - 8, b = y % 9 - 4;
      uint32_t value = a * a + b * b < 20 ? (uint32_t)(a + 8) : 0;
      if (y > 9 && noise < 60) value = noise;
      pixels[y * WIDTH + x] = (uint8_t)(value & ((1u << depth) - 1));
    }
}

// Whether the portable version and the other one decode what the other one has encoded. What the
// portable one decodes, with the right final state, is what it would have written.
static int agrees(int32_t depth, int version) {
  uint8_t pixels[WIDTH * HEIGHT], found[WIDTH * HEIGHT] = {0};
  draw(pixels, depth);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  int is_right = prn_bilevel_encode(&encoder, WIDTH, HEIGHT, depth, pixels, WIDTH, version, NULL)
                 == PRN_BILEVEL_DONE;
  prn_encoder_finish(&encoder);
  for (int i = 0; i < 2 && is_right; i++) {
    prn_range_decoder decoder;
    prn_decoder_start(&decoder, encoder.bytes, encoder.count);
    is_right = prn_bilevel_decode(
                   &decoder, WIDTH, HEIGHT, depth, found, WIDTH, i ? version : 0, NULL)
                   == PRN_BILEVEL_DONE
               && memcmp(found, pixels, sizeof pixels) == 0
               && prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT;
    memset(found, 0, sizeof found);
    prn_decoder_free(&decoder);
  }
  prn_encoder_free(&encoder);
  return is_right;
}

int prn_bilevel_agrees(int version) {
  if (version <= 0 || !prn_supports(version)) return version == 0;
  return agrees(1, version) && agrees(2, version) && agrees(4, version);
}
