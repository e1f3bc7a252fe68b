#ifndef PRN_MIXING_CONTEXTS_H
#define PRN_MIXING_CONTEXTS_H

#include "State.h"

// The contexts of table 8.4: small exact facts of the neighbourhood, all relative to the centre
// where they can be, hashed into tables of their own.

typedef struct {
  const Place *place;
  Site *site;
  int32_t count, most;
} Selection;

INLINE void add(Selection *s, int32_t a, int32_t b, int32_t c) {
  const prn_mixing *m = s->place->m;
  if (s->count >= s->most) return;
  const uint32_t k = (uint32_t)s->count;
  uint32_t hash = (uint32_t)s->place->colour * 0x01000193u + (k + 1) * 0x2545F491u
                  + (uint32_t)a * 0x009E3779u + (uint32_t)b * 0x018F5CF3u
                  + (uint32_t)c * 0x0551CCC2u;
  hash *= 0x9E3779B1u;
  hash ^= hash >> 15;
  hash *= 0x85EBCA6Bu;
  Slot *slot = m->contexts + ((size_t)k << m->context_bits)
               + (hash >> (32 - m->context_bits));
  __builtin_prefetch(slot);
  s->site->slots[k] = slot;
  s->count++;
}

INLINE int32_t miss(
    const Place *place, int32_t colour, int32_t row, int32_t dr, int32_t dc) {
  return place->m->views[colour].misses[neighbour_cell(place, row, dr, dc)];
}

// A predictor in values, with one fraction bit.
INLINE int32_t predicted(const Place *place, const Site *site, int32_t k) {
  return (place->m->views[place->colour].predictors[k][site->cell] + 16) >> 5;
}

INLINE void first_colour(Selection *s) {
  const Place *at = s->place;
  const int32_t row = s->site->row;
  const int32_t p = s->site->centre, e = s->site->energy;
  const int32_t w = neighbour(at, 0, row, 0, -1), n = neighbour(at, 0, row, -1, 0);
  const int32_t nw = neighbour(at, 0, row, -1, -1), ne = neighbour(at, 0, row, -1, 1);
  const int32_t gn = neighbour(at, 1, row, -1, 0);
  const int32_t nn = neighbour(at, 0, row, -2, 0), ww = neighbour(at, 0, row, 0, -2);
  add(s, (w - p) >> 1, (n - p) >> 1, 0);
  add(s, p, 0, 0);
  add(s, w - p, (ww - p) >> 1, 0);
  add(s, (n - nn) >> 1, (ne - p) >> 2, 0);
  add(s, (predicted(at, s->site, 1) >> 1) - p, e >> 1, 0);
  add(s, gn - n, n - p, 0);
  add(s, w - n, (ne - n) >> 2, 0);
  add(s, w, p >> 2, 0);
  add(s, (w - n) >> 1, (nw - n) >> 1, e >> 1);
  add(s, (ne - n) >> 1, (nw - n) >> 1, (w - n) >> 2);
  add(s, (w - ww) >> 1, (n - p) >> 2, 0);
}

INLINE void later_colour(Selection *s) {
  const Place *at = s->place;
  const int32_t row = s->site->row;
  const int32_t c = at->colour, p = s->site->centre, e = s->site->energy;
  const int32_t r = neighbour(at, 0, row, 0, 0), g = c == 2 ? neighbour(at, 1, row, 0, 0) : 0;
  const int32_t before = c == 2 ? g : r;
  const int32_t w = neighbour(at, c, row, 0, -1), n = neighbour(at, c, row, -1, 0);
  const int32_t dw = before - neighbour(at, c - 1, row, 0, -1);
  const int32_t dn = before - neighbour(at, c - 1, row, -1, 0);
  const int32_t rw = neighbour(at, 0, row, 0, -1);
  // Where the value would be if the colour difference were that of W, N.
  const int32_t cw = w + dw, cn = n + dn;
  const int32_t last = predicted(at, s->site, at->m->predictors - 1) - 2 * p;
  const int32_t third = predicted(at, s->site, 2) - 2 * p;
  const int32_t median = (predicted(at, s->site, 0) >> 1) - p;
  const int32_t own = miss(at, c - 1, row, 0, 0);
  add(s, r - p, c == 2 ? g - p : r - rw, 0);
  add(s, before, p, 0);
  add(s, cw - p, cn - p, 0);
  add(s, own, miss(at, c, row, 0, -1) >> 1, 0);
  add(s, cw - p, dw >> 1, 0);
  if (c == 1)
    add(s, r - p, rw - w, 0);
  else
    add(s, r - p, g - p, p >> 4);
  add(s, cn - p, dn >> 1, 0);
  add(s, own, c == 2 ? miss(at, 0, row, 0, 0) : 0, 0);
  add(s, third, e, 0);
  add(s, last, median >> 1, 0);
  add(s, (s->site->blend - 64 * p) >> 4, e, 0);
}

INLINE void select_contexts(const Place *place, const Level *level, Site *site) {
  Selection selection = {place, site, 0, level->contexts};
  if (place->colour == 0)
    first_colour(&selection);
  else
    later_colour(&selection);
}

#endif
