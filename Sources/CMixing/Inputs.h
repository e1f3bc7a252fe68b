#ifndef PRN_MIXING_INPUTS_H
#define PRN_MIXING_INPUTS_H

#include "Experts.h"
#include "State.h"
#include "Walk.h"

// The inputs of a decision: see input_place.
typedef struct {
  // Whether contexts have nothing to say at the node: all pairs but the last are 0, then.
  int is_deep;
  // The network's, not limited.
  int16_t network;
  Ints vectors[2 * MOST_PAIRS];
  // Of each context at the node: Slot.learnt, and Tables.steps of Slot.visits.
  Words learnt[MOST_PAIRS], steps[MOST_PAIRS];
} Inputs;

// What eight contexts know of the node.
INLINE void read_slots(
    const Tables *tables, const Level *level, const Walk *w, int32_t first, Words *learnt,
    Words *steps, Shorts *stretched) {
#pragma clang loop unroll(full)
  for (int32_t lane = 0; lane < LANES; lane++)
    if (first + lane < level->contexts) {
      const Slot *slot = w->site->slots[first + lane];
      const uint32_t word = slot->learnt[w->node];
      (*learnt)[lane] = word;
      (*steps)[lane] = tables->steps[slot->visits[w->node]];
      (*stretched)[lane] = tables->stretch[word >> 20];
    }
}

INLINE Shorts within(Shorts x, Shorts limits) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, -limits), limits);
}

// Of each context at a node that it has, its stretched probability, and what it adds to the
// network's. Nothing is to be added to what was never visited, whose chance is 0: both are 0.
INLINE void fill_inputs(const Tables *tables, const Level *level, const Walk *w, Inputs *in) {
  const int32_t last = level->inputs / 16 - 1;
  in->is_deep = w->node >= CONTEXT_NODES;
  in->network = log2_ratio(tables, w->one, w->zero);
#pragma clang loop unroll(full)
  for (int32_t pair = 0; pair <= last; pair++) {
    Words learnt = {0}, steps = {0};
    Shorts stretched = {0}, more = {0};
    if (!in->is_deep)
      read_slots(tables, level, w, LANES * pair, &learnt, &steps, &stretched);
    if (pair == last) {
      // As of contexts with a chance: the experts, the network, and the constant, 64.
      learnt[7] = 1 << 16 | 64 << 4;
      stretched[7] = in->network;
#pragma clang loop unroll(full)
      for (int32_t k = 0; k < level->experts; k++) {
        const int16_t input = expert_input(tables, w, &w->site->experts[k]);
        if (k < 4) {
          learnt[3 + k] = 1 << 16;
          stretched[3 + k] = input;
        } else {
          more[k - 1] = input;
        }
      }
      const int16_t others = level->experts > 0 ? STRETCH_LIMIT : INT16_MAX;
      const Shorts limits = {INT16_MAX, INT16_MAX, INT16_MAX, others,
                             others,    others,    others,    STRETCH_LIMIT};
      stretched = within(stretched, limits);
      more = within(more, limits);
    }
    in->learnt[pair] = learnt;
    in->steps[pair] = steps;
    in->vectors[2 * pair] = INTS(stretched) & (learnt >> 16 != 0);
    in->vectors[2 * pair + 1] = ((Ints)(learnt << 16) >> 20) | INTS(more);
  }
}

#endif
