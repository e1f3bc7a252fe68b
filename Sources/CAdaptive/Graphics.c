#include "Graphics.h"

#include "Bounds.h"
#include "GraphicsChain.h"
#include "GraphicsChannels.h"
#include "GraphicsIndex.h"
#include "GraphicsSettled.h"

// The loop over the pixels (section 11.2), for both sides of the coder.

typedef struct {
  const uint8_t *const *known_values;
  uint8_t *const *found_values;
  const uint8_t *known;
  uint64_t *costs;
  const prn_bounds *bounds;
} Planes;

INLINE uint32_t *place(const prn_graphics *g, int32_t row, int32_t column) {
  return g->colours + (row + ROWS_ABOVE) * g->stride + MARGIN + column;
}

INLINE void start_row(Run *run, int32_t row) {
  const prn_graphics *g = run->g;
  fill_margins(place(g, row, 0), g->stride, g->shape.columns, MARGIN, row == 0);
  run->match = 0;
  run->match_length = 0;
  run->settled.is_last = 0;
  run->kind_nw = 0;
  run->last_break = -1;
  run->breaks_above2 = run->breaks_above;
  run->breaks_above = run->breaks;
  run->breaks = 0;
}

INLINE uint32_t code_literal(
    Run *run, const Window *o, int32_t row, int32_t column, int decodes, uint32_t colour) {
  if (!run->g->shape.colours) return code_channels(run, o, row, column, decodes, colour);
  const uint32_t found = (uint32_t)code_index(run, o, decodes, (int32_t)colour);
  if (decodes) prn_decoder_note(&run->coder.decoder, 0, row, column);
  return found;
}

// What follows from a pixel that has the colour of all around.
INLINE void pass_flat(Run *run, int32_t row, int32_t column, int decodes, uint32_t colour) {
  uint8_t *kind = run->g->kinds + column + MARGIN;
  if (decodes) prn_decoder_note(&run->coder.decoder, PRN_COSTS_SHARED, row, column);
  run->kind_nw = *kind;
  *kind = 0;
  follow_match(run, colour);
}

// Codes a pixel; returns its colour, which `colour` is for the encoder.
INLINE uint32_t code_pixel(
    Run *run, int32_t row, int32_t column, int decodes, uint32_t colour) {
  prn_graphics *g = run->g;
  uint8_t *kind = g->kinds + column + MARGIN;
  uint32_t *here = place(g, row, column);
  if (has_settled_decision(run, here, row, column)
      && code_settled(run, decodes, colour == here[-1])) {
    pass_flat(run, row, column, decodes, here[-1]);
    return here[-1];
  }
  Window o;
  look(&o, here, g->stride);
  int excludes = 0;
  if (is_flat(&o) && !(run->match && match_colour(run) != o.n)) {
    if (code_flat(run, &o, row, column, decodes, colour == o.n)) {
      pass_flat(run, row, column, decodes, o.n);
      return o.n;
    }
    excludes = 1;
  }
  run->settled.is_last = 0;
  Histories h;
  find_histories(g, &o, &h);
  find_match(run, &o, &h);
  const int found = code_chain(run, &o, &h, column, excludes, decodes, &colour);
  if (decodes) prn_decoder_note(&run->coder.decoder, PRN_COSTS_SHARED, row, column);
  if (!found) colour = code_literal(run, &o, row, column, decodes, colour);
  learn_histories(g, &h, colour);
  run->kind_nw = *kind;
  *kind = !found;
  g->matches[h.widest] = (uint32_t)(o.here - g->colours);
  follow_match(run, colour);
  return colour;
}

// A pixel that the decoder knows: nothing is coded, and only the match looks at it.
INLINE void pass_pixel(Run *run, int32_t column, uint32_t colour) {
  uint8_t *kind = run->g->kinds + column + MARGIN;
  run->settled.is_last = 0;
  run->kind_nw = *kind;
  *kind = 1;
  follow_match(run, colour);
}

INLINE int code(prn_graphics *g, Coder *given, const Planes *planes, int decodes) {
  Run run = {.g = g, .coder = *given};
  const int32_t columns = g->shape.columns;
  const size_t blocks = (size_t)(columns + PRN_GRAPHICS_BLOCK - 1) / PRN_GRAPHICS_BLOCK;
  int status = PRN_GRAPHICS_DONE;
  const int32_t rows = rows_within(planes->bounds, g->shape.rows, decodes);
  for (int32_t row = 0; row < rows && !is_stopped(planes->bounds); row++) {
    start_row(&run, row);
    for (int32_t column = 0; column < columns; column++) {
      const size_t at = (size_t)row * (size_t)columns + (size_t)column;
      const int is_given = planes->known && planes->known[at];
      uint32_t colour = 0;
      if (!decodes) colour = colour_of(planes->known_values, g->shape.channels, at);
      if (decodes && is_given)
        colour = colour_of(
            (const uint8_t *const *)planes->found_values, g->shape.channels, at);
      if (is_given) {
        *place(g, row, column) = colour;
        pass_pixel(&run, column, colour);
        continue;
      }
      const uint64_t cost = run.coder.cost;
      colour = code_pixel(&run, row, column, decodes, colour);
      *place(g, row, column) = colour;
      if (decodes)
        for (int32_t c = 0; c < g->shape.channels; c++)
          planes->found_values[c][at] = (uint8_t)value_of(colour, c);
      else if (planes->costs)
        planes->costs[(size_t)row / PRN_GRAPHICS_BLOCK * blocks
                      + (size_t)column / PRN_GRAPHICS_BLOCK] += run.coder.cost - cost;
    }
    if (decodes && run.coder.decoder.is_corrupt) {
      status = PRN_GRAPHICS_CORRUPT;
      break;
    }
  }
  *given = run.coder;
  return status;
}

INLINE int encode(prn_graphics *g, Coder *coder, const Planes *planes) {
  return code(g, coder, planes, 0);
}

INLINE int decode(prn_graphics *g, Coder *coder, const Planes *planes) {
  return code(g, coder, planes, 1);
}

PRN_DEFINE_VERSIONS(
    int, encode, (prn_graphics *g, Coder *coder, const Planes *planes), (g, coder, planes))
PRN_DEFINE_VERSIONS(
    int, decode, (prn_graphics *g, Coder *coder, const Planes *planes), (g, coder, planes))

void prn_graphics_encode(
    prn_graphics *g, prn_range_encoder *encoder, const uint8_t *const planes[],
    const uint8_t *known, uint64_t *costs, const prn_bounds *bounds) {
  const Planes all = {
      .known_values = planes, .known = known, .costs = costs, .bounds = bounds};
  Coder coder = {.encoder = *encoder};
  encode_versions[g->version](g, &coder, &all);
  *encoder = coder.encoder;
}

int prn_graphics_decode(
    prn_graphics *g, prn_range_decoder *decoder, uint8_t *const planes[], const uint8_t *known,
    const prn_bounds *bounds) {
  const Planes all = {.found_values = planes, .known = known, .bounds = bounds};
  Coder coder = {.decoder = *decoder};
  const int status = decode_versions[g->version](g, &coder, &all);
  *decoder = coder.decoder;
  return status;
}
