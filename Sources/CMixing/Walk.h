#ifndef PRN_MIXING_WALK_H
#define PRN_MIXING_WALK_H

#include "State.h"

// The walk of section 8.5: is the value the centre? is it above? in which bucket of magnitudes?
// where in the bucket, by halves? The magnitude of a value is its distance to the centre.

#define FIRST_BUCKET_NODE 2
#define FIRST_HALVING_NODE 10
#define FIRST_DEEP_NODE 16
#define FIRST_BUCKET_SORT 4
#define HALVING_SORT 15

// What the next decision is about. A 1 means the centre; above it; in the bucket, that is below the
// split; in the upper half, that is not below it.
typedef enum { AT_CENTRE, AT_SIGN, IN_BUCKETS, IN_HALVES } Phase;

typedef struct {
  Site *site;
  Phase phase;
  int32_t node, sort;
  int32_t centre;
  // Whether the value is above the centre.
  int32_t sign;
  // Magnitudes that are possible. They are split in two: those from `split` on are the upper ones.
  int32_t nearest, farthest, split;
  // Whether a 1 means the upper ones. At the sign, 1 stands for what is above, and less for what is
  // below the centre.
  int32_t one_is_upper;
  int32_t bucket, depth;
  // The network's frequencies; NULL without a network. Its sum of those of the values for which the
  // decision is 1, and of the others that are possible.
  const prn_distribution *distribution;
  uint32_t one, zero;
} Walk;

INLINE void start_walk(Walk *w, Site *site, const prn_distribution *distribution) {
  *w = (Walk){.site = site, .centre = site->centre, .split = 1, .distribution = distribution};
  if (distribution) {
    w->one = distribution->frequencies[0];
    w->zero = distribution->total - w->one;
  }
}

// The next decision for a value that is known, from its distance to the centre.
INLINE int decision_for(const Walk *w, int32_t distance) {
  const int32_t magnitude = distance < 0 ? -distance : distance;
  return ((w->phase == AT_SIGN ? distance : magnitude) >= w->split) == w->one_is_upper;
}

// The network's frequencies of the magnitudes below the split, of `rest`. Values below the centre
// have the largest symbols.
INLINE uint32_t lower_frequencies(const Walk *w) {
  const prn_distribution *network = w->distribution;
  const int32_t count = w->split - w->nearest;
  const int32_t first = w->sign ? w->nearest : 257 - w->split;
  if (count <= 2)
    return network->frequencies[first]
           + (count == 2 ? network->frequencies[first + 1] : 0);
  return prn_symbols_below(network, first + count) - prn_symbols_below(network, first);
}

// Within the third bucket, the first half of the fourth, and that of the larger ones; behind those,
// contexts have nothing to say.
INLINE int32_t halving_node(const Walk *w) {
  const int32_t below = w->sign ? 0 : 1;
  if (w->bucket == 2) return FIRST_HALVING_NODE + below;
  if (w->depth == 0) return FIRST_HALVING_NODE + (w->bucket == 3 ? 2 : 4) + below;
  return FIRST_DEEP_NODE + 1 + (w->depth < 3 ? w->depth - 1 : 2);
}

// Splits what is possible, and has the frequency `rest`. Returns whether there is nothing to split.
INLINE int ask(Walk *w, uint32_t rest) {
  if (w->phase == IN_BUCKETS) {
    w->split = w->nearest + (w->bucket < 2 ? 1 : 1 << (w->bucket - 1));
    w->node = w->bucket > 3 ? FIRST_DEEP_NODE
                            : FIRST_BUCKET_NODE + (w->sign ? 0 : 4) + w->bucket;
    w->sort = FIRST_BUCKET_SORT + w->bucket;
    if (w->split > w->farthest) w->phase = IN_HALVES;
  }
  if (w->phase == IN_HALVES) {
    if (w->nearest == w->farthest) return 1;
    w->split = ((w->nearest + w->farthest) >> 1) + 1;
    w->node = halving_node(w);
    w->sort = HALVING_SORT;
  }
  w->one_is_upper = w->phase == IN_HALVES;
  if (w->distribution) {
    const uint32_t lower = lower_frequencies(w);
    w->one = w->one_is_upper ? rest - lower : lower;
    w->zero = rest - w->one;
  }
  return 0;
}

INLINE void choose_side(Walk *w, int sign) {
  w->phase = IN_BUCKETS;
  w->sign = sign;
  w->nearest = 1;
  w->farthest = sign ? 255 - w->centre : w->centre;
}

INLINE void ask_sign(Walk *w) {
  w->phase = AT_SIGN;
  w->node = w->sort = 1;
  w->one_is_upper = 1;
  if (w->distribution) {
    const uint32_t others = w->zero;
    w->one = prn_symbols_below(w->distribution, 256 - w->centre) - w->one;
    w->zero = others - w->one;
  }
}

// Takes a decision; returns whether it was the last.
INLINE int advance_walk(Walk *w, int decision) {
  const uint32_t rest = decision ? w->one : w->zero;
  if (w->phase == AT_CENTRE) {
    if (decision) return 1;
    if (w->centre != 0 && w->centre != 255) {
      ask_sign(w);
      return 0;
    }
    choose_side(w, w->centre == 0);
  } else if (w->phase == AT_SIGN) {
    choose_side(w, decision);
  } else {
    if (decision == w->one_is_upper)
      w->nearest = w->split;
    else
      w->farthest = w->split - 1;
    if (w->phase == IN_HALVES)
      w->depth++;
    else if (decision)
      w->phase = IN_HALVES;
    else
      w->bucket++;
  }
  return ask(w, rest);
}

// The value, of a walk that has ended.
INLINE int32_t value_found(const Walk *w) {
  return w->sign ? w->centre + w->nearest : w->centre - w->nearest;
}

#endif
