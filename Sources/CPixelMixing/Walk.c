#include "State.h"

// The walk of section 7.5: is the value the centre? is it above? in which bucket of magnitudes? where
// in the bucket, by halves?

static const int32_t FIRST_BUCKET_NODE = 2;
static const int32_t FIRST_HALVING_NODE = 18;

static int is_in_bucket(const prn_mixing *m) { return m->question.kind >= 2 && m->question.kind < 14; }

// The node within a bucket: by bucket at first, then by depth.
static int32_t halving_node(const prn_mixing *m) {
  const int32_t k = m->bucket < 6 ? m->bucket : 6;
  if (m->depth == 0) return k - 2;
  if (m->depth == 1) return m->bucket > 4 ? 6 : 5;
  return 5 + (m->depth < 4 ? m->depth : 4);
}

static void ask_halving(prn_mixing *m) {
  if (m->lowest == m->highest) {
    m->finished = 1;
    return;
  }
  const int32_t nearest = m->sign ? m->lowest - m->centre : m->centre - m->highest;
  const int32_t farthest = m->sign ? m->highest - m->centre : m->centre - m->lowest;
  const int32_t middle = (nearest + farthest) >> 1;
  m->question = (Question){
      .node = FIRST_HALVING_NODE + 10 * m->sign + halving_node(m),
      .kind = 14,
      .split = m->sign ? m->centre + middle + 1 : m->centre - middle,
      .one_is_upper = m->sign};
}

static void ask_bucket(prn_mixing *m) {
  const int32_t farthest = m->sign ? 255 - m->centre : m->centre;
  const int32_t behind = m->first + m->size;
  if (behind > farthest) {
    ask_halving(m);
    return;
  }
  const int32_t k = m->bucket < 7 ? m->bucket : 7;
  m->question = (Question){
      .node = FIRST_BUCKET_NODE + 8 * m->sign + k,
      .kind = 2 + m->bucket,
      .split = m->sign ? m->centre + behind : m->centre - behind + 1,
      .one_is_upper = !m->sign};
}

static void choose_side(prn_mixing *m, int sign) {
  m->sign = sign;
  if (sign)
    m->lowest = m->centre + 1;
  else
    m->highest = m->centre - 1;
  for (int32_t k = 0; k < m->predictors; k++)
    for (int s = 0; s < m->level.scales; s++) {
      Expert *expert = &m->experts[k];
      if (sign)
        expert->low[s] = expert->split[s];
      else
        expert->high[s] = expert->low[s];
      if (sign)
        expert->high[s] = (Boundary){1, 0};
      else
        expert->low[s] = (Boundary){0, 0};
    }
  if (sign) {
    m->network_low = m->network_split;
    m->network_high = m->network->total;
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
static void narrow(prn_mixing *m, int upper) {
  if (upper) {
    m->lowest = m->question.split;
    m->network_low = m->network_split;
  } else {
    m->highest = m->question.split - 1;
    m->network_high = m->network_split;
  }
  for (int32_t k = 0; k < m->predictors; k++)
    for (int s = 0; s < m->level.scales; s++) {
      Expert *expert = &m->experts[k];
      if (upper)
        expert->low[s] = expert->split[s];
      else
        expert->high[s] = expert->split[s];
    }
}

void prn_start_walk(prn_mixing *m) {
  m->lowest = 0;
  m->highest = 255;
  m->finished = 0;
  m->question = (Question){.node = 0, .kind = 0, .split = m->centre, .one_is_upper = 0};
}

void prn_advance_walk(prn_mixing *m, int decision) {
  if (m->question.kind == 0) {
    if (decision) {
      m->lowest = m->highest = m->centre;
      m->finished = 1;
    } else if (m->centre == 0) {
      choose_side(m, 1);
    } else if (m->centre == 255) {
      choose_side(m, 0);
    } else {
      m->question = (Question){.node = 1, .kind = 1, .split = m->centre + 1, .one_is_upper = 1};
    }
    return;
  }
  if (m->question.kind == 1) {
    choose_side(m, decision);
    return;
  }
  const int in_bucket = is_in_bucket(m);
  narrow(m, decision == m->question.one_is_upper);
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
