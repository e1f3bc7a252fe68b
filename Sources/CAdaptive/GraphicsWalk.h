#ifndef PRN_GRAPHICS_WALK_H
#define PRN_GRAPHICS_WALK_H

#include "CounterVectors.h"
#include "Graphics.h"

// The walk of a literal's value (section 11.7): is it the centre? is it above? in which bucket of
// magnitudes? where in the bucket, by halves?

#define WHOLE ((uint64_t)1 << 32)
// Keeps a mass that rounds to nothing from being taken for certain.
#define LEAST_MASS 400000

// A logistic distribution around a peak of 6 fraction bits.
typedef struct {
  int32_t peak;
  uint32_t slope;
} Expert;

// A value before its walk.
typedef struct {
  int32_t channel, centre, energy;
  // Which guess the centre is, 0 for none, and how sure it is.
  int32_t guess;
  // Which of W, N, NW, NE and WW are above the centre, a bit each; the fraction of the blend.
  int32_t texture, fraction;
  Expert experts[LITERAL_EXPERTS];
  LiteralSlot *slots[LITERAL_CONTEXTS];
} Literal;

// The values that a question parts: [low, split) and [split, high).
typedef struct {
  int32_t node, sort, low, split, high;
  int one_is_upper;
} Question;

INLINE uint64_t mass_below(const Functions *f, const Expert *e, int32_t value) {
  if (value <= 0) return 0;
  if (value >= 256) return WHOLE;
  const int32_t distance = 64 * value - 32 - e->peak;
  const uint64_t beyond = tail(f, ((int64_t)magnitude(distance) * e->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

INLINE int32_t expert_input(const Functions *f, const Expert *e, const Question *q) {
  const uint64_t split = mass_below(f, e, q->split);
  uint64_t one, zero;
  if (q->node == 0) {
    one = mass_below(f, e, q->split + 1) - split;
    zero = WHOLE - one;
  } else {
    const uint64_t upper = mass_below(f, e, q->high) - split;
    const uint64_t lower = split - mass_below(f, e, q->low);
    one = q->one_is_upper ? upper : lower;
    zero = q->one_is_upper ? lower : upper;
  }
  return clamp(lg(f, LEAST_MASS + one) - lg(f, LEAST_MASS + zero), -3071, 3071);
}

INLINE int ask(Run *run, const Literal *l, const Question *q, int decodes, int bit) {
  prn_graphics *g = run->g;
  Mixer *m = &run->mixer;
  Counters counters = {{0}};
  const int is_counted = q->node < CONTEXT_NODES;
  if (is_counted)
    for (int k = 0; k < LITERAL_CONTEXTS; k++) counters.of[k] = l->slots[k]->nodes[q->node];
  Lanes inputs = stretched_chances(g->f, &counters) & (visits_of(&counters) != 0);
  inputs[CONSTANT] = 256;
  for (int k = 0; k < LITERAL_EXPERTS; k++)
    inputs[CONSTANT + 1 + k] = expert_input(g->f, &l->experts[k], q);
  const int32_t answer = clamp((inputs[CONSTANT + 1] + 2048) >> 7, 0, 31);
  put_inputs(m, 0, inputs);
  put_inputs(m, MOST_COUNTERS, linear_chances(&counters));
  m->count = LITERAL_INPUTS;
  m->sets = LITERAL_SETS;
  m->weights[0] = g->by_node[l->channel][q->node];
  m->weights[1] = g->by_energy[l->channel][q->sort][l->energy];
  m->weights[2] = g->by_guess[l->channel][q->sort][l->guess];
  m->weights[3] = g->by_texture[l->channel][q->sort][l->texture];
  m->weights[4] = g->by_fraction[l->channel][q->sort][l->fraction];
  m->weights[5] = g->by_answer[l->channel][q->sort][answer];
  m->final = g->literal_final[l->channel][q->node];
  m->refinement = &g->literal_refinements[l->channel][q->node][l->energy];
  bit = code_decision(g->f, &run->coder, decodes, mix(g->f, m), bit);
  if (is_counted) {
    begin(&counters, m->mixed);
    learn_counters(g->f, &counters, bit, 60);
    for (int k = 0; k < LITERAL_CONTEXTS; k++) l->slots[k]->nodes[q->node] = counters.of[k];
  }
  learn_mixing(g->f, m, bit);
  return bit;
}

INLINE int32_t halving_node(int32_t bucket, int32_t depth, int32_t side, int upper) {
  if (depth == 0) return 16 + (bucket - 2) * 2 + side;
  if (depth == 1) return 28 + (bucket - 3) * 4 + upper * 2 + side;
  return CONTEXT_NODES + least(depth - 2, NODES - CONTEXT_NODES - 1);
}

// Codes a value; `value` is that of the encoder.
INLINE int32_t walk(Run *run, const Literal *l, int decodes, int32_t value) {
  const int32_t c = l->centre;
  Question q = {.low = 0, .split = c, .high = 256};
  if (ask(run, l, &q, decodes, value == c)) return c;
  int above = c < 255;
  if (c > 0 && c < 255) {
    q = (Question){
        .node = 1, .sort = 1, .low = 0, .split = c + 1, .high = 256, .one_is_upper = 1};
    // The mass of the centre, which is out of the question, still counts as below.
    above = ask(run, l, &q, decodes, value > c);
  }
  const int32_t side = above ? 0 : 1, most = above ? 255 - c : c;
  const int32_t distance = above ? value - c : c - value;
  int32_t first = 1, size = 1, bucket = 0;
  while (first + size <= most) {
    const int32_t behind = first + size;
    q = (Question){
        .node = 2 + least(bucket, 6) + 7 * side,
        .sort = least(2 + bucket, 9),
        .low = above ? c + first : 0,
        .split = above ? c + behind : c - behind + 1,
        .high = above ? 256 : c - first + 1,
        .one_is_upper = !above};
    if (ask(run, l, &q, decodes, distance < behind)) break;
    first = behind;
    if (++bucket >= 2) size *= 2;
  }
  int32_t near = first, far = least(first + size - 1, most), depth = 0;
  int upper = 0;
  while (near < far) {
    const int32_t middle = (near + far) >> 1;
    const int32_t node = halving_node(bucket, depth, side, upper);
    q = (Question){
        .node = node,
        .sort = node < 28 ? 10 + ((node - 16) >> 2) : node < CONTEXT_NODES ? 13 : 14,
        .low = above ? c + near : c - far,
        .split = above ? c + middle + 1 : c - middle,
        .high = above ? c + far + 1 : c - near + 1,
        .one_is_upper = above};
    upper = ask(run, l, &q, decodes, distance > middle);
    if (upper)
      near = middle + 1;
    else
      far = middle;
    depth++;
  }
  return above ? c + near : c - near;
}

#endif
