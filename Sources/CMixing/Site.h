#ifndef PRN_MIXING_SITE_H
#define PRN_MIXING_SITE_H

#include "Contexts.h"
#include "State.h"

// Slopes of the narrow and the wide distribution: over the local error, in 16ths.
#define NARROW (205 << 16)
#define ROUNDER (92 << 16)

INLINE Ints texture(const Place *place, const Block *block, Ints centre) {
  static const int8_t taps[5][2] = {{0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2}};
  Ints bits = {0};
  for (int k = 0; k < 5; k++)
    bits |= (neighbour(place, block, place->colour, taps[k][0], taps[k][1]) > centre)
            & (1 << k);
  return bits;
}

// The rows from `row` on, before `end`: as many as there are vectors for.
INLINE void find_block(
    const Place *place, const Level *level, int32_t row, int32_t end, Block *block) {
  const prn_mixing *m = place->m;
  const prn_colour_view *view = &m->views[place->colour];
  block->row = row;
  block->end = end - row < LANES ? end : row + LANES;
  const int32_t count = block->end - row;
  const ptrdiff_t cell = prn_prediction_cell(m->stride, place->t, row);
  const Ints blend = INTS(rows_of(view->blend + cell, count));
  const Ints centre = (blend + 32) >> 6;
  Shorts least = rows_of(view->local_errors[0] + cell, count);
  for (int32_t k = 1; k < m->predictors; k++) {
    const Shorts error = rows_of(view->local_errors[k] + cell, count);
    least = __builtin_elementwise_min(least, error);
  }
  Shorts energy = {0};
  for (int k = 0; k < ENERGIES - 1; k++) energy -= least >= place->tables->energies[k];
  Selection selection = {
      place, block, centre, blend, INTS(energy), .most = level->contexts};
  select_contexts(&selection);
  memcpy(block->centre, &centre, sizeof centre);
  memcpy(block->blend, &blend, sizeof blend);
  memcpy(block->energy, &selection.energy, sizeof selection.energy);
  if (level->weight_sets > 3) {
    const Ints bits = texture(place, block, centre);
    memcpy(block->texture, &bits, sizeof bits);
  }
}

INLINE void find_experts(const Place *place, const Level *level, int32_t row, Site *site) {
  const prn_mixing *m = place->m;
  const prn_colour_view *view = &m->views[place->colour];
  const ptrdiff_t cell = prn_prediction_cell(m->stride, place->t, row);
  int32_t least = INT32_MAX;
  for (int32_t k = 0; k < m->predictors; k++) {
    const int32_t error = view->local_errors[k][cell];
    least = error < least ? error : least;
  }
  Expert *expert = site->experts;
  *expert++ = (Expert){.centre = site->blend, .slope = NARROW / least};
  *expert++ = (Expert){.centre = site->blend, .slope = ROUNDER / least};
  // The fits first.
#pragma clang loop unroll(full)
  for (int32_t k = 0; k < level->experts - 2; k++) {
    const int32_t behind = m->predictors - 1 - k;
    const int32_t predictor = behind > 0 ? behind : 0;
    *expert++ = (Expert){
        .centre = view->predictors[predictor][cell],
        .slope = NARROW / view->local_errors[predictor][cell]};
  }
}

// The row of a block.
INLINE void find_site(
    const Place *place, const Level *level, const Block *block, int32_t row, Site *site) {
  const int32_t lane = row - block->row;
  site->centre = block->centre[lane];
  site->blend = block->blend[lane];
  site->energy = block->energy[lane];
  if (level->weight_sets > 3) site->texture = block->texture[lane];
#pragma clang loop unroll(full)
  for (int32_t k = 0; k < level->contexts; k++) {
    site->slots[k] = place->m->contexts + block->slots[k][lane];
    __builtin_prefetch(site->slots[k]);
  }
  if (level->experts > 0) find_experts(place, level, row, site);
}

#endif
