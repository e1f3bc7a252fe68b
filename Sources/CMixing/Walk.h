#ifndef PRN_MIXING_WALK_H
#define PRN_MIXING_WALK_H

#include "Frequencies.h"
#include "State.h"

// The walk of section 8.5: is the value the centre? is it above? in which bucket of magnitudes?
// where in the bucket, by halves? The magnitude of a value is its distance to the centre.

#define FIRST_HALVING_NODE 10
#define FIRST_DEEP_NODE 16
#define FIRST_BUCKET_SORT 4
#define HALVING_SORT 15

#define BUCKETS 9
// Magnitudes of each bucket. The last one reaches to 256, behind all of them.
static const uint8_t BUCKET_SIZES[BUCKETS] = {1, 1, 2, 4, 8, 16, 32, 64, 128};
// Nodes below and above the centre.
static const uint8_t BUCKET_NODES[2][BUCKETS] = {
    {6, 7, 8, 9, 16, 16, 16, 16, 16}, {2, 3, 4, 5, 16, 16, 16, 16, 16}};

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
  // decision is 1, and of the others that are possible; without, 1 and 1.
  const prn_distribution *distribution;
  uint32_t one, zero;
} Walk;

INLINE void start_walk(Walk *w, Site *site, const prn_distribution *distribution) {
  *w = (Walk){
      .site = site, .centre = site->centre, .split = 1, .distribution = distribution, .one = 1,
      .zero = 1};
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

// The network's frequencies of the magnitudes below the split. Values below the centre have the
// largest symbols.
INLINE uint32_t lower_frequencies(const Walk *w) {
  return frequencies_of(
      w->distribution, w->sign ? w->nearest : 257 - w->split, w->split - w->nearest);
}

// Within the third bucket, the first half of the fourth, and that of the larger ones; behind those,
// contexts have nothing to say.
INLINE int32_t halving_node(const Walk *w) {
  const int32_t below = w->sign ? 0 : 1;
  if (w->bucket == 2) return FIRST_HALVING_NODE + below;
  if (w->depth == 0) return FIRST_HALVING_NODE + (w->bucket == 3 ? 2 : 4) + below;
  return FIRST_DEEP_NODE + 1 + (w->depth < 3 ? w->depth - 1 : 2);
}

// Asks about the next bucket, unless all that is possible, of the frequency `rest`, is within it.
INLINE int ask_bucket(Walk *w, uint32_t rest) {
  w->split = w->nearest + BUCKET_SIZES[w->bucket];
  if (w->split > w->farthest) return 0;
  w->phase = IN_BUCKETS;
  w->node = BUCKET_NODES[w->sign][w->bucket];
  w->sort = FIRST_BUCKET_SORT + w->bucket;
  w->one_is_upper = 0;
  if (w->distribution) {
    w->one = lower_frequencies(w);
    w->zero = rest - w->one;
  }
  return 1;
}

// Asks for a half of what is possible, unless it is one magnitude.
INLINE int ask_half(Walk *w, uint32_t rest) {
  if (w->nearest == w->farthest) return 0;
  w->split = ((w->nearest + w->farthest) >> 1) + 1;
  w->phase = IN_HALVES;
  w->node = halving_node(w);
  w->sort = HALVING_SORT;
  w->one_is_upper = 1;
  if (w->distribution) {
    w->zero = lower_frequencies(w);
    w->one = rest - w->zero;
  }
  return 1;
}

INLINE void choose_side(Walk *w, int sign) {
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
    w->one = frequencies_below(w->distribution, 256 - w->centre) - w->one;
    w->zero = others - w->one;
  }
}

// Takes a decision; returns whether there is another.
INLINE int advance_walk(Walk *w, int decision) {
  const uint32_t rest = decision ? w->one : w->zero;
  if (w->phase == IN_HALVES) {
    if (decision)
      w->nearest = w->split;
    else
      w->farthest = w->split - 1;
    w->depth++;
  } else if (w->phase == IN_BUCKETS && decision) {
    w->farthest = w->split - 1;
  } else {
    if (w->phase == IN_BUCKETS) {
      w->nearest = w->split;
      w->bucket++;
    } else if (w->phase == AT_SIGN) {
      choose_side(w, decision);
    } else {
      if (decision) return 0;
      if (w->centre != 0 && w->centre != 255) {
        ask_sign(w);
        return 1;
      }
      choose_side(w, w->centre == 0);
    }
    if (ask_bucket(w, rest)) return 1;
  }
  return ask_half(w, rest);
}

// The value, of a walk that has ended.
INLINE int32_t value_found(const Walk *w) {
  return w->sign ? w->centre + w->nearest : w->centre - w->nearest;
}

#endif
