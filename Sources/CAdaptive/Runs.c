#include <string.h>

#include "Bounds.h"
#include "RunsChain.h"
#include "RunsValues.h"

// The loop over the pixels (section 18.1), for both sides of the coder, and runs (18.2).

// What one call codes: either side's planes.
typedef struct {
  Runs *r;
  Coder *coder;
  const uint8_t *const *known;
  uint8_t *const *found;
  const prn_bounds *bounds;
} Call;

INLINE uint32_t *place(const Runs *r, int32_t row, int32_t column) {
  return r->colours + (row + ROWS_ABOVE) * r->stride + MARGIN + column;
}

INLINE void start_row(Run *run, int32_t row) {
  const Runs *r = run->r;
  fill_margins(place(r, row, 0), r->stride, r->shape.columns, MARGIN, row == 0);
  run->match = 0;
  run->match_length = 0;
  run->kind_nw = 0;
  run->flat_end = 0;
  run->rate = mixing_rate(run->pixels, 1400, 300);
}

// Whether all around has one colour, and no match says another.
INLINE int is_flat(const Run *run, const Window *o) {
  return o->w == o->n && o->n == o->nw && o->n == o->ne
         && !(run->match && match_colour(run) != o->n);
}

// Pixels from a flat one on above which all has the same colour. Where that ends is the same for
// all of them, and looked for once.
INLINE int32_t extent_of(Run *run, const uint32_t *above, int32_t column) {
  const int32_t columns = run->r->shape.columns;
  if (column >= run->flat_end) {
    int32_t end = column + 1;
    while (end < columns && above[end + 1 - column] == above[0]) end++;
    run->flat_end = end;
  }
  return run->flat_end - column;
}

// Codes how many pixels of a flat extent have its colour.
INLINE int32_t code_length(Run *run, int32_t extent, int decodes, int32_t length) {
  Runs *r = run->r;
  const int32_t size = bit_length((uint32_t)extent);
  Counter *whole = &r->whole[size][run->were_whole];
  const int is_whole = code_bit(run, whole, RUN_VISITS, decodes, length == extent);
  run->were_whole = (run->were_whole << 1 | is_whole) & 3;
  if (is_whole) return extent;
  int32_t bits = 0;
  const int32_t known = bit_length((uint32_t)length);
  while (bits < size
         && !code_bit(run, &r->length_bits[size][bits], RUN_VISITS, decodes, known == bits))
    bits++;
  int32_t found = bits > 0;
  for (int32_t bit = bits - 2; bit >= 0; bit--)
    found = found << 1
            | code_bit(run, &r->lengths[bits][bit], RUN_VISITS, decodes, length >> bit & 1);
  // No encoder stops there.
  if (decodes && found >= extent) run->coder.decoder.is_corrupt = 1;
  return least(found, extent - 1);
}

// Codes the pixels from `here` on that have the colour of their flat surroundings. Returns how
// many, and whether the next one is known not to.
INLINE int32_t code_run(Run *run, uint32_t *here, int32_t column, int decodes, int *excludes) {
  const Runs *r = run->r;
  const uint32_t *above = here - r->stride;
  const uint32_t colour = above[0];
  const int32_t extent = extent_of(run, above, column);
  int32_t length = 0;
  if (!decodes)
    while (length < extent && here[length] == colour) length++;
  length = code_length(run, extent, decodes, length);
  *excludes = length < extent;
  if (length <= 0) return 0;
  for (int32_t i = 0; i < length; i++) here[i] = colour;
  uint8_t *kinds = r->kinds + column + MARGIN;
  run->kind_nw = kinds[length - 1];
  memset(kinds, 0, (size_t)length);
  run->match = 0;
  run->match_length = 0;
  return length;
}

