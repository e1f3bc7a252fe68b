#ifndef PRN_MIXING_CONTEXTS_H
#define PRN_MIXING_CONTEXTS_H

#include "State.h"

// The contexts of table 8.4: small exact facts of the neighbourhood, all relative to the centre
// where they can be, hashed into tables of their own.

typedef struct {
  const Place *place;
  Block *block;
  Ints centre, blend, energy;
  int32_t count, most;
} Selection;

INLINE void add(Selection *s, Ints a, Ints b, Ints c) {
  const prn_mixing *m = s->place->m;
  if (s->count >= s->most) return;
  const uint32_t k = (uint32_t)s->count;
  Words hash = (uint32_t)s->place->colour * 0x01000193u + (k + 1) * 0x2545F491u
               + (Words)a * 0x009E3779u + (Words)b * 0x018F5CF3u + (Words)c * 0x0551CCC2u;
  hash *= 0x9E3779B1u;
  hash ^= hash >> 15;
  hash *= 0x85EBCA6Bu;
  hash = (hash >> (32 - (uint32_t)m->context_bits)) + (k << m->context_bits);
  memcpy(s->block->slots[k], &hash, sizeof hash);
  s->count++;
}

INLINE ptrdiff_t neighbour_cell(const Place *place, const Block *block, int32_t dr, int32_t dc) {
  return prn_prediction_cell(
      place->m->stride, place->t + PRN_SHEAR * dr + dc, block->row + dr);
}

// Neighbours' values, or what stands for them outside of the tile.
INLINE Ints neighbour(
    const Place *place, const Block *block, int32_t colour, int32_t dr, int32_t dc) {
  const int16_t *values = place->m->views[colour].values;
  return INTS(
      rows_of(values + neighbour_cell(place, block, dr, dc), block->end - block->row));
}

INLINE Ints miss(
    const Place *place, const Block *block, int32_t colour, int32_t dr, int32_t dc) {
  const int16_t *misses = place->m->views[colour].misses;
  return INTS(
      rows_of(misses + neighbour_cell(place, block, dr, dc), block->end - block->row));
}

// A predictor in values, with one fraction bit.
INLINE Ints predicted(const Place *place, const Block *block, int32_t k) {
  const int16_t *predictor = place->m->views[place->colour].predictors[k];
  const Ints sixty_fourths = INTS(
      rows_of(predictor + neighbour_cell(place, block, 0, 0), block->end - block->row));
  return (sixty_fourths + 16) >> 5;
}

INLINE void first_colour(Selection *s) {
  const Place *at = s->place;
  const Block *block = s->block;
  const Ints none = {0}, p = s->centre, e = s->energy;
  const Ints w = neighbour(at, block, 0, 0, -1), n = neighbour(at, block, 0, -1, 0);
  const Ints nw = neighbour(at, block, 0, -1, -1), ne = neighbour(at, block, 0, -1, 1);
  const Ints gn = neighbour(at, block, 1, -1, 0);
  const Ints nn = neighbour(at, block, 0, -2, 0), ww = neighbour(at, block, 0, 0, -2);
  add(s, (w - p) >> 1, (n - p) >> 1, none);
  add(s, p, none, none);
  add(s, w - p, (ww - p) >> 1, none);
  add(s, (n - nn) >> 1, (ne - p) >> 2, none);
  add(s, (predicted(at, block, 1) >> 1) - p, e >> 1, none);
  add(s, gn - n, n - p, none);
  add(s, w - n, (ne - n) >> 2, none);
  add(s, w, p >> 2, none);
  add(s, (w - n) >> 1, (nw - n) >> 1, e >> 1);
  add(s, (ne - n) >> 1, (nw - n) >> 1, (w - n) >> 2);
  add(s, (w - ww) >> 1, (n - p) >> 2, none);
}

INLINE void later_colour(Selection *s) {
  const Place *at = s->place;
  const Block *block = s->block;
  const int32_t c = at->colour;
  const Ints none = {0}, p = s->centre, e = s->energy;
  const Ints r = neighbour(at, block, 0, 0, 0);
  const Ints g = c == 2 ? neighbour(at, block, 1, 0, 0) : none;
  const Ints before = c == 2 ? g : r;
  const Ints w = neighbour(at, block, c, 0, -1), n = neighbour(at, block, c, -1, 0);
  const Ints dw = before - neighbour(at, block, c - 1, 0, -1);
  const Ints dn = before - neighbour(at, block, c - 1, -1, 0);
  const Ints rw = neighbour(at, block, 0, 0, -1);
  // Where the value would be if the colour difference were that of W, N.
  const Ints cw = w + dw, cn = n + dn;
  const Ints last = predicted(at, block, at->m->predictors - 1) - 2 * p;
  const Ints third = predicted(at, block, 2) - 2 * p;
  const Ints median = (predicted(at, block, 0) >> 1) - p;
  const Ints own = miss(at, block, c - 1, 0, 0);
  add(s, r - p, c == 2 ? g - p : r - rw, none);
  add(s, before, p, none);
  add(s, cw - p, cn - p, none);
  add(s, own, miss(at, block, c, 0, -1) >> 1, none);
  add(s, cw - p, dw >> 1, none);
  if (c == 1)
    add(s, r - p, rw - w, none);
  else
    add(s, r - p, g - p, p >> 4);
  add(s, cn - p, dn >> 1, none);
  add(s, own, c == 2 ? miss(at, block, 0, 0, 0) : none, none);
  add(s, third, e, none);
  add(s, last, median >> 1, none);
  add(s, (s->blend - 64 * p) >> 4, e, none);
}

INLINE void select_contexts(Selection *s) {
  if (s->place->colour == 0)
    first_colour(s);
  else
    later_colour(s);
}

#endif
