#include <stdlib.h>
#include <string.h>

#include "CGraphics.h"
#include "CPlatform.h"

// Codes a fixed picture with a version: flat areas, edges, repeats and noise, by values and by
// numbers. Two versions that give the same bytes here agree. The picture is small: commands wait
// for this.

#define ROWS 12
#define COLUMNS 20
#define PIXELS (ROWS * COLUMNS)

static void draw(uint8_t planes[4][PIXELS]) {
  uint32_t random = 1;
  for (int i = 0; i < PIXELS; i++) {
    const int row = i / COLUMNS, column = i % COLUMNS;
    random = random * 1664525u + 1013904223u;
    const int noisy = row >= 9 && column < 12;
    for (int c = 0; c < 4; c++) {
      int value = (row / 4 + column / 6) % 3 * 60 + 20 * c;
      if (column % 7 == 3 && row % 5 < 3) value = 255 - 40 * c;
      if (noisy) value = (int)(random >> (8 + 5 * c) & 31) + 3 * column + row * c;
      planes[c][i] = (uint8_t)value;
    }
  }
}

// Appends the bytes of one shape; 0 where memory is short.
static int code(
    const prn_graphics_shape *shape, int version, uint8_t planes[4][PIXELS],
    prn_range_encoder *encoder) {
  prn_graphics *g = prn_graphics_create(shape, version);
  if (!g) return 0;
  const uint8_t *const given[4] = {planes[0], planes[1], planes[2], planes[3]};
  prn_graphics_encode(g, encoder, given, NULL, NULL, NULL);
  prn_graphics_destroy(g);
  return 1;
}

static int code_all(int version, prn_range_encoder *encoder) {
  static const prn_graphics_shape SHAPES[3] = {
      {.rows = ROWS, .columns = COLUMNS, .channels = 4, .has_alpha = 1},
      {.rows = ROWS, .columns = COLUMNS, .channels = 3},
      {.rows = ROWS, .columns = COLUMNS, .channels = 1, .colours = 256}};
  uint8_t planes[4][PIXELS];
  draw(planes);
  prn_encoder_start(encoder);
  int done = 1;
  for (int i = 0; done && i < 3; i++) done = code(&SHAPES[i], version, planes, encoder);
  prn_encoder_finish(encoder);
  return done && !encoder->failed;
}

int prn_graphics_agrees(int version) {
  if (version == 0) return 1;
  if (!prn_supports(version)) return 0;
  prn_range_encoder one, other;
  const int done = code_all(0, &one) & code_all(version, &other);
  const int agrees =
      done && one.count == other.count && memcmp(one.bytes, other.bytes, one.count) == 0;
  prn_encoder_free(&one);
  prn_encoder_free(&other);
  return agrees;
}
