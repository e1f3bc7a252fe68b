#include <stdlib.h>

#include "Bounds.h"
#include "BilevelDecision.h"
#include "BilevelFlat.h"
#include "Coder.h"

// Images of so many pixels are coded with several backgrounds.
#define MOST_TRIED 65536

// What one call codes. `known` is what is decoded so far, of the decoder.
typedef struct {
  Bilevel *b;
  Coder *coder;
  Known known;
  uint8_t *found;
  const prn_bounds *bounds;
} Run;

// What does not outlive a pixel or a row.
typedef struct {
  Masks masks;
  Rows rows;
  Match match;
  Misses misses;
  Site site;
  Decision decision;
  FlatDecision flat;
} Work;

// Codes a pixel bit by bit, the highest first. It is not `excluded`, if that is a pixel.
INLINE uint32_t code_pixel(
    Bilevel *b, Work *w, const Known *known, Coder *coder, int depth, int decodes,
    uint32_t value, int32_t excluded) {
  find_span_keys(&w->masks, &w->rows, w->site.keys);
  find_match(b, &w->match, known, &w->rows, w->site.keys[MATCH_SPAN]);
  find_site(b, &w->masks, &w->rows, &w->match, known, depth, &w->site);
  int32_t prefix = 1;
  for (int32_t shift = depth - 1; shift >= 0; shift--) {
    int bit = (int)(value >> shift & 1);
    if (shift == 0 && excluded >= 0 && prefix == (excluded | 1 << depth) >> 1) {
      bit = !(excluded & 1);
    } else {
      const uint32_t p =
          predict_bit(b, &w->site, &w->match, depth, prefix, shift, &w->decision);
      bit = code_decision(b->functions, coder, decodes, p, bit);
      learn_bit(b, &w->decision, bit);
    }
    prefix = 2 * prefix + bit;
  }
  if (b->values < UINT32_MAX) b->values++;
  return (uint32_t)prefix - (1u << depth);
}

// The pixel of the current place, relative to the background.
INLINE uint32_t code_place(
    Bilevel *b, Work *w, const Known *known, Coder *coder, int depth, int decodes,
    uint32_t value) {
  const Rows *r = &w->rows;
  const Match *m = &w->match;
  int32_t excluded = -1;
  if (is_flat(&w->misses, r, depth) && (!m->is_there || (*m->at ^ b->background) == r->n)) {
    predict_flat(b, &w->misses, r, m, depth, &w->flat);
    const int is_same =
        code_decision(b->functions, coder, decodes, w->flat.p, value == r->n);
    learn_flat(b, &w->misses, r, &w->flat, is_same);
    if (is_same) return r->n;
    excluded = (int32_t)r->n;
    if (depth == 1) return !excluded;
  }
  return code_pixel(b, w, known, coder, depth, decodes, value, excluded);
}

// Both sides of the coder, so that they cannot differ. Gives whether the stream may be right.
INLINE int code(const Run *run, int depth, int decodes) {
  Bilevel *b = run->b;
  Coder coder = *run->coder;
  Work w = {0};
  uint32_t background = b->background;
  b->background = 0;
  for (int32_t shift = depth - 1; shift >= 0; shift--) {
    const int bit = (int)(background >> shift & 1);
    b->background =
        2 * b->background
        + (uint32_t)code_decision(b->functions, &coder, decodes, ONE / 2, bit);
  }
  const int kind = depth == 1 ? 0 : depth == 2 ? 1 : 2;
  for (int k = 0; k < SPANNED; k++) find_masks(w.masks.masks[k], &SPANS[kind][k], depth);
  find_masks(w.misses.masks, &FLAT_SPANS[depth == 4], depth);
  const int32_t rows = rows_within(run->bounds, b->height, decodes);
  for (int32_t y = 0; y < rows && !(decodes && coder.decoder.is_corrupt); y++) {
    if (is_stopped(run->bounds)) break;
    const uint8_t *given = run->known.pixels + y * run->known.stride;
    start_row(&w.rows, b, depth, y);
    start_flat_row(&w.misses);
    w.match.is_there = 0;
    for (int32_t x = 0; x < b->width; x++) {
      next_pixel(&w.rows, depth, x);
      const uint32_t known = decodes ? 0 : given[x] ^ b->background;
      const uint32_t value =
          code_place(b, &w, &run->known, &coder, depth, decodes, known);
      const int is_right = w.match.is_there && (*w.match.at ^ b->background) == value;
      if (decodes) {
        run->found[y * run->known.stride + x] = (uint8_t)(value ^ b->background);
        prn_decoder_note(&coder.decoder, 0, y, x);
      }
      b->ages[x] = value == w.rows.n ? (uint8_t)least(b->ages[x] + 1, 15) : 0;
      advance_match(&w.match, is_right, b->width);
      put_pixel(&w.rows, depth, value);
    }
  }
  *run->coder = coder;
  return !(decodes && coder.decoder.is_corrupt);
}

