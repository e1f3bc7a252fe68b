#ifndef PRN_MIXING_SITE_H
#define PRN_MIXING_SITE_H

#include "Contexts.h"
#include "State.h"

// Slopes of the narrow and the wide distribution: over the local error, in 16ths.
#define NARROW (205 << 16)
#define ROUNDER (92 << 16)

INLINE void find_experts(const Place *place, const Level *level, Site *site) {
  const prn_mixing *m = place->m;
  const prn_colour_view *view = &m->views[place->colour];
  site->blend = view->blend[site->cell];
  site->centre = (site->blend + 32) >> 6;
  int32_t least = INT32_MAX;
  for (int32_t k = 0; k < m->predictors; k++) {
    const int32_t error = view->local_errors[k][site->cell];
    least = error < least ? error : least;
  }
  site->energy = clamp((log2_256(m->tables, (uint64_t)least) - 3 * 256) >> 7, 0, ENERGIES - 1);
  Expert *expert = site->experts;
  if (level->experts > 0)
    *expert++ = (Expert){.centre = site->blend, .slope = NARROW / least};
  if (level->experts > 1)
    *expert++ = (Expert){.centre = site->blend, .slope = ROUNDER / least};
  // The fits first.
  for (int32_t k = 0; k < level->experts - 2; k++) {
    const int32_t behind = m->predictors - 1 - k;
    const int32_t predictor = behind > 0 ? behind : 0;
    *expert++ = (Expert){
        .centre = view->predictors[predictor][site->cell],
        .slope = NARROW / view->local_errors[predictor][site->cell]};
  }
}

INLINE int32_t texture(const Place *place, int32_t row, int32_t centre) {
  static const int8_t taps[5][2] = {{0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2}};
  int32_t bits = 0;
  for (int k = 0; k < 5; k++)
    bits |= (neighbour(place, place->colour, row, taps[k][0], taps[k][1]) > centre) << k;
  return bits;
}

INLINE void find_site(const Place *place, const Level *level, int32_t row, Site *site) {
  site->row = row;
  site->cell = prn_prediction_cell(place->m->stride, place->t, row);
  find_experts(place, level, site);
  select_contexts(place, level, site);
  if (level->weight_sets > 3) site->texture = texture(place, row, site->centre);
}

#endif
