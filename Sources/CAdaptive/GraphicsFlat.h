#ifndef PRN_GRAPHICS_FLAT_H
#define PRN_GRAPHICS_FLAT_H

#include <string.h>

#include "GraphicsMatch.h"

// Flat areas (section 11.3): where all around have one colour, one decision: the same again? If
// not, that is a break.

// Where the counters of each input begin, and all of them.
#define FLAT_NEAR 0
#define FLAT_BREAKS 3136
#define FLAT_COLUMNS (FLAT_BREAKS + 4 * 11 * 8)
#define FLAT_MATCH (FLAT_COLUMNS + 10 * 10 * 8)
#define FLAT_COUNTERS (FLAT_MATCH + 5 * 12 * 8)
// How far the colour of all around is followed.
#define FLAT_REACH 6

INLINE int is_flat(const Window *o) {
  const uint32_t n = o->n;
  return o->w == n && o->ne == n && o->nw == n && o->ww == n && o->nn == n && o->nee == n
         && o->nww == n && o->nne == n;
}

// How long ago a column's last break was; `last` is its row, and 1.
INLINE int32_t age(int32_t row, int32_t last) {
  return last == 0 ? 0 : clamp(bit_length((uint32_t)(row - last + 1)), 1, 9);
}

// How far the last break is, by its number of bits; 0 for none.
INLINE int32_t distance_class(const Run *run, int32_t column) {
  return run->last_break < 0 ? 0
                             : least(bit_length((uint32_t)(column - run->last_break)) + 1, 10);
}

// How long the match is.
INLINE int32_t length_class(const Run *run) {
  if (run->match == 0) return 0;
  return run->match_length > 100 ? 4 : run->match_length > 30 ? 3 : run->match_length > 10 ? 2 : 1;
}

// Codes whether the pixel has the colour of all around.
INLINE int code_flat(
    Run *run, const Window *o, int32_t row, int32_t column, int decodes, int hit) {
  prn_graphics *g = run->g;
  Mixer *m = &run->mixer;
  int32_t right = 0, left = 0;
  while (right < FLAT_REACH && o->above[3 + right] == o->n) right++;
  while (left < FLAT_REACH && o->here[-3 - left] == o->n) left++;
  const int32_t breaks = least(run->breaks, 3);
  const int32_t distance = distance_class(run, column), length = length_class(run);
  const int32_t age_here = age(row, g->column_breaks[column]);
  const int32_t age_next = age(row, g->column_breaks[column + 1]);
  const int32_t hue = (int32_t)((o->n * 0x9E3779B1u) >> 27);
  Counter *used[4] = {
      g->flat + FLAT_NEAR + ((right * 7 + left) * 32 + hue) * 2 + (breaks > 0),
      g->flat + FLAT_BREAKS
          + (breaks * 11 + distance) * 8 + least(run->breaks_above, 3) * 2
          + (run->breaks_above2 > 0),
      g->flat + FLAT_COLUMNS + (age_here * 10 + age_next) * 8 + right,
      g->flat + FLAT_MATCH + (length * 12 + distance) * 8 + right};
  m->count = 0;
  for (int i = 0; i < 4; i++) add_input(m, stretch(g->f, chance(*used[i])));
  pad_inputs(m);
  m->sets = 1;
  m->weights[0] = g->flat_weights[breaks * 7 + right];
  m->refinement = NULL;
  m->rate = 200;
  const uint32_t probability = mix(g->f, m);
  hit = code_decision(g->f, &run->coder, decodes, probability, hit);
  uint32_t changes = 0;
  for (int i = 0; i < 4; i++) {
    const Counter before = *used[i];
    learn_counter(g->f, used[i], hit, i == 0 ? 1000 : 400);
    changes |= before ^ *used[i];
  }
  int32_t weights[FLAT_INPUTS];
  memcpy(weights, m->weights[0], sizeof weights);
  learn_mixing(g->f, m, hit);
  run->settled = (Settled){
      .is_last = hit && changes == 0 && right == FLAT_REACH && left == FLAT_REACH
                 && age_here == age_next
                 && memcmp(weights, m->weights[0], sizeof weights) == 0,
      .probability = probability,
      .age = age_here,
      .distance = distance,
      .length = length};
  if (!hit) {
    run->breaks++;
    run->last_break = column;
    g->column_breaks[column] = row + 1;
  }
  return hit;
}

#endif
