#ifndef PRN_MIXING_INPUTS_H
#define PRN_MIXING_INPUTS_H

#include "Experts.h"
#include "State.h"
#include "Walk.h"

// The inputs of a decision: see input_place.
typedef struct {
  // Whether contexts have nothing to say at the node: all pairs but the last are 0, then.
  int is_deep;
  int32_t network;
  Ints vectors[2 * MOST_PAIRS];
  // Of each context at the node, Slot.learnt.
  Words learnt[MOST_PAIRS];
} Inputs;

// Eight contexts' words, and where they lead to in the table of `stretch`.
INLINE void read_slots(
    const Tables *tables, const Level *level, const Walk *w, int32_t first, Words *learnt,
    Shorts *stretched) {
#pragma clang loop unroll(full)
  for (int32_t lane = 0; lane < LANES; lane++)
    if (first + lane < level->contexts) {
      const uint32_t word = w->site->slots[first + lane]->learnt[w->node];
      (*learnt)[lane] = word;
      (*stretched)[lane] = tables->stretch[word >> 20];
    }
}

// Of each context at a node that it has, its stretched probability, and what it adds to the
// network's. Nothing is to be added to what was never visited, whose chance is 0: both are 0.
INLINE void fill_inputs(const Tables *tables, const Level *level, const Walk *w, Inputs *in) {
  const int32_t last = level->inputs / 16 - 1;
  in->is_deep = w->node >= CONTEXT_NODES;
  in->network = w->distribution ? ratio(tables, w->one, w->zero) : 0;
#pragma clang loop unroll(full)
  for (int32_t pair = 0; pair <= last; pair++) {
    Words learnt = {0};
    Shorts stretched = {0};
    Ints more = {0};
    if (!in->is_deep) read_slots(tables, level, w, LANES * pair, &learnt, &stretched);
    if (pair == last) {
      // As of a context with a chance: the network, and the constant, 64.
      stretched[7] = (int16_t)in->network;
      learnt[7] = 1 << 16 | 64 << 4;
#pragma clang loop unroll(full)
      for (int32_t k = 0; k < level->experts; k++) {
        const int32_t input = expert_input(tables, w, &w->site->experts[k]);
        if (k < 4) {
          learnt[3 + k] = 1 << 16;
          stretched[3 + k] = (int16_t)input;
        } else {
          more[k - 1] = input;
        }
      }
    }
    in->learnt[pair] = learnt;
    in->vectors[2 * pair] = INTS(stretched) & (learnt >> 16 != 0);
    in->vectors[2 * pair + 1] = ((Ints)(learnt << 16) >> 20) | more;
  }
}

#endif
