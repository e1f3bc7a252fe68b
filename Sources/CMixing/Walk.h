#ifndef PRN_MIXING_WALK_H
#define PRN_MIXING_WALK_H

#include "State.h"

// The walk of section 8.5: is the value the centre? is it above? in which bucket of magnitudes?
// where in the bucket, by halves?

#define FIRST_BUCKET_NODE 2
#define FIRST_HALVING_NODE 10
#define FIRST_DEEP_NODE 16

// All masses and frequencies.
#define WHOLE ((uint64_t)1 << 32)

// What the next decision asks of the value. Its candidates are two intervals; a decision of 1 means
// the upper one or the lower one, and for the first node, that the value is the centre.
typedef struct {
  int32_t node;
  // 0 first node, 1 sign, 2 + k bucket k, 14 within a bucket.
  int32_t kind;
  // The lowest value of the upper interval.
  int32_t split;
  int one_is_upper;
} Question;

// The candidates, and how far the walk has come.
typedef struct {
  Site *site;
  int32_t centre;
  int32_t lowest, highest;
  // Magnitudes from `first` on are in the bucket.
  int32_t sign, bucket, first, size, depth;
  Question question;
  int finished;
  // The network's frequencies; NULL without a network. Sums of them, by value: of all values below
  // the candidates, below the split, and so on.
  const prn_distribution *distribution;
  uint32_t low, split, high;
  // Of all symbols that stand for values from the centre on.
  uint32_t network_first;
} Walk;

INLINE void start_walk(Walk *w, Site *site, const prn_distribution *distribution) {
  *w = (Walk){
      .site = site,
      .centre = site->centre,
      .highest = 255,
      .question = {.node = 0, .kind = 0, .split = site->centre, .one_is_upper = 0},
      .distribution = distribution};
}

// The next decision for a value that is known.
INLINE int decision_for(const Walk *w, int32_t value) {
  const Question *q = &w->question;
  if (q->kind == 0) return value == w->centre;
  return (value >= q->split) == q->one_is_upper;
}

// Within the third bucket, the first half of the fourth, and that of the larger ones; behind those,
// contexts have nothing to say.
INLINE int32_t halving_node(const Walk *w) {
  const int32_t below = w->sign ? 0 : 1;
  if (w->bucket == 2) return FIRST_HALVING_NODE + below;
  if (w->depth == 0) return FIRST_HALVING_NODE + (w->bucket == 3 ? 2 : 4) + below;
  return FIRST_DEEP_NODE + 1 + (w->depth < 3 ? w->depth - 1 : 2);
}

INLINE void ask_halving(Walk *w) {
  if (w->lowest == w->highest) {
    w->finished = 1;
    return;
  }
  const int32_t nearest = w->sign ? w->lowest - w->centre : w->centre - w->highest;
  const int32_t farthest = w->sign ? w->highest - w->centre : w->centre - w->lowest;
  const int32_t middle = (nearest + farthest) >> 1;
  w->question = (Question){
      .node = halving_node(w),
      .kind = 14,
      .split = w->sign ? w->centre + middle + 1 : w->centre - middle,
      .one_is_upper = w->sign};
}

INLINE void ask_bucket(Walk *w) {
  const int32_t farthest = w->sign ? 255 - w->centre : w->centre;
  const int32_t behind = w->first + w->size;
  if (behind > farthest) {
    ask_halving(w);
    return;
  }
  w->question = (Question){
      .node = w->bucket > 3 ? FIRST_DEEP_NODE
                            : FIRST_BUCKET_NODE + (w->sign ? 0 : 4) + w->bucket,
      .kind = 2 + w->bucket,
      .split = w->sign ? w->centre + behind : w->centre - behind + 1,
      .one_is_upper = !w->sign};
}

INLINE void choose_side(Walk *w, const Level *level, int sign) {
  w->sign = sign;
  if (sign)
    w->lowest = w->centre + 1;
  else
    w->highest = w->centre - 1;
  // Of the sums, the split was that above the centre.
  for (int32_t k = 0; k < level->experts; k++) {
    Expert *expert = &w->site->experts[k];
    if (sign) {
      expert->low = expert->split;
      expert->high = WHOLE;
    } else {
      expert->high = expert->low;
      expert->low = 0;
    }
  }
  if (sign) {
    w->low = w->split;
    w->high = w->distribution ? w->distribution->total : 0;
  } else {
    w->high = w->low;
    w->low = 0;
  }
  w->bucket = 0;
  w->first = 1;
  w->size = 1;
  w->depth = 0;
  ask_bucket(w);
}

// The candidates become those below or above the split.
INLINE void narrow(Walk *w, const Level *level, int upper) {
  if (upper) {
    w->lowest = w->question.split;
    w->low = w->split;
  } else {
    w->highest = w->question.split - 1;
    w->high = w->split;
  }
  for (int32_t k = 0; k < level->experts; k++) {
    Expert *expert = &w->site->experts[k];
    if (upper)
      expert->low = expert->split;
    else
      expert->high = expert->split;
  }
}

INLINE void advance_walk(Walk *w, const Level *level, int decision) {
  if (w->question.kind == 0) {
    if (decision) {
      w->lowest = w->highest = w->centre;
      w->finished = 1;
    } else if (w->centre == 0) {
      choose_side(w, level, 1);
    } else if (w->centre == 255) {
      choose_side(w, level, 0);
    } else {
      w->question = (Question){.node = 1, .kind = 1, .split = w->centre + 1, .one_is_upper = 1};
    }
    return;
  }
  if (w->question.kind == 1) {
    choose_side(w, level, decision);
    return;
  }
  const int in_bucket = w->question.kind < 14;
  narrow(w, level, decision == w->question.one_is_upper);
  if (!in_bucket) {
    w->depth++;
    ask_halving(w);
  } else if (decision) {
    ask_halving(w);
  } else {
    w->first += w->size;
    w->bucket++;
    if (w->bucket >= 2) w->size *= 2;
    ask_bucket(w);
  }
}

#endif