// What is constant of a depth is constant in its function.
INLINE int encode(const Run *run) {
  switch (run->b->depth) {
    case 1: return code(run, 1, 0);
    case 2: return code(run, 2, 0);
    default: return code(run, 4, 0);
  }
}

INLINE int decode(const Run *run) {
  switch (run->b->depth) {
    case 1: return code(run, 1, 1);
    case 2: return code(run, 2, 1);
    default: return code(run, 4, 1);
  }
}

PRN_DEFINE_VERSIONS(int, encode, (const Run *run), (run))
PRN_DEFINE_VERSIONS(int, decode, (const Run *run), (run))

// The commonest pixel, the least of such; -1 if a pixel is out of range.
static int32_t background_of(
    const uint8_t *pixels, ptrdiff_t stride, int32_t width, int32_t height, int32_t depth) {
  uint32_t counts[256] = {0};
  int32_t result = 0;
  for (int32_t y = 0; y < height; y++)
    for (int32_t x = 0; x < width; x++) counts[pixels[y * stride + x]]++;
  for (int32_t i = 1; i < 1 << depth; i++)
    if (counts[i] > counts[result]) result = i;
  for (int32_t i = 1 << depth; i < 256; i++)
    if (counts[i]) return -1;
  return result;
}

// Codes with a background; its bits go to *cost.
static prn_bilevel_result encode_relative(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t depth,
    const uint8_t *pixels, ptrdiff_t stride, int version, const prn_bounds *bounds,
    int32_t background, uint64_t *cost) {
  Bilevel *b = prn_bilevel_create(width, height, depth);
  if (!b) return PRN_BILEVEL_OUT_OF_MEMORY;
  b->background = (uint32_t)background;
  Coder coder = {.encoder = *encoder};
  const Run run = {.b = b, .coder = &coder, .known = {pixels, stride}, .bounds = bounds};
  encode_versions[version](&run);
  *encoder = coder.encoder;
  *cost = coder.cost;
  prn_bilevel_destroy(b);
  return encoder->failed ? PRN_BILEVEL_OUT_OF_MEMORY : PRN_BILEVEL_DONE;
}

// Of a small image, the background that gives the shortest stream of the commonest pixel, 0 and all
// ones: gray values keep their order with the latter two.
static prn_bilevel_result find_background(
    int32_t width, int32_t height, int32_t depth, const uint8_t *pixels, ptrdiff_t stride,
    int version, const prn_bounds *bounds, int32_t *background) {
  const int32_t candidates[3] = {*background, 0, (1 << depth) - 1};
  uint64_t least_cost = UINT64_MAX;
  prn_bilevel_result result = PRN_BILEVEL_DONE;
  for (int i = 0; i < 3 && result == PRN_BILEVEL_DONE; i++) {
    if (i > 0 && candidates[i] == candidates[0]) continue;
    prn_range_encoder encoder;
    uint64_t cost = 0;
    prn_encoder_start(&encoder);
    result = encode_relative(
        &encoder, width, height, depth, pixels, stride, version, bounds, candidates[i], &cost);
    prn_encoder_free(&encoder);
    if (result != PRN_BILEVEL_DONE || cost >= least_cost) continue;
    least_cost = cost;
    *background = candidates[i];
  }
  return result;
}

prn_bilevel_result prn_bilevel_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t depth,
    const uint8_t *pixels, ptrdiff_t stride, int version, const prn_bounds *bounds) {
  if (prn_bilevel_memory(width, height, depth) == 0 || stride < width)
    return PRN_BILEVEL_OUT_OF_RANGE;
  int32_t background = background_of(pixels, stride, width, height, depth);
  if (background < 0) return PRN_BILEVEL_OUT_OF_RANGE;
  if (!prn_supports(version)) version = 0;
  if ((int64_t)width * height <= MOST_TRIED) {
    const prn_bilevel_result result =
        find_background(width, height, depth, pixels, stride, version, bounds, &background);
    if (result != PRN_BILEVEL_DONE) return result;
  }
  uint64_t cost;
  return encode_relative(
      encoder, width, height, depth, pixels, stride, version, bounds, background, &cost);
}

prn_bilevel_result prn_bilevel_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t depth, uint8_t *pixels,
    ptrdiff_t stride, int version, const prn_bounds *bounds) {
  if (prn_bilevel_memory(width, height, depth) == 0 || stride < width)
    return PRN_BILEVEL_OUT_OF_RANGE;
  if (decoder->failed) return PRN_BILEVEL_OUT_OF_MEMORY;
  Bilevel *b = prn_bilevel_create(width, height, depth);
  if (!b) return PRN_BILEVEL_OUT_OF_MEMORY;
  Coder coder = {.decoder = *decoder};
  const Run run = {
      .b = b, .coder = &coder, .known = {pixels, stride}, .found = pixels, .bounds = bounds};
  const int is_right = decode_versions[prn_supports(version) ? version : 0](&run);
  *decoder = coder.decoder;
  prn_bilevel_destroy(b);
  return is_right ? PRN_BILEVEL_DONE : PRN_BILEVEL_CORRUPT;
}
