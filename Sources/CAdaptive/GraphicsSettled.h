#ifndef PRN_GRAPHICS_SETTLED_H
#define PRN_GRAPHICS_SETTLED_H

#include "GraphicsFlat.h"

// Wide flat areas. Where a decision has taught nothing, and the next pixel has the same
// surroundings, that has the same decision, which will teach nothing either: only the range
// changes. So this gives what GraphicsFlat.h gives, and takes a part of the time.

// Whether a pixel has the decision of the one before.
INLINE int has_settled_decision(
    const Run *run, const uint32_t *here, int32_t row, int32_t column) {
  const Settled *s = &run->settled;
  if (!s->is_last) return 0;
  // The others of the colours around are those of the pixel before.
  const uint32_t colour = here[-1];
  const uint32_t *above = here - run->g->stride;
  return above[2 + FLAT_REACH] == colour && (above - run->g->stride)[1] == colour
         && age(row, run->g->column_breaks[column + 1]) == s->age
         && distance_class(run, column) == s->distance && length_class(run) == s->length
         && !(run->match && match_colour(run) != colour);
}

// Codes the pixel if it has the colour of all around; returns whether it has. If not, nothing is
// coded. `hit` is for the encoder.
INLINE int code_settled(Run *run, int decodes, int hit) {
  return code_one(run->g->f, &run->coder, decodes, run->settled.probability, hit);
}

#endif
