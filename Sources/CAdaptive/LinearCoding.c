#include "Bounds.h"
#include "LinearCreate.h"
#include "LinearFits.h"
#include "LinearHistograms.h"
#include "LinearRows.h"

// What one call codes. Either side's coder is in it, and its samples.
typedef struct {
  Linear *linear;
  Coder *coder;
  const uint8_t *const *known;
  uint8_t *const *found;
  const prn_bounds *bounds;
} Run;

// A row, by column.
typedef struct {
  uint8_t *samples;
  int16_t *misses;
  // Of the first plane, and of the one before this; those of this one where there is none.
  const uint8_t *first;
  const int16_t *before;
  // What is known of it or found.
  const uint8_t *known;
  uint8_t *found;
} Row;

// Predictions of a sample, in 64ths.
typedef struct {
  int32_t fit, median, blend;
} Predictions;

INLINE int32_t median_of(int32_t w, int32_t n, int32_t nw) {
  const int32_t low = w < n ? w : n, high = w < n ? n : w;
  return clamp(w + n - nw, low, high);
}

INLINE Predictions predict(const Linear *l, const Row *row, const Fit *fit, int32_t x) {
  const uint8_t *s = row->samples + x, *first = row->first + x;
  const ptrdiff_t up = -l->stride;
  Predictions p;
  p.fit = clamp(
      (l->partial[x] + fit->west * s[-1] + fit->far_west * s[-2]) >> (FRACTION - 5), 0, 255 * 64);
  if (l->plane == 0)
    p.median = 64 * median_of(s[-1], s[up], s[up - 1]);
  else
    p.median = 64 * clamp(
        first[0] + median_of(s[-1] - first[-1], s[up] - first[up], s[up - 1] - first[up - 1]), 0,
        255);
  const int16_t *fit_errors = l->fit_errors[0] + x, *median_errors = l->median_errors[0] + x;
  const int32_t of_fit = (l->fit_above[x] + 2 * fit_errors[-1] + fit_errors[-2]) >> 1;
  const int32_t of_median = (l->median_above[x] + 2 * median_errors[-1] + median_errors[-2]) >> 1;
  const int32_t difference = l->logarithm[least(of_median, ERRORS - 1)]
                             - l->logarithm[least(of_fit, ERRORS - 1)];
  p.blend = p.median + (((p.fit - p.median) * l->share[256 + difference] + 128) >> 8);
  return p;
}

// The class of a distance that is known, or the one that the stream has.
INLINE int32_t code_class(
    const Linear *l, Coder *coder, const Choice *choice, int32_t known, int decodes) {
  Below mean;
  average(l, choice, &mean);
  int16_t bounds[CLASSES];
  memcpy(bounds, &mean, sizeof bounds);
  int32_t found = known;
  if (decodes) {
    const uint64_t unit = coder->decoder.range >> TOTAL_BITS;
    uint64_t target = coder->decoder.offset / unit;
    if (target >> TOTAL_BITS) {
      coder->decoder.is_corrupt = 1;
      target = (1 << TOTAL_BITS) - 1;
    }
    found = -1;
    for (int32_t k = 0; k < CLASSES; k++) found += bounds[k] <= (int16_t)target;
  }
  const uint64_t from = (uint64_t)bounds[found];
  const uint64_t to = found < CLASSES - 1 ? (uint64_t)bounds[found + 1] : 1 << TOTAL_BITS;
  if (decodes)
    prn_decoder_narrow(
        &coder->decoder, coder->decoder.range >> TOTAL_BITS, from, to - from);
  else
    prn_encoder_narrow(
        &coder->encoder, coder->encoder.range >> TOTAL_BITS, from, to - from);
  return found;
}

// The magnitude within a class: each is as probable. The last class has none, and no encoder codes
// it; what is found there is beyond any value.
INLINE int32_t code_magnitude(Coder *coder, int32_t found, int32_t known, int decodes) {
  const int32_t k = (found - 1) / 2, lowest = LOWEST[k];
  const uint32_t count = (uint32_t)(LOWEST[k + 1] - lowest);
  if (count <= 1) return lowest;
  if (!decodes) {
    prn_encode_event(&coder->encoder, (uint32_t)(known - lowest), 1, count);
    return known;
  }
  const uint32_t above = prn_decode_target(&coder->decoder, count);
  prn_consume(&coder->decoder, above, 1);
  return lowest + (int32_t)above;
}

