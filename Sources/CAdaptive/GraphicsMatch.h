#ifndef PRN_GRAPHICS_MATCH_H
#define PRN_GRAPHICS_MATCH_H

#include "GraphicsHistory.h"

// The match (section 11.5): where the widest neighbourhood stood before, and what came then.

INLINE uint32_t match_colour(const Run *run) {
  return run->match ? run->g->colours[run->match] : 0;
}

// Takes the last place of the widest neighbourhood if there is no match, or a fresh one.
INLINE void find_match(Run *run, const Window *o, const Histories *h) {
  const prn_graphics *g = run->g;
  if (run->match && run->match_length > 0) return;
  run->match = g->matches[h->widest];
  run->match_length = 0;
  if (!run->match) return;
  const uint32_t *there = g->colours + run->match;
  const uint32_t *above = there - g->stride;
  if (there[-1] != o->w || above[0] != o->n || above[1] != o->ne) {
    run->match = 0;
    return;
  }
  while (run->match_length < 16 && there[-1 - run->match_length] == o->here[-1 - run->match_length])
    run->match_length++;
}

INLINE int32_t match_class(const Run *run) {
  const int32_t n = run->match_length;
  if (!run->match) return 0;
  if (n < 4) return n + 1;
  return n < 8 ? 5 : n < 16 ? 6 : n < 32 ? 7 : n < 64 ? 8 : n < 200 ? 9 : 10;
}

// What the match says of a candidate, 0 to MATCH_STATES - 1.
INLINE int32_t match_state(const Run *run, int32_t class, uint32_t colour) {
  if (!run->match) return 0;
  return match_colour(run) == colour ? 1 + class : 20 + class;
}

INLINE void follow_match(Run *run, uint32_t colour) {
  if (!run->match) return;
  if (match_colour(run) != colour) {
    run->match = 0;
    run->match_length = 0;
    return;
  }
  run->match++;
  if (run->match_length < 65535) run->match_length++;
}

#endif
