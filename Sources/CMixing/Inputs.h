#ifndef PRN_MIXING_INPUTS_H
#define PRN_MIXING_INPUTS_H

#include "State.h"

#define WHOLE ((uint64_t)1 << 32)
// Keeps a mass that rounds to nothing from being taken for certain.
#define LEAST_MASS 400

// Slopes of the narrow and the wide distribution: over the local error, in 16ths.
#define NARROW (205 << 16)
#define ROUNDER (92 << 16)

INLINE void find_experts(const prn_mixing *m, const Level *level, Site *site) {
  const prn_colour_view *view = &m->views[m->colour];
  site->blend = view->blend[site->cell];
  site->centre = (site->blend + 32) >> 6;
  int32_t least = INT32_MAX;
  for (int32_t k = 0; k < m->predictors; k++) {
    const int32_t scale = view->local_errors[k][site->cell];
    least = scale < least ? scale : least;
  }
  site->energy = clamp((log2_256(&m->tables, (uint64_t)least) - 3 * 256) >> 7, 0, ENERGIES - 1);
  Expert *expert = site->experts;
  if (level->experts > 0)
    *expert++ = (Expert){.centre = site->blend, .slope = NARROW / least};
  if (level->experts > 1)
    *expert++ = (Expert){.centre = site->blend, .slope = ROUNDER / least};
  // The fits first.
  const int32_t most = level->experts - 2;
  for (int32_t k = 0; k < most; k++) {
    const int32_t behind = m->predictors - 1 - k;
    const int32_t predictor = behind > 0 ? behind : 0;
    *expert++ = (Expert){
        .centre = view->predictors[predictor][site->cell],
        .slope = NARROW / view->local_errors[predictor][site->cell]};
  }
}

// The mass below `value`, 0 to 256; there is none outside of 0 to 255.
INLINE uint64_t mass_below(const prn_mixing *m, const Expert *expert, int32_t value) {
  if (value <= 0) return 0;
  if (value >= 256) return WHOLE;
  const int32_t distance = 64 * value - 32 - expert->centre;
  const int64_t magnitude = distance < 0 ? -distance : distance;
  const uint64_t beyond = tail(&m->tables, (magnitude * expert->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

INLINE int32_t ratio(const prn_mixing *m, uint64_t one, uint64_t zero) {
  const int32_t z = log2_256(&m->tables, one) - log2_256(&m->tables, zero);
  return clamp(z, -STRETCH_LIMIT, STRETCH_LIMIT);
}

INLINE int32_t expert_input(const prn_mixing *m, Expert *expert) {
  const Question *q = &m->question;
  uint64_t one, zero;
  if (q->kind == 0) {
    expert->low = mass_below(m, expert, m->centre);
    expert->split = mass_below(m, expert, m->centre + 1);
    one = expert->split - expert->low;
    zero = WHOLE - one;
  } else if (q->kind == 1) {
    one = WHOLE - expert->split;
    zero = expert->low;
  } else {
    expert->split = mass_below(m, expert, q->split);
    const uint64_t lower = expert->split - expert->low, upper = expert->high - expert->split;
    one = q->one_is_upper ? upper : lower;
    zero = q->one_is_upper ? lower : upper;
  }
  return ratio(m, one + LEAST_MASS, zero + LEAST_MASS);
}

// The network's frequencies of the symbols below `symbol`, 0 to 256.
INLINE uint32_t symbols_below(const prn_network *network, int32_t symbol) {
  if (symbol == 256) return network->total;
  // Without branches on the symbol: they could not be predicted.
  const uint32_t *block = network->frequencies + (symbol & ~15);
  uint32_t sum = network->starts[symbol >> 4];
  for (int32_t k = 0; k < 16; k++) sum += k < (symbol & 15) ? block[k] : 0;
  return sum;
}

// The network's frequencies of the values below `value`, 0 to 256. Values below the centre have the largest symbols.
INLINE uint32_t network_below(const prn_mixing *m, int32_t value) {
  const int32_t symbol = value - m->centre;
  if (symbol >= 0)
    return m->network->total - m->network_first + symbols_below(m->network, symbol);
  return symbols_below(m->network, 256 + symbol) - m->network_first;
}

INLINE int32_t network_input(prn_mixing *m) {
  const Question *q = &m->question;
  if (q->kind == 0) {
    m->network_first = symbols_below(m->network, 256 - m->centre);
    m->network_low = m->network->total - m->network_first;
    const uint32_t one = m->network->frequencies[0];
    m->network_split = m->network_low + one;
    return ratio(m, one, m->network->total - one);
  }
  if (q->kind == 1) return ratio(m, m->network->total - m->network_split, m->network_low);
  m->network_split = network_below(m, q->split);
  const uint32_t upper = m->network_high - m->network_split;
  const uint32_t lower = m->network_split - m->network_low;
  return q->one_is_upper ? ratio(m, upper, lower) : ratio(m, lower, upper);
}

// Returns the number of inputs, rounded up to whole vectors; those behind the last stay 0.
INLINE int32_t fill_inputs(prn_mixing *m, const Level *level) {
  int32_t n = 0;
  m->inputs[n++] = 64;
  m->inputs[n++] = m->network ? network_input(m) : 0;
  for (int32_t k = 0; k < level->experts; k++) m->inputs[n++] = expert_input(m, &m->experts[k]);
  const int32_t node = m->question.node;
  const int both = level->inputs_per_context == 2;
  if (node < CONTEXT_NODES) {
    Slot *const *slots = m->sites[m->current].slots;
    for (int32_t k = 0; k < level->contexts; k++) {
      const uint32_t state = slots[k]->nodes[node];
      const int32_t p = (int32_t)(state >> 16), visits = (int32_t)(state & 1023);
      m->inputs[n + k] = visits ? m->tables.stretch[p >> 4] : 0;
      if (both)
        m->inputs[n + level->contexts + k] = ((p - 32768) * (visits < 32 ? visits : 32)) >> 11;
    }
  } else {
    for (int32_t k = 0; k < level->contexts * level->inputs_per_context; k++)
      m->inputs[n + k] = 0;
  }
  n += level->contexts * level->inputs_per_context;
  return n <= 8 ? 8 : (n + 15) & ~15;
}

#endif
