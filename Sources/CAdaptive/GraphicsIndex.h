#ifndef PRN_GRAPHICS_INDEX_H
#define PRN_GRAPHICS_INDEX_H

#include "CounterVectors.h"
#include "Graphics.h"

// Literals of numbered colours (section 11.8): the bits of the number, from the highest.

INLINE int32_t code_index(Run *run, const Window *o, int decodes, int32_t value) {
  prn_graphics *g = run->g;
  Mixer *m = &run->mixer;
  m->rate = mixing_rate(g->literals, 1400, 200);
  if (g->literals < UINT32_MAX) g->literals++;
  const uint32_t contexts[INDEX_CONTEXTS] = {
      1,
      hashed(2, o->w),
      hashed(3, o->n),
      hashed(hashed(4, o->w), o->n),
      hashed(hashed(hashed(hashed(5, o->w), o->n), o->ne), o->nw),
      hashed(hashed(6, o->ww), o->w),
      hashed(hashed(7, o->ne), o->n),
      hashed(hashed(8, o->w), o->ne)};
  const int32_t bits = bit_length((uint32_t)g->shape.colours - 1);
  uint32_t prefix = 1;
  for (int32_t bit = bits - 1; bit >= 0; bit--) {
    Counter *used[INDEX_CONTEXTS];
    for (int k = 0; k < INDEX_CONTEXTS; k++)
      used[k] = g->index_contexts[k]
                + (scattered(hashed(contexts[k], prefix)) >> (32 - g->index_bits));
    Counters counters = gathered(used, INDEX_CONTEXTS);
    const Lanes stretched = stretched_chances(g->f, &counters) & (visits_of(&counters) != 0);
    put_inputs(m, 0, stretched);
    put_inputs(m, INDEX_CONTEXTS, linear_chances(&counters));
    m->inputs[2 * INDEX_CONTEXTS] = 256;
    m->count = INDEX_INPUTS;
    m->sets = 2;
    m->weights[0] = g->by_prefix[prefix];
    m->weights[1] = g->by_bit[bit];
    m->final = g->index_final;
    m->refinement = &g->index_refinements[prefix];
    const int one =
        code_decision(g->f, &run->coder, decodes, mix(g->f, m), value >> bit & 1);
    begin(&counters, m->mixed);
    learn_counters(g->f, &counters, one, 60);
    scatter(&counters, used, INDEX_CONTEXTS);
    learn_mixing(g->f, m, one);
    prefix = prefix * 2 + (uint32_t)one;
  }
  return (int32_t)(prefix - (1u << bits));
}

#endif
