// A sample as decisions: above or below the centre, how far in cells of 2^k samples, and the bits
// within the cell.
#ifndef PRN_DEEP_WALK_H
#define PRN_DEEP_WALK_H

#include "DeepPredict.h"

typedef struct {
  // Of a cell, in bits; cells are 0 to `last`, and the centre is about where `middle` begins.
  int32_t shift, last, middle;
  int32_t scale, spread, place;
  int32_t slots[CONTEXTS];
} Walk;

// Cells are a quarter to a half of the error wide, where that is more than one sample.
INLINE void start_walk(const Deep *d, const Site *s, Walk *w) {
  const int32_t reference = lg(d->functions, (uint64_t)s->error);
  const int32_t shift = (reference >> 8) - 5;
  w->shift = clamp(shift, 0, d->depth - 1);
  w->scale = shift > 0 ? 8 + ((reference >> 6) & 3) : clamp((reference - 512) >> 7, 0, 7);
  w->last = d->largest >> w->shift;
  w->middle = least(((s->centre >> w->shift) + 32) >> 6, w->last + 1);
}

// The first sample of a cell, 0 to last + 1.
INLINE int32_t first_of(const Walk *w, int32_t cell) { return cell << w->shift; }

#endif
