#ifndef PRN_GRAPHICS_INDEX_H
#define PRN_GRAPHICS_INDEX_H

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
    m->count = 0;
    add_input(m, 256);
    for (int k = 0; k < INDEX_CONTEXTS; k++) {
      used[k] = g->index_contexts[k]
                + (scattered(hashed(contexts[k], prefix)) >> (32 - g->index_bits));
      add_input(m, visits(*used[k]) ? stretch(g->f, chance(*used[k])) : 0);
    }
    for (int k = 0; k < INDEX_CONTEXTS; k++) {
      const int32_t sure = least(visits(*used[k]), 32);
      add_input(m, (((int32_t)(chance(*used[k]) >> 6) - 32768) * sure) >> 10);
    }
    pad_inputs(m);
    m->sets = 2;
    m->weights[0] = g->by_prefix[prefix];
    m->weights[1] = g->by_bit[bit];
    m->final = g->index_final;
    m->refinement = &g->index_refinements[prefix];
    const int one =
        code_decision(g->f, &run->coder, decodes, mix(g->f, m), value >> bit & 1);
    for (int k = 0; k < INDEX_CONTEXTS; k++) {
      if (!visits(*used[k])) *used[k] = counter(m->mixed, 0);
      learn_counter(g->f, used[k], one, 60);
    }
    learn_mixing(g->f, m, one);
    prefix = prefix * 2 + (uint32_t)one;
  }
  return (int32_t)(prefix - (1u << bits));
}

#endif
