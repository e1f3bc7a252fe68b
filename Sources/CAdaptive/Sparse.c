#include "CSparse.h"

#include <stdlib.h>
#include <string.h>

#include "Bounds.h"
#include "Coder.h"
#include "Mixer.h"

// Of a value: none, or its sign.
enum { NOTHING, POSITIVE, NEGATIVE, SIGNS };
// Visits of counters.
#define LIMIT 1023
// Bits of the largest magnitude, 128.
#define MOST_BITS 8
// Pixels around a row, which have no values.
#define MARGIN 2

typedef struct {
  // Whether a pixel has any value that is not 0: [W, N, NW, NE; WW or NN].
  Counter any[32];
  // Whether a plane has one: [plane][what earlier planes have][W][N].
  Counter some[PRN_SPARSE_PLANES][4][2][2];
  // Whether it is negative: [plane][sign at W][sign at N].
  Counter negative[PRN_SPARSE_PLANES][SIGNS][SIGNS];
  // Whether the magnitude has more bits, and what they are: [plane][bits of it], the latter from
  // the highest on.
  Counter more[PRN_SPARSE_PLANES][MOST_BITS];
  Counter bits[PRN_SPARSE_PLANES][MOST_BITS][MOST_BITS];
} Counters;

typedef struct {
  const Functions *f;
  Coder *coder;
  int32_t width, height, planes;
  const uint8_t *const *known;
  uint8_t *const *found;
  const prn_bounds *bounds;
  Counters counters;
  // Signs of the values, two bits for each plane: rows y, y - 1 and y - 2, with margins.
  uint8_t *rows[3];
} Sparse;

INLINE int decide(Sparse *s, int decodes, Counter *c, int bit) {
  bit = code_decision(s->f, s->coder, decodes, chance(*c), bit);
  learn_counter(s->f, c, bit, LIMIT);
  return bit;
}

INLINE int32_t sign_of(uint32_t signs, int32_t plane) {
  return (int32_t)(signs >> (2 * plane) & 3);
}

// A magnitude of 1 to 255, of which encoders use 1 to 128: how many bits behind the first, and
// they.
INLINE int32_t code_magnitude(Sparse *s, int decodes, int32_t plane, int32_t magnitude) {
  const int32_t length = decodes ? 0 : bit_length((uint32_t)magnitude);
  int32_t n = 1;
  while (n < MOST_BITS && decide(s, decodes, &s->counters.more[plane][n - 1], length > n)) n++;
  int32_t found = 1;
  for (int32_t i = n - 2; i >= 0; i--)
    found = 2 * found
            + decide(s, decodes, &s->counters.bits[plane][n - 1][i], magnitude >> i & 1);
  return found;
}

// A pixel's values that are not all 0. Returns their signs.
INLINE uint32_t code_values(
    Sparse *s, int decodes, int32_t y, int32_t x, const uint8_t *w, const uint8_t *n) {
  const size_t at = (size_t)y * (size_t)s->width + (size_t)x;
  uint32_t signs = 0, pattern = 0;
  for (int32_t k = 0; k < s->planes; k++) {
    const int32_t west = sign_of(*w, k), north = sign_of(*n, k);
    const uint8_t value = decodes ? 0 : s->known[k][at];
    // The last plane has one if no other has.
    int is_some = k + 1 == s->planes && pattern == 0;
    if (!is_some)
      is_some = decide(
          s, decodes, &s->counters.some[k][pattern][west != NOTHING][north != NOTHING], value != 0);
    if (!is_some) {
      if (decodes) prn_decoder_note(&s->coder->decoder, k, y, x);
      continue;
    }
    const int is_negative =
        decide(s, decodes, &s->counters.negative[k][west][north], value >= 128);
    const int32_t magnitude =
        code_magnitude(s, decodes, k, is_negative ? 256 - value : value);
    if (decodes) s->found[k][at] = (uint8_t)(is_negative ? 256 - magnitude : magnitude);
    signs |= (uint32_t)(is_negative ? NEGATIVE : POSITIVE) << (2 * k);
    pattern |= 1u << k;
    if (decodes) prn_decoder_note(&s->coder->decoder, k, y, x);
  }
  return signs;
}

