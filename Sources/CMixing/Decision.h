#ifndef PRN_MIXING_DECISION_H
#define PRN_MIXING_DECISION_H

#include "Inputs.h"
#include "State.h"
#include "Walk.h"

// Learning rate of the weights that mix the weight sets, in 65536ths.
#define FINAL_RATE 60
#define MOST_VISITS 60

// What one decision's probability was made of, kept for what is learnt from it.
typedef struct {
  int32_t inputs[MOST_INPUTS];
  int32_t count;
  int32_t *chosen[MOST_SETS];
  int32_t stretched[MOST_SETS];
  uint32_t probabilities[MOST_SETS];
  uint32_t mixed;
  int32_t *final;
  uint16_t *refinement;
  int32_t fraction;
} Decision;

// The products have 31 bits, and 8 less in the sum.
INLINE int32_t dot(const int32_t *weights, const int32_t *inputs, int32_t n) {
  int32_t sum = 0;
  for (int32_t i = 0; i < n; i++) sum += (weights[i] * inputs[i]) >> 8;
  return sum;
}

// The same for a few inputs: a vector would have to wait for them to be written.
INLINE int32_t short_dot(const int32_t *weights, const int32_t *inputs, int32_t n) {
  int32_t sum = 0;
#pragma clang loop vectorize(disable) unroll(full)
  for (int32_t i = 0; i < 8; i++)
    if (i < n) sum += (weights[i] * inputs[i]) >> 8;
  return sum;
}

// Of the inputs that count: with lengths that are constant, the loops need no more than vectors.
INLINE int32_t weighted_sum(const Level *level, const int32_t *weights, const Decision *d) {
  if (level->inputs <= 8) return short_dot(weights, d->inputs, d->count);
  if (d->count == level->inputs) return dot(weights, d->inputs, level->inputs);
  return dot(weights, d->inputs, DEEP_INPUTS);
}

INLINE void adjust(int32_t *weights, const int32_t *inputs, int32_t n, int32_t gradient) {
  for (int32_t i = 0; i < n; i++)
    weights[i] = clamp(
        weights[i] + ((gradient * inputs[i] + 8192) >> 14), -WEIGHT_LIMIT, WEIGHT_LIMIT);
}

INLINE void adjust_weights(
    const Level *level, int32_t *weights, const Decision *d, int32_t gradient) {
  if (level->inputs <= 8)
    adjust(weights, d->inputs, d->count, gradient);
  else if (d->count == level->inputs)
    adjust(weights, d->inputs, level->inputs, gradient);
  else
    adjust(weights, d->inputs, DEEP_INPUTS, gradient);
}

INLINE int32_t limited(int32_t sum) { return clamp(sum >> 8, -STRETCH_LIMIT, STRETCH_LIMIT); }

INLINE int32_t *weight_set(const prn_mixing *m, const Level *level, int32_t set) {
  return m->weights + (ptrdiff_t)set * level->inputs;
}

INLINE void choose_sets(const Place *place, const Level *level, const Walk *w, Decision *d) {
  prn_mixing *m = place->m;
  const Question *q = &w->question;
  const Site *site = w->site;
  const int32_t c = place->colour;
  const int32_t sort = q->node < 2 ? q->node : 2 + (q->kind < 13 ? q->kind : 13);
  const int32_t node = c * NODES + q->node, row = c * 16 + sort;
  const int32_t answer = clamp((d->inputs[1] + 2048) >> 7, 0, ANSWERS - 1);
  const int32_t sets[MOST_SETS] = {
      BY_NODE + node, BY_ENERGY + row * ENERGIES + site->energy,
      BY_FRACTION + row * 16 + ((site->blend & 63) >> 2), BY_ANSWER + row * ANSWERS + answer,
      BY_TEXTURE + row * TEXTURES + site->texture};
  for (int32_t s = 0; s < level->weight_sets; s++) d->chosen[s] = weight_set(m, level, sets[s]);
  d->final = m->final[node];
  d->refinement = m->refinements[node * ENERGIES + site->energy];
}

