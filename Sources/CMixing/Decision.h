#ifndef PRN_MIXING_DECISION_H
#define PRN_MIXING_DECISION_H

#include "Inputs.h"
#include "State.h"
#include "Walk.h"

// Learning rate of the weights that mix the weight sets, in 65536ths.
#define FINAL_RATE 60

// What one decision's probability was made of, kept for what is learnt from it.
typedef struct {
  Inputs inputs;
  int32_t *chosen[MOST_SETS];
  int32_t stretched[MOST_SETS];
  uint32_t probabilities[MOST_SETS];
  uint32_t mixed;
  int32_t *final;
  uint16_t *refinement;
  int32_t fraction;
} Decision;

// The vectors of inputs that count.
INLINE int32_t first_vector(const Level *level, const Decision *d) {
  return d->inputs.is_deep ? level->inputs / LANES - 2 : 0;
}

// The products have 31 bits, and 8 less in the sum.
INLINE int32_t weighted_sum(const Level *level, const int32_t *weights, const Decision *d) {
  const Ints *vectors = (const Ints *)weights;
  Ints sum = {0};
#pragma clang loop unroll(full)
  for (int32_t i = 0; i < level->inputs / LANES; i++)
    if (i >= first_vector(level, d)) sum += (vectors[i] * d->inputs.vectors[i]) >> 8;
  return __builtin_reduce_add(sum);
}

INLINE Ints bounded(Ints x, int32_t limit) {
  const Ints least = {0}, most = {0};
  return __builtin_elementwise_min(__builtin_elementwise_max(x, least - limit), most + limit);
}

// The gradient, of a rate of 454 or less, has 16 bits; products with it are cheap where those of 32
// bits are not.
INLINE void adjust_weights(
    const Level *level, int32_t *weights, const Decision *d, int16_t gradient) {
  Ints *vectors = (Ints *)weights;
#pragma clang loop unroll(full)
  for (int32_t i = 0; i < level->inputs / LANES; i++)
    if (i >= first_vector(level, d))
      vectors[i] = bounded(
          vectors[i] + ((gradient * d->inputs.vectors[i] + 8192) >> 14), WEIGHT_LIMIT);
}

INLINE int32_t limited(int32_t sum) { return clamp(sum >> 8, -STRETCH_LIMIT, STRETCH_LIMIT); }

INLINE int32_t *weight_set(const Place *place, const Level *level, int32_t set) {
  return place->weights + (ptrdiff_t)set * level->inputs;
}

INLINE void choose_sets(const Place *place, const Level *level, const Walk *w, Decision *d) {
  const Site *site = w->site;
  const int32_t c = place->colour;
  const int32_t node = c * NODES + w->node, row = c * 16 + w->sort;
  // What is beyond the limits of an input is beyond these.
  const int32_t answer = clamp((d->inputs.network + 2048) >> 7, 0, ANSWERS - 1);
  const int32_t sets[MOST_SETS] = {
      BY_NODE + node, BY_ENERGY + row * ENERGIES + site->energy,
      BY_FRACTION + row * 16 + ((site->blend & 63) >> 2), BY_ANSWER + row * ANSWERS + answer,
      BY_TEXTURE + row * TEXTURES + site->texture};
  for (int32_t s = 0; s < level->weight_sets; s++) d->chosen[s] = weight_set(place, level, sets[s]);
  d->final = place->m->final[node];
  d->refinement = place->refinements[w->node * ENERGIES + site->energy];
}

// The probability, in 65536ths (32 to 65504), that the next decision is 1.
INLINE uint32_t probability(
    const Place *place, const Level *level, const Walk *w, Decision *d) {
  const Tables *tables = place->tables;
  fill_inputs(tables, level, w, &d->inputs);
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
  // position / STEP, for positions below 2^15.
  const uint32_t position = (uint32_t)(stretched + 16 * STEP);
  const uint32_t cell = position * 10923 >> 21;
  d->refinement += cell;
  d->fraction = (int32_t)(position - cell * STEP);
  const uint32_t refined =
      (d->refinement[0] * (uint32_t)(STEP - d->fraction)
       + d->refinement[1] * (uint32_t)d->fraction) / STEP;
  return (uint32_t)clamp((int32_t)((3 * d->mixed + refined + 2) >> 2), 32, 65504);
}

// What eight contexts have learnt after a decision. Those that were never visited, whose chance is
// 0, start at what was mixed, 32 or more. At no number of visits does a chance of 1 or more become
// 0.
INLINE Words moved(Words learnt, Words steps, int32_t mixed, int decision) {
  const int32_t goal = (decision << 16) - decision;
  const int32_t missed = (decision << 16) - mixed;
  Ints chance = (Ints)(learnt >> 16);
  chance |= (chance == 0) & mixed;
  chance += ((goal - chance) * (Ints)(steps & 32767) + 16384) >> 15;
  const Ints leaning =
      ((Ints)(learnt << 16) >> 16) + ((missed * (Ints)(steps >> 15 & 2047) + 32768) >> 16);
  return (Words)chance << 16 | ((Words)bounded(leaning, 32767) & 65535);
}

INLINE void visit_contexts(const Level *level, const Walk *w, const Decision *d, int decision) {
  Words learnt[MOST_PAIRS], visits[MOST_PAIRS];
#pragma clang loop unroll(full)
  for (int32_t pair = 0; pair < level->inputs / 16; pair++) {
    const Words steps = d->inputs.steps[pair];
    learnt[pair] = moved(d->inputs.learnt[pair], steps, (int32_t)d->mixed, decision);
    visits[pair] = steps >> 26;
  }
  KEEP_AS_VECTORS(learnt);
  KEEP_AS_VECTORS(visits);
#pragma clang loop unroll(full)
  for (int32_t k = 0; k < level->contexts; k++) {
    Slot *slot = w->site->slots[k];
    slot->learnt[w->node] = learnt[k / LANES][k % LANES];
    slot->visits[w->node] = (uint8_t)visits[k / LANES][k % LANES];
  }
}

// Learns a decision. `rate` is that of the weights, in 65536ths.
INLINE void learn(
    const Level *level, const Walk *w, Decision *d, int32_t rate, int decision) {
  const int32_t outcome = decision << 16, goal = outcome - decision;
  const int32_t near = goal - d->refinement[0], far = goal - d->refinement[1];
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
        level, d->chosen[s], d,
        (int16_t)(((outcome - (int32_t)d->probabilities[s]) * rate) >> 10));
  if (!d->inputs.is_deep) visit_contexts(level, w, d, decision);
}

#endif