// Returns whether the stream may be right so far.
INLINE int code_rows(Sparse *s, int decodes) {
  const int32_t rows = rows_within(s->bounds, s->height, decodes);
  for (int32_t y = 0; y < rows && !is_stopped(s->bounds); y++) {
    uint8_t *row = s->rows[y % 3] + MARGIN;
    const uint8_t *above = s->rows[(y + 2) % 3] + MARGIN, *second = s->rows[(y + 1) % 3] + MARGIN;
    for (int32_t x = 0; x < s->width; x++) {
      const size_t at = (size_t)y * (size_t)s->width + (size_t)x;
      const uint32_t context = (row[x - 1] != 0) | (above[x] != 0) << 1 | (above[x - 1] != 0) << 2
                               | (above[x + 1] != 0) << 3 | (row[x - 2] || second[x]) << 4;
      int is_any = 0;
      if (!decodes)
        for (int32_t k = 0; k < s->planes; k++) is_any |= s->known[k][at] != 0;
      is_any = decide(s, decodes, &s->counters.any[context], is_any);
      if (decodes) prn_decoder_note(&s->coder->decoder, PRN_COSTS_SHARED, y, x);
      row[x] = is_any ? (uint8_t)code_values(s, decodes, y, x, row + x - 1, above + x) : 0;
    }
    if (decodes && s->coder->decoder.is_corrupt) return 0;
  }
  return 1;
}

static int is_in_range(int32_t width, int32_t height, int32_t planes) {
  return width >= 1 && height >= 1 && planes >= 1 && planes <= PRN_SPARSE_PLANES;
}

static size_t row_size(int32_t width) { return (size_t)width + 2 * MARGIN; }

size_t prn_sparse_memory(int32_t width, int32_t height, int32_t planes) {
  return is_in_range(width, height, planes) ? 3 * row_size(width) : 0;
}

// Few pixels have a value; where neighbours have some, more do.
static void start(Sparse *s) {
  s->f = prn_adaptive_functions();
  for (uint32_t i = 0; i < 32; i++)
    s->counters.any[i] = counter(i == 0 ? ONE / 1024 : ONE / 4, i == 0 ? 8 : 1);
  Counter *const others = &s->counters.some[0][0][0][0];
  const size_t count = (sizeof s->counters - sizeof s->counters.any) / sizeof(Counter);
  for (size_t i = 0; i < count; i++) others[i] = FRESH_COUNTER;
}

// Both sides.
static prn_sparse_result code(Sparse *s, int decodes) {
  const size_t size = row_size(s->width);
  uint8_t *rows = calloc(3, size);
  if (!rows) return PRN_SPARSE_OUT_OF_MEMORY;
  for (int i = 0; i < 3; i++) s->rows[i] = rows + (size_t)i * size;
  start(s);
  const int is_right = decodes ? code_rows(s, 1) : code_rows(s, 0);
  free(rows);
  return is_right ? PRN_SPARSE_DONE : PRN_SPARSE_CORRUPT;
}

prn_sparse_result prn_sparse_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t planes,
    const uint8_t *const *values, const prn_bounds *bounds) {
  if (!is_in_range(width, height, planes)) return PRN_SPARSE_OUT_OF_RANGE;
  Coder coder = {.encoder = *encoder};
  Sparse s = {
      .coder = &coder, .width = width, .height = height, .planes = planes, .known = values,
      .bounds = bounds};
  const prn_sparse_result result = code(&s, 0);
  *encoder = coder.encoder;
  return encoder->failed ? PRN_SPARSE_OUT_OF_MEMORY : result;
}

prn_sparse_result prn_sparse_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t planes,
    uint8_t *const *values, const prn_bounds *bounds) {
  if (!is_in_range(width, height, planes)) return PRN_SPARSE_OUT_OF_RANGE;
  if (decoder->failed) return PRN_SPARSE_OUT_OF_MEMORY;
  for (int32_t k = 0; k < planes; k++)
    memset(values[k], 0, (size_t)width * (size_t)height);
  Coder coder = {.decoder = *decoder};
  Sparse s = {
      .coder = &coder, .width = width, .height = height, .planes = planes, .found = values,
      .bounds = bounds};
  const prn_sparse_result result = code(&s, 1);
  *decoder = coder.decoder;
  return result;
}