// The probability, in 65536ths (32 to 65504), that the next decision is 1.
INLINE uint32_t probability(const Place *place, const Level *level, Walk *w, Decision *d) {
  const Tables *tables = place->m->tables;
  d->count = fill_inputs(tables, level, w, d->inputs);
  choose_sets(place, level, w, d);
  for (int32_t s = 0; s < level->weight_sets; s++) {
    d->stretched[s] = limited(weighted_sum(level, d->chosen[s], d));
    d->probabilities[s] = squash(tables, d->stretched[s]);
  }
  int32_t stretched = d->stretched[0];
  d->mixed = d->probabilities[0];
  if (level->weight_sets > 1) {
    int32_t sum = 0;
    for (int32_t s = 0; s < level->weight_sets; s++)
      sum += (d->final[s] * d->stretched[s]) >> 8;
    stretched = limited(sum);
    d->mixed = squash(tables, stretched);
  }
  const uint32_t position = (uint32_t)(stretched + 16 * STEP);
  d->refinement += position / STEP;
  d->fraction = (int32_t)(position % STEP);
  const uint32_t refined =
      (d->refinement[0] * (uint32_t)(STEP - d->fraction)
       + d->refinement[1] * (uint32_t)d->fraction) / STEP;
  return (uint32_t)clamp((int32_t)((3 * d->mixed + refined + 2) >> 2), 32, 65504);
}

INLINE void visit_contexts(
    const Tables *tables, const Level *level, const Walk *w, const Decision *d, int decision) {
  const int32_t node = w->question.node;
  if (node >= CONTEXT_NODES) return;
  const int32_t target = decision ? 65535 : 0;
  const int32_t missed = (decision ? 65536 : 0) - (int32_t)d->mixed;
  // All is read before anything is written: the compiler cannot know that slots are apart.
  int32_t chances[MOST_CONTEXTS], leanings[MOST_CONTEXTS], visits[MOST_CONTEXTS];
  for (int32_t k = 0; k < level->contexts; k++) {
    const Slot *slot = w->site->slots[k];
    visits[k] = slot->visits[node];
    const int32_t p = visits[k] ? slot->chances[node] : (int32_t)d->mixed;
    chances[k] = p + (((target - p) * tables->rate[visits[k]] + 16384) >> 15);
    leanings[k] =
        slot->leanings[node] + ((missed * tables->leaning[visits[k]] + 32768) >> 16);
  }
  for (int32_t k = 0; k < level->contexts; k++) {
    Slot *slot = w->site->slots[k];
    slot->chances[node] = (uint16_t)chances[k];
    slot->leanings[node] = (int16_t)clamp(leanings[k], -32767, 32767);
    slot->visits[node] = (uint8_t)(visits[k] < MOST_VISITS ? visits[k] + 1 : visits[k]);
  }
}

// Learns a decision. `rate` is that of the weights, in 65536ths.
INLINE void learn(
    const Place *place, const Level *level, const Walk *w, Decision *d, int32_t rate,
    int decision) {
  const int32_t outcome = decision ? 65536 : 0;
  const int32_t limit = decision ? 65535 : 0;
  const int32_t near = limit - d->refinement[0], far = limit - d->refinement[1];
  d->refinement[0] = (uint16_t)(d->refinement[0] + ((near * (STEP - d->fraction)) >> 13));
  d->refinement[1] = (uint16_t)(d->refinement[1] + ((far * d->fraction) >> 13));
  const int32_t sets = level->weight_sets;
  if (sets > 1) {
    const int32_t gradient = ((outcome - (int32_t)d->mixed) * FINAL_RATE) >> 10;
    for (int32_t s = 0; s < sets; s++)
      d->final[s] = clamp(
          d->final[s] + ((gradient * d->stretched[s] + 8192) >> 14), -WEIGHT_LIMIT,
          WEIGHT_LIMIT);
  }
  for (int32_t s = 0; s < sets; s++)
    adjust_weights(
        level, d->chosen[s], d, ((outcome - (int32_t)d->probabilities[s]) * rate) >> 10);
  visit_contexts(place->m->tables, level, w, d, decision);
}

#endif
