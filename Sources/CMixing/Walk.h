#ifndef PRN_MIXING_WALK_H
#define PRN_MIXING_WALK_H

#include "State.h"

// The walk of section 8.5: is the value the centre? is it above? in which bucket of magnitudes? where
// in the bucket, by halves?

#define FIRST_BUCKET_NODE 2
#define FIRST_HALVING_NODE 10
#define FIRST_DEEP_NODE 16

// Within the third bucket, the first half of the fourth, and that of the larger ones; behind those, contexts have
// nothing to say.
INLINE int32_t halving_node(const prn_mixing *m) {
  const int32_t below = m->sign ? 0 : 1;
  if (m->bucket == 2) return FIRST_HALVING_NODE + below;
  if (m->depth == 0) return FIRST_HALVING_NODE + (m->bucket == 3 ? 2 : 4) + below;
  return FIRST_DEEP_NODE + 1 + (m->depth < 3 ? m->depth - 1 : 2);
}

INLINE void ask_halving(prn_mixing *m) {
  if (m->lowest == m->highest) {
    m->finished = 1;
    return;
  }
  const int32_t nearest = m->sign ? m->lowest - m->centre : m->centre - m->highest;
  const int32_t farthest = m->sign ? m->highest - m->centre : m->centre - m->lowest;
  const int32_t middle = (nearest + farthest) >> 1;
  m->question = (Question){
      .node = halving_node(m),
      .kind = 14,
      .split = m->sign ? m->centre + middle + 1 : m->centre - middle,
      .one_is_upper = m->sign};
}

INLINE void ask_bucket(prn_mixing *m) {
  const int32_t farthest = m->sign ? 255 - m->centre : m->centre;
  const int32_t behind = m->first + m->size;
  if (behind > farthest) {
    ask_halving(m);
    return;
  }
  m->question = (Question){
      .node = m->bucket > 3 ? FIRST_DEEP_NODE
                            : FIRST_BUCKET_NODE + (m->sign ? 0 : 4) + m->bucket,
      .kind = 2 + m->bucket,
      .split = m->sign ? m->centre + behind : m->centre - behind + 1,
      .one_is_upper = !m->sign};
}

INLINE void choose_side(prn_mixing *m, const Level *level, int sign) {
  m->sign = sign;
  if (sign)
    m->lowest = m->centre + 1;
  else
    m->highest = m->centre - 1;
  // Of the sums, the split was that above the centre.
  for (int32_t k = 0; k < level->experts; k++) {
    Expert *expert = &m->experts[k];
    if (sign) {
      expert->low = expert->split;
      expert->high = (uint64_t)1 << 32;
    } else {
      expert->high = expert->low;
      expert->low = 0;
    }
  }
  if (sign) {
    m->network_low = m->network_split;
    m->network_high = m->network ? m->network->total : 0;
  } else {
    m->network_high = m->network_low;
    m->network_low = 0;
  }
  m->bucket = 0;
  m->first = 1;
  m->size = 1;
  m->depth = 0;
  ask_bucket(m);
}

// The candidates become those below or above the split.
INLINE void narrow(prn_mixing *m, const Level *level, int upper) {
  if (upper) {
    m->lowest = m->question.split;
    m->network_low = m->network_split;
  } else {
    m->highest = m->question.split - 1;
    m->network_high = m->network_split;
  }
  for (int32_t k = 0; k < level->experts; k++) {
    Expert *expert = &m->experts[k];
    if (upper)
      expert->low = expert->split;
    else
      expert->high = expert->split;
  }
}

INLINE void start_walk(prn_mixing *m) {
  m->lowest = 0;
  m->highest = 255;
  m->finished = 0;
  m->question = (Question){.node = 0, .kind = 0, .split = m->centre, .one_is_upper = 0};
}

INLINE void advance_walk(prn_mixing *m, const Level *level, int decision) {
  if (m->question.kind == 0) {
    if (decision) {
      m->lowest = m->highest = m->centre;
      m->finished = 1;
    } else if (m->centre == 0) {
      choose_side(m, level, 1);
    } else if (m->centre == 255) {
      choose_side(m, level, 0);
    } else {
      m->question = (Question){.node = 1, .kind = 1, .split = m->centre + 1, .one_is_upper = 1};
    }
    return;
  }
  if (m->question.kind == 1) {
    choose_side(m, level, decision);
    return;
  }
  const int in_bucket = m->question.kind < 14;
  narrow(m, level, decision == m->question.one_is_upper);
  if (!in_bucket) {
    m->depth++;
    ask_halving(m);
  } else if (decision) {
    ask_halving(m);
  } else {
    m->first += m->size;
    m->bucket++;
    if (m->bucket >= 2) m->size *= 2;
    ask_bucket(m);
  }
}

#endif
