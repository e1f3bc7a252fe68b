#include "Decision.h"
#include "Site.h"
#include "State.h"
#include "Walk.h"

// Learning rate of the weights at the first value, in 65536ths.
#define FIRST_RATE 454

// What one call codes. Either side's coder is there, and its values.
typedef struct {
  Place place;
  int32_t first, end;
  const prn_distribution *distributions;
  ptrdiff_t step;
  prn_range_encoder *encoder;
  const uint8_t *known;
  prn_range_decoder *decoder;
  uint8_t *found;
} Run;

INLINE int32_t next_rate(prn_mixing *m) {
  const int32_t rate = (int32_t)((int64_t)FIRST_RATE * 3000 / (3000 + (int64_t)m->values));
  if (m->values < UINT32_MAX) m->values++;
  return rate < m->least_rate ? m->least_rate : rate;
}

// The first row from `row` on whose pixel is coded, as those of the small image are not; `end` if
// there is none before.
INLINE int32_t coded_row(const Run *run, int32_t row) {
  const int32_t mask = run->place.m->scale - 1;
  if (mask == 0) return row;
  while (row < run->end && ((row | (run->place.t - PRN_SHEAR * row)) & mask) == 0) row++;
  return row;
}

INLINE void find_following(
    const Run *run, const Level *level, int32_t row, Block *block, Site *site) {
  if (row >= block->end) find_block(&run->place, level, row, run->end, block);
  find_site(&run->place, level, block, row, site);
}

// Both sides of the coder, so that they cannot differ. The coders are copied: what is not pointed
// at can be kept in registers.
INLINE void code(const Run *given, const Level *level, int decodes) {
  const Run run = *given;
  const Place *place = &run.place;
  prn_range_encoder encoder;
  prn_range_decoder decoder;
  if (decodes)
    decoder = *run.decoder;
  else
    encoder = *run.encoder;
  Block block;
  Site sites[2];
  Decision d;
  int current = 0;
  int32_t row = coded_row(&run, run.first);
  block.end = row;
  if (row < run.end) find_following(&run, level, row, &block, &sites[0]);
  while (row < run.end) {
    Walk w;
    start_walk(&w, &sites[current], run.distributions ? run.distributions + row : NULL);
    const int32_t rate = next_rate(place->m);
    const int32_t following = coded_row(&run, row + 1);
    current = !current;
    // One value ahead: its contexts are on their way while this one is coded.
    if (following < run.end) find_following(&run, level, following, &block, &sites[current]);
    const int32_t distance = decodes ? 0 : run.known[row * run.step] - w.centre;
    int is_asked;
    do {
      const uint32_t p = probability(place, level, &w, &d);
      int decision;
      if (decodes) {
        decision = prn_decode_bit(&decoder, p);
      } else {
        decision = decision_for(&w, distance);
      }
      learn(level, &w, &d, rate, decision);
      if (!decodes) prn_encode_bit(&encoder, decision, p);
      narrow_experts(&w, level, decision);
      is_asked = advance_walk(&w, decision);
    } while (is_asked);
    if (decodes) {
      run.found[row * run.step] = (uint8_t)value_found(&w);
      prn_decoder_note(&decoder, place->colour, row, place->t - PRN_SHEAR * row);
    }
    row = following;
  }
  if (decodes)
    *run.decoder = decoder;
  else
    *run.encoder = encoder;
}

// What is constant of a level is constant in its function.
INLINE void encode(const Run *run) {
  switch (run->place.m->level) {
    case 1: code(run, &LEVELS[0], 0); return;
    case 2: code(run, &LEVELS[1], 0); return;
    default: code(run, &LEVELS[2], 0); return;
  }
}

INLINE void decode(const Run *run) {
  switch (run->place.m->level) {
    case 1: code(run, &LEVELS[0], 1); return;
    case 2: code(run, &LEVELS[1], 1); return;
    default: code(run, &LEVELS[2], 1); return;
  }
}

PRN_DEFINE_VERSIONS(void, encode, (const Run *run), (run))
PRN_DEFINE_VERSIONS(void, decode, (const Run *run), (run))

static Place place_of(prn_mixing *m, int32_t colour, int32_t t) {
  return (Place){
      m, colour, t, m->tables, m->weights, m->refinements + colour * NODES * ENERGIES};
}

void prn_mixing_encode(
    prn_mixing *m, prn_range_encoder *encoder, int32_t colour, int32_t t, int32_t first,
    int32_t end, const prn_distribution *distributions, const uint8_t *values, ptrdiff_t step) {
  const Run run = {
      .place = place_of(m, colour, t), .first = first, .end = end, .distributions = distributions,
      .step = step, .encoder = encoder, .known = values};
  encode_versions[m->version](&run);
}

void prn_mixing_decode(
    prn_mixing *m, prn_range_decoder *decoder, int32_t colour, int32_t t, int32_t first,
    int32_t end, const prn_distribution *distributions, uint8_t *values, ptrdiff_t step) {
  const Run run = {
      .place = place_of(m, colour, t), .first = first, .end = end, .distributions = distributions,
      .step = step, .decoder = decoder, .found = values};
  decode_versions[m->version](&run);
}