INLINE void code_sample(
    Linear *l, Coder *coder, const Row *row, const Fit *fit, int32_t x, int decodes) {
  const Predictions p = predict(l, row, fit, x);
  int16_t *misses = row->misses + x;
  const int32_t energy = l->energy_above[x] + near_part(l) * magnitude(misses[-1])
                         + far_part(l) * magnitude(misses[-2]);
  const int32_t centre = (p.blend + 32) >> 6, part = p.blend - 64 * centre;
  // The prediction is at the centre or above: else all is turned around.
  const int32_t turn = part < 0 ? -1 : 1;
  const int32_t other = l->plane > 0 ? row->before[x] : misses[1 - l->stride];
  const int32_t signs = (sign_of(turn * misses[-1]) * 3 + sign_of(turn * misses[-l->stride])) * 3
                        + sign_of(turn * other);
  const Choice choice = choose(
      l, energy, least(magnitude(part) >> 2, PARTS - 1), signs,
      split_of(turn * (p.median - p.fit)));
  const int32_t known = decodes ? 0 : turn * (row->known[x] - centre);
  const int32_t class =
      code_class(l, coder, &choice, decodes ? 0 : class_of(known), decodes);
  int32_t value = centre;
  if (class > 0) {
    const int32_t far = code_magnitude(coder, class, magnitude(known), decodes);
    value += (class % 2 == 0 ? -far : far) * turn;
  }
  if (decodes) {
    if (value < 0 || value > 255) coder->decoder.is_corrupt = 1;
    value = clamp(value, 0, 255);
    row->found[x] = (uint8_t)value;
  }
  learn(l, &choice, class);
  row->samples[x] = (uint8_t)value;
  misses[0] = (int16_t)((64 * value - p.blend) >> 2);
  l->fit_errors[0][x] = (int16_t)(magnitude(64 * value - p.fit) >> 2);
  l->median_errors[0][x] = (int16_t)(magnitude(64 * value - p.median) >> 2);
}

// Both sides of the coder, so that they cannot differ. Returns whether the stream is right so far.
INLINE int code(const Run *run, int decodes) {
  Linear *l = run->linear;
  Coder coder = *run->coder;
  int is_right = 1;
  for (int32_t plane = 0; plane < l->planes && is_right; plane++) {
    start_plane(l, plane);
    // The planes behind one are predicted from it, and follow all of it.
    const int is_last = plane + 1 == l->planes;
    const int32_t rows = is_last ? rows_within(run->bounds, l->height, decodes) : l->height;
    for (int32_t y = 0; y < rows && is_right && !is_stopped(run->bounds); y++) {
      begin_row(l, y);
      prepare_row(l, y);
      const ptrdiff_t at = y * l->stride;
      const size_t given = (size_t)y * (size_t)l->width;
      const Row row = {
          l->samples[plane] + at, l->misses[plane] + at, l->samples[0] + at,
          l->misses[plane > 0 ? plane - 1 : 0] + at, decodes ? NULL : run->known[plane] + given,
          decodes ? run->found[plane] + given : NULL};
      for (int32_t s = 0; s < l->segments; s++) {
        const Fit fit = l->fits[s];
        const int32_t end = least((s + 1) * SEGMENT, l->width);
        for (int32_t x = s * SEGMENT; x < end; x++) {
          code_sample(l, &coder, &row, &fit, x, decodes);
          if (decodes) prn_decoder_note(&coder.decoder, plane, y, x);
        }
      }
      end_row(l, y);
      learn_row(l, y);
      if (decodes) is_right = !coder.decoder.is_corrupt;
    }
  }
  *run->coder = coder;
  return is_right;
}

INLINE int encode(const Run *run) { return code(run, 0); }
INLINE int decode(const Run *run) { return code(run, 1); }

PRN_DEFINE_VERSIONS(int, encode, (const Run *run), (run))
PRN_DEFINE_VERSIONS(int, decode, (const Run *run), (run))

prn_linear_result prn_linear_encode(
    prn_range_encoder *encoder, int32_t width, int32_t height, int32_t planes,
    const uint8_t *const *samples, int version, const prn_bounds *bounds) {
  if (!prn_linear_is_legal(width, height, planes) || !prn_supports(version))
    return PRN_LINEAR_OUT_OF_RANGE;
  Linear *l = prn_linear_create(width, height, planes);
  if (!l) return PRN_LINEAR_OUT_OF_MEMORY;
  Coder coder = {.encoder = *encoder};
  const Run run = {.linear = l, .coder = &coder, .known = samples, .bounds = bounds};
  encode_versions[version](&run);
  prn_linear_destroy(l);
  *encoder = coder.encoder;
  return encoder->failed ? PRN_LINEAR_OUT_OF_MEMORY : PRN_LINEAR_DONE;
}

prn_linear_result prn_linear_decode(
    prn_range_decoder *decoder, int32_t width, int32_t height, int32_t planes,
    uint8_t *const *samples, int version, const prn_bounds *bounds) {
  if (!prn_linear_is_legal(width, height, planes) || !prn_supports(version))
    return PRN_LINEAR_OUT_OF_RANGE;
  Linear *l = prn_linear_create(width, height, planes);
  if (!l) return PRN_LINEAR_OUT_OF_MEMORY;
  Coder coder = {.decoder = *decoder};
  const Run run = {.linear = l, .coder = &coder, .found = samples, .bounds = bounds};
  const int is_right = decode_versions[version](&run);
  prn_linear_destroy(l);
  *decoder = coder.decoder;
  return is_right ? PRN_LINEAR_DONE : PRN_LINEAR_CORRUPT;
}
