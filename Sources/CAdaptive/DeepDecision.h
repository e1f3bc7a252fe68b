// The decisions of a sample, mixed from experts and contexts.
#ifndef PRN_DEEP_DECISION_H
#define PRN_DEEP_DECISION_H

#include "Coder.h"
#include "DeepContexts.h"
#include "DeepRepeats.h"

// Keeps a mass that rounds to nothing from being taken for certain.
#define LEAST_MASS 400
#define WHOLE ((uint64_t)1 << 32)
#define NODE_LIMIT 250
#define FIRST_RATE 1500
#define SLOWEST_RATE 150

// What a sample's decisions need.
typedef struct {
  Deep *deep;
  Site *site;
  Walk *walk;
  Coder *coder;
} Decider;

// Of an expert's distribution below the first sample of a cell.
INLINE uint64_t mass_below(const Functions *f, const Expert *e, int32_t sample) {
  const int64_t distance = 64 * (int64_t)sample - 32 - e->peak;
  const int64_t size = distance < 0 ? -distance : distance;
  const uint64_t beyond = tail(f, (size * e->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

// Whether the cell is `split` or above; those from `low` to below `high` are left.
INLINE int decide(
    const Decider *at, int decodes, int32_t node, int32_t split, int one_is_upper, int bit) {
  Deep *d = at->deep;
  Walk *w = at->walk;
  const Functions *f = d->functions;
  Mixer m;
  m.count = 0;
  m.inputs[m.count++] = 256;
  const int32_t sample = first_of(w, split);
  for (int32_t k = 0; k < EXPERTS; k++) {
    Expert *e = &at->site->experts[k];
    e->split = mass_below(f, e, sample);
    const int32_t upper = lg(f, e->high - e->split + LEAST_MASS);
    const int32_t lower = lg(f, e->split - e->low + LEAST_MASS);
    m.inputs[m.count++] = one_is_upper ? upper - lower : lower - upper;
  }
  Counter *counters[CONTEXTS];
  for (int32_t k = 0; k < CONTEXTS; k++) {
    counters[k] = &d->slots[w->slots[k]].nodes[node];
    const Counter c = *counters[k];
    const int32_t sure = visits(c);
    m.inputs[m.count] = sure ? stretch(f, chance(c)) : 0;
    m.inputs[m.count + CONTEXTS - 1] = 0;
    if (k > 0)
      m.inputs[m.count + CONTEXTS - 1] =
          (int32_t)(((int64_t)((int32_t)chance(c) - ONE / 2) * least(sure, 32)) >> 17);
    m.count++;
  }
  m.count = INPUTS;
  m.sets = SETS;
  m.weights[0] = d->by_scale[node * SCALES + w->scale];
  m.weights[1] = d->by_spread[node * SPREADS + w->spread];
  m.weights[2] = d->by_place[node * PLACES + w->place];
  m.final = d->final[node];
  m.rate = d->rate;
  m.refinement = &d->refinements[node];
  // Inputs of experts are within +-5980: log2((2^32 + LEAST_MASS) / LEAST_MASS).
  bit = code_decision(f, at->coder, decodes, mix_wide(f, &m), bit);
  learn_mixing(f, &m, bit);
  for (int32_t k = 0; k < CONTEXTS; k++) {
    if (visits(*counters[k]) == 0) *counters[k] = counter(m.mixed < ONE ? m.mixed : ONE - 1, 0);
    learn_counter(f, counters[k], bit, NODE_LIMIT);
  }
  for (int32_t k = 0; k < EXPERTS; k++) {
    Expert *e = &at->site->experts[k];
    if (bit == one_is_upper)
      e->low = e->split;
    else
      e->high = e->split;
  }
  return bit;
}

// A decision that one counter knows.
INLINE int decide_plain(const Decider *at, int decodes, Counter *c, int bit) {
  const Functions *f = at->deep->functions;
  bit = code_decision(f, at->coder, decodes, chance(*c), bit);
  learn_counter(f, c, bit, 500);
  return bit;
}

// The cell of the sample; `known` is that for the encoder.
INLINE int32_t code_cell(
    const Decider *at, int decodes, int32_t known, int32_t *side_of, int32_t *magnitude_of) {
  const Walk *w = at->walk;
  for (int32_t k = 0; k < EXPERTS; k++) {
    at->site->experts[k].low = 0;
    at->site->experts[k].high = WHOLE;
  }
  int side = w->middle == 0;
  if (w->middle > 0 && w->middle <= w->last)
    side = decide(at, decodes, 0, w->middle, 1, known >= w->middle);
  // Cells beyond the centre: 0 to `most`; `m` is the sample's.
  const int32_t most = side ? w->last - w->middle : w->middle - 1;
  const int32_t m = side ? known - w->middle : w->middle - 1 - known;
  int32_t near = 0, far = 0, bucket = 0;
  // Buckets begin at 0, 1, 2, 4, 8, ...
  for (;; bucket++) {
    const int32_t next = 1 << bucket;
    near = next >> 1;
    far = next - 1;
    if (far >= most) {
      far = most;
      break;
    }
    const int32_t split = side ? w->middle + next : w->middle - next;
    if (!decide(at, decodes, 2 + 2 * least(bucket, 8) + side, split, side, m >= next)) break;
  }
  for (int32_t step = 0; near < far; step++) {
    const int32_t half = bucket - 2 - step >= 0 ? 1 << (bucket - 2 - step) : 1;
    const int32_t next = near + half;
    if (next > far) continue;
    int bit;
    if (step < 2) {
      const int32_t node = bucket == 2 ? 20 : bucket == 3 ? 22 + 2 * step : 26 + 2 * step;
      const int32_t split = side ? w->middle + next : w->middle - next;
      bit = decide(at, decodes, node + side, split, side, m >= next);
    } else {
      bit = decide_plain(at, decodes, &at->deep->deep_nodes[least(bucket, 15)], m >= next);
    }
    if (bit)
      near = next;
    else
      far = next - 1;
  }
  *side_of = side;
  *magnitude_of = near;
  return side ? w->middle + near : w->middle - 1 - near;
}

// Another bit behind a prefix; what came often before is forgotten with it.
INLINE uint8_t follow(uint8_t state, int bit) {
  int32_t zeros = state >> 4, ones = state & 15;
  int32_t *seen = bit ? &ones : &zeros, *other = bit ? &zeros : &ones;
  if (*seen < 15) ++*seen;
  if (*other > 2) *other = (*other + 2) >> 1;
  return (uint8_t)(zeros << 4 | ones);
}

// The bits of the sample within its cell. Where samples are few of many, those that came before
// come again.
INLINE int32_t code_bits(
    const Decider *at, int decodes, int32_t cell, int32_t side, int32_t magnitude, int32_t known) {
  Deep *d = at->deep;
  const Walk *w = at->walk;
  int32_t sample = cell;
  for (int32_t j = w->shift - 1; j >= 0; j--) {
    const int32_t behind = w->shift - 1 - j;
    uint8_t *state = &d->followed[(1 << (d->depth - 1 - j)) | sample];
    Counter *c = *state ? &d->by_followed[least(j, 2) * 256 + *state]
                 : behind == 0
                     ? &d->first_bits[(side * 8 + least(magnitude, 7)) * 4 + (w->scale & 3)]
                     : &d->low_bits[j * 8 + least(behind - 1, 1) * 4 + (sample & 3)];
    const int bit = decide_plain(at, decodes, c, (known >> j) & 1);
    *state = follow(*state, bit);
    sample = 2 * sample + bit;
  }
  return least(sample, d->largest);
}

INLINE int32_t code_walk(Deep *d, Site *s, Coder *coder, int decodes, int32_t known) {
  Walk w;
  start_walk(d, s, &w);
  select_contexts(d, s, &w);
  find_experts(s);
  const Decider at = {d, s, &w, coder};
  d->rate = mixing_rate(d->values, FIRST_RATE, SLOWEST_RATE);
  if (d->values < UINT32_MAX) d->values++;
  int32_t side, magnitude;
  const int32_t cell = code_cell(&at, decodes, known >> w.shift, &side, &magnitude);
  return code_bits(&at, decodes, cell, side, magnitude, known);
}

INLINE int32_t code_sample(Deep *d, Site *s, Coder *coder, int decodes, int32_t known) {
  const Recall r = recall(d, s);
  int is_found = 0;
  if (r.counter && chance(*r.counter) >= WORTH_ASKING)
    is_found = code_decision(
        d->functions, coder, decodes, chance(*r.counter), known == r.candidate);
  const int32_t sample = is_found ? r.candidate : code_walk(d, s, coder, decodes, known);
  remember(d, &r, sample);
  return sample;
}

#endif