// Codes a pixel; its colour is there for the encoder, and is then for the decoder. N is not it if
// it is excluded.
INLINE void code_pixel(
    Run *run, const Window *o, int32_t row, int32_t column, int excludes, int decodes) {
  Surroundings s;
  find_surroundings(run, o, column, &s);
  find_match(run, o, &s);
  uint32_t colour = decodes ? 0 : *o->here;
  const int hit = code_chain(run, o, &s, excludes, decodes, &colour);
  if (decodes) prn_decoder_note(&run->coder.decoder, PRN_COSTS_SHARED, row, column);
  if (!hit && run->r->shape.colours) {
    colour = code_number(run, o, decodes, colour);
    if (decodes) prn_decoder_note(&run->coder.decoder, 0, row, column);
  } else if (!hit) {
    colour = code_values(run, o, row, column, decodes, colour);
  }
  run->pixels += run->pixels < UINT32_MAX;
  uint8_t *kind = run->r->kinds + column + MARGIN;
  run->kind_nw = *kind;
  *kind = !hit;
  learn_pixel(run, o, &s, colour);
  *o->here = colour;
}

INLINE void code_row(Run *run, int32_t row, int decodes) {
  const Runs *r = run->r;
  start_row(run, row);
  uint32_t *here = place(r, row, 0);
  for (int32_t column = 0; column < r->shape.columns; column++) {
    Window o;
    look(&o, here + column, r->stride);
    int excludes = 0;
    if (is_flat(run, &o)) {
      const int32_t length = code_run(run, here + column, column, decodes, &excludes);
      if (decodes) prn_decoder_note(&run->coder.decoder, PRN_COSTS_SHARED, row, column);
      column += length;
      if (!excludes) {
        column--;
        continue;
      }
      if (length > 0) look(&o, here + column, r->stride);
    }
    code_pixel(run, &o, row, column, excludes, decodes);
  }
}

// Both sides of the coder, so that they cannot differ. Returns whether the stream is right so far.
INLINE int code(const Call *call, int decodes) {
  Runs *r = call->r;
  Run run = {.r = r, .coder = *call->coder};
  const int32_t columns = r->shape.columns, channels = r->shape.channels;
  const int32_t rows = rows_within(call->bounds, r->shape.rows, decodes);
  int is_right = 1;
  for (int32_t row = 0; row < rows && is_right && !is_stopped(call->bounds); row++) {
    uint32_t *here = place(r, row, 0);
    const size_t at = (size_t)row * (size_t)columns;
    if (!decodes)
      for (int32_t x = 0; x < columns; x++)
        here[x] = colour_of(call->known, channels, at + (size_t)x);
    code_row(&run, row, decodes);
    if (!decodes) continue;
    for (int32_t c = 0; c < channels; c++)
      for (int32_t x = 0; x < columns; x++)
        call->found[c][at + (size_t)x] = (uint8_t)value_of(here[x], c);
    is_right = !run.coder.decoder.is_corrupt;
  }
  *call->coder = run.coder;
  return is_right;
}

prn_runs_result prn_runs_encode(
    prn_range_encoder *encoder, const prn_runs_shape *shape, const uint8_t *const planes[],
    const prn_bounds *bounds) {
  if (!prn_runs_is_legal(shape)) return PRN_RUNS_OUT_OF_RANGE;
  Runs *r = prn_runs_create(shape);
  if (!r) return PRN_RUNS_OUT_OF_MEMORY;
  Coder coder = {.encoder = *encoder};
  const Call call = {.r = r, .coder = &coder, .known = planes, .bounds = bounds};
  code(&call, 0);
  prn_runs_destroy(r);
  *encoder = coder.encoder;
  return encoder->failed ? PRN_RUNS_OUT_OF_MEMORY : PRN_RUNS_DONE;
}

prn_runs_result prn_runs_decode(
    prn_range_decoder *decoder, const prn_runs_shape *shape, uint8_t *const planes[],
    const prn_bounds *bounds) {
  if (!prn_runs_is_legal(shape)) return PRN_RUNS_OUT_OF_RANGE;
  Runs *r = prn_runs_create(shape);
  if (!r) return PRN_RUNS_OUT_OF_MEMORY;
  Coder coder = {.decoder = *decoder};
  const Call call = {.r = r, .coder = &coder, .found = planes, .bounds = bounds};
  const int is_right = code(&call, 1);
  prn_runs_destroy(r);
  *decoder = coder.decoder;
  return is_right ? PRN_RUNS_DONE : PRN_RUNS_CORRUPT;
}
