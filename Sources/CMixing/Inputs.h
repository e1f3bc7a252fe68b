#ifndef PRN_MIXING_INPUTS_H
#define PRN_MIXING_INPUTS_H

#include "State.h"
#include "Walk.h"

// Keeps a mass that rounds to nothing from being taken for certain.
#define LEAST_MASS 400

// The mass below `value`, 0 to 256; there is none outside of 0 to 255.
INLINE uint64_t mass_below(const Tables *tables, const Expert *expert, int32_t value) {
  if (value <= 0) return 0;
  if (value >= 256) return WHOLE;
  const int32_t distance = 64 * value - 32 - expert->centre;
  const int64_t magnitude = distance < 0 ? -distance : distance;
  const uint64_t beyond = tail(tables, (magnitude * expert->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

INLINE int32_t ratio(const Tables *tables, uint64_t one, uint64_t zero) {
  const int32_t z = log2_256(tables, one) - log2_256(tables, zero);
  return clamp(z, -STRETCH_LIMIT, STRETCH_LIMIT);
}

INLINE int32_t expert_input(const Tables *tables, const Walk *w, Expert *expert) {
  const Question *q = &w->question;
  uint64_t one, zero;
  if (q->kind == 0) {
    expert->low = mass_below(tables, expert, w->centre);
    expert->split = mass_below(tables, expert, w->centre + 1);
    one = expert->split - expert->low;
    zero = WHOLE - one;
  } else if (q->kind == 1) {
    one = WHOLE - expert->split;
    zero = expert->low;
  } else {
    expert->split = mass_below(tables, expert, q->split);
    const uint64_t lower = expert->split - expert->low, upper = expert->high - expert->split;
    one = q->one_is_upper ? upper : lower;
    zero = q->one_is_upper ? lower : upper;
  }
  return ratio(tables, one + LEAST_MASS, zero + LEAST_MASS);
}

// The network's frequencies of the values below `value`, 0 to 256. Values below the centre have the
// largest symbols.
INLINE uint32_t network_below(const Walk *w, int32_t value) {
  const prn_distribution *network = w->distribution;
  const int32_t symbol = value - w->centre;
  if (symbol >= 0)
    return network->total - w->network_first + prn_symbols_below(network, symbol);
  return prn_symbols_below(network, 256 + symbol) - w->network_first;
}

INLINE int32_t network_input(const Tables *tables, Walk *w) {
  const Question *q = &w->question;
  const prn_distribution *network = w->distribution;
  if (q->kind == 0) {
    w->network_first = prn_symbols_below(network, 256 - w->centre);
    w->low = network->total - w->network_first;
    const uint32_t one = network->frequencies[0];
    w->split = w->low + one;
    return ratio(tables, one, network->total - one);
  }
  if (q->kind == 1) return ratio(tables, network->total - w->split, w->low);
  w->split = network_below(w, q->split);
  const uint32_t upper = w->high - w->split, lower = w->split - w->low;
  return q->one_is_upper ? ratio(tables, upper, lower) : ratio(tables, lower, upper);
}

// Of each context at a node that it has, its stretched probability, and behind those of all, what
// it adds to the network's. Nothing is to be added to what was never visited: both are 0.
INLINE void context_inputs(
    const Tables *tables, const Level *level, const Walk *w, int32_t *inputs) {
  const int32_t node = w->question.node;
  for (int32_t k = 0; k < level->contexts; k++) {
    const Slot *slot = w->site->slots[k];
    // Looked up in any case: there is no branch that could be predicted.
    const int32_t stretched = tables->stretch[slot->chances[node] >> 4];
    inputs[k] = slot->visits[node] ? stretched : 0;
    inputs[level->contexts + k] = slot->leanings[node] >> 4;
  }
}

// The inputs; returns how many count. At the deep nodes those of the contexts are 0, and so are
// those behind the last: they need not be looked at.
INLINE int32_t fill_inputs(
    const Tables *tables, const Level *level, Walk *w, int32_t inputs[MOST_INPUTS]) {
  int32_t n = 0;
  inputs[n++] = 64;
  inputs[n++] = w->distribution ? network_input(tables, w) : 0;
  for (int32_t k = 0; k < level->experts; k++)
    inputs[n++] = expert_input(tables, w, &w->site->experts[k]);
  const int is_deep = w->question.node >= CONTEXT_NODES;
  const int32_t count = 2 * level->contexts;
  if (is_deep)
    for (int32_t k = 0; k < count; k++) inputs[n + k] = 0;
  else
    context_inputs(tables, level, w, inputs + n);
  for (int32_t k = n + count; k < level->inputs; k++) inputs[k] = 0;
  return is_deep && level->inputs > DEEP_INPUTS ? DEEP_INPUTS : level->inputs;
}

#endif
