#include "Bounds.h"
#include "LinearCreate.h"
#include "LinearFits.h"
#include "LinearHistograms.h"
#include "LinearPredict.h"
#include "LinearRows.h"

// What one call codes. Either side's coder is in it, and its samples.
typedef struct {
  Linear *linear;
  Coder *coder;
  const uint8_t *const *known;
  uint8_t *const *found;
  const prn_bounds *bounds;
} Run;

// The class of a distance that is known.
INLINE void encode_class(const Linear *l, Coder *coder, const Choice *choice, int32_t class) {
  const int32_t from = frequency_below(l, choice, class);
  const int32_t to = frequency_below(l, choice, class + 1);
  prn_encoder_narrow(
      &coder->encoder, coder->encoder.range >> TOTAL_BITS, (uint64_t)from, (uint64_t)(to - from));
}

// The one that the stream has.
INLINE int32_t decode_class(const Linear *l, Coder *coder, const Choice *choice) {
  Below mean;
  average(l, choice, &mean);
  int16_t bounds[CLASSES];
  memcpy(bounds, &mean, sizeof bounds);
  const uint64_t unit = coder->decoder.range >> TOTAL_BITS;
  uint64_t target = coder->decoder.offset / unit;
  if (target >> TOTAL_BITS) {
    coder->decoder.is_corrupt = 1;
    target = (1 << TOTAL_BITS) - 1;
  }
  int32_t found = -1;
  for (int32_t k = 0; k < CLASSES; k++) found += bounds[k] <= (int16_t)target;
  const uint64_t from = (uint64_t)bounds[found];
  const uint64_t to = found < CLASSES - 1 ? (uint64_t)bounds[found + 1] : 1 << TOTAL_BITS;
  prn_decoder_narrow(&coder->decoder, unit, from, to - from);
  return found;
}

// Encodes a value, of a segment all of which has been said.
INLINE void encode_sample(
    Linear *l, Coder *coder, const SaidOfSegment *said, int32_t i, int32_t value) {
  const Places places = {said->by_part[i], said->by_sides[i], said->by_split[i]};
  const Choice choice = choose(l, places);
  const int32_t blend = said->blend[i], distance = turn_of(blend) * (value - centre_of(blend));
  const int32_t class = l->class_of[LARGEST_DISTANCE + distance];
  encode_class(l, coder, &choice, class);
  // The distances of a class are as probable.
  if (class >= FIRST_WIDE) {
    const uint32_t above = (uint32_t)(magnitude(distance) - magnitude(l->nearest[class]));
    prn_encode_event(&coder->encoder, above, 1, distances_of(class));
  }
  learn(l, &choice, class);
}

INLINE int32_t decode_sample(
    Linear *l, Coder *coder, const Row *row, const Fit *fit, int32_t x) {
  const Said said = say(l, row, fit, x);
  const Choice choice = choose(l, said.places);
  const int32_t class = decode_class(l, coder, &choice);
  int32_t distance = l->nearest[class];
  // The last class has no distances, and no encoder codes it; what is found there is beyond any.
  if (class >= FIRST_WIDE && class < CLASSES - 1) {
    const int32_t above = (int32_t)prn_decode_target(&coder->decoder, distances_of(class));
    prn_consume(&coder->decoder, (uint32_t)above, 1);
    distance += distance < 0 ? -above : above;
  }
  int32_t value = centre_of(said.blend) + turn_of(said.blend) * distance;
  if (value < 0 || value > 255) coder->decoder.is_corrupt = 1;
  value = clamp(value, 0, 255);
  learn(l, &choice, class);
  note(l, row, x, value, &said);
  return value;
}

INLINE void encode_segment(Linear *l, Coder *coder, const Row *row, int32_t segment) {
  const int32_t first = segment * SEGMENT, columns = least(SEGMENT, l->width - first);
  SaidOfSegment said;
  if (is_narrow(l, segment))
    say_and_note(l, row, segment, NARROW, &said);
  else
    say_and_note(l, row, segment, SEGMENT, &said);
  for (int32_t i = 0; i < columns; i++)
    encode_sample(l, coder, &said, i, row->samples[first + i]);
}

INLINE void decode_segment(
    Linear *l, Coder *coder, const Row *row, int32_t y, int32_t segment, uint8_t *found) {
  const Fit fit = l->fits[segment];
  const int32_t first = segment * SEGMENT, columns = least(SEGMENT, l->width - first);
  for (int32_t x = first; x < first + columns; x++) {
    found[x] = (uint8_t)decode_sample(l, coder, row, &fit, x);
    prn_decoder_note(&coder->decoder, l->plane, y, x);
  }
}

// Both sides of the coder go through planes, rows and segments in the same way. Returns whether the
// stream is right so far.
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
      const size_t given = (size_t)y * (size_t)l->width;
      const Row row = row_at(l, y);
      if (!decodes) memcpy(row.samples, run->known[plane] + given, (size_t)l->width);
      for (int32_t s = 0; s < l->segments; s++)
        if (decodes)
          decode_segment(l, &coder, &row, y, s, run->found[plane] + given);
        else
          encode_segment(l, &coder, &row, s);
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
