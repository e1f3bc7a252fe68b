#include "State.h"

static const uint64_t WHOLE = (uint64_t)1 << 32;
// Keeps a mass that rounds to nothing from being taken for certain.
static const uint64_t LEAST_MASS = 400;

// The boundary below `value`, 0 to 256; there is nothing beyond the outermost.
static Boundary boundary(const prn_mixing *m, const Expert *expert, int scale, int32_t value) {
  if (value == 0) return (Boundary){0, 0};
  if (value == 256) return (Boundary){1, 0};
  const int32_t distance = 64 * value - 32 - expert->value;
  const int64_t magnitude = distance < 0 ? -distance : distance;
  return (Boundary){distance >= 0, tail(&m->tables, (magnitude * expert->slope[scale]) >> 16)};
}

static uint64_t below(Boundary b) { return b.above ? WHOLE - b.mass : b.mass; }
static uint64_t above(Boundary b) { return b.above ? b.mass : WHOLE - b.mass; }

static uint64_t between(Boundary low, Boundary high) {
  if (low.above) return low.mass - high.mass;
  if (!high.above) return high.mass - low.mass;
  return WHOLE - low.mass - high.mass;
}

static int32_t ratio(const prn_mixing *m, uint64_t one, uint64_t zero) {
  const int32_t z = log2_256(&m->tables, one) - log2_256(&m->tables, zero);
  return clamp(z, -STRETCH_LIMIT, STRETCH_LIMIT);
}

static int32_t expert_input(prn_mixing *m, Expert *expert, int s) {
  const Question *q = &m->question;
  uint64_t one, zero;
  if (q->kind == 0) {
    expert->low[s] = boundary(m, expert, s, m->centre);
    expert->split[s] = boundary(m, expert, s, m->centre + 1);
    one = between(expert->low[s], expert->split[s]);
    zero = below(expert->low[s]) + above(expert->split[s]);
  } else if (q->kind == 1) {
    one = above(expert->split[s]);
    zero = below(expert->low[s]);
  } else {
    expert->split[s] = boundary(m, expert, s, q->split);
    const uint64_t lower = between(expert->low[s], expert->split[s]);
    const uint64_t upper = between(expert->split[s], expert->high[s]);
    one = q->one_is_upper ? upper : lower;
    zero = q->one_is_upper ? lower : upper;
  }
  return ratio(m, one + LEAST_MASS, zero + LEAST_MASS);
}

// The network's frequencies of all values below `value`, 0 to 256.
static uint32_t network_below(const prn_mixing *m, int32_t value) {
  if (value == 0) return 0;
  if (value == 256) return m->network->total;
  // Symbols below 0 wrap around: the values below the centre have the largest ones.
  const int32_t symbol = (value - m->network_centre) & 255;
  const int32_t first = (256 - m->network_centre) & 255;
  uint32_t sum[2];
  for (int i = 0; i < 2; i++) {
    const int32_t s = i ? first : symbol;
    sum[i] = m->network->starts[s >> 4];
    for (int32_t k = s & ~15; k < s; k++) sum[i] += m->network->frequencies[k];
  }
  return value >= m->network_centre && first > 0 ? m->network->total - sum[1] + sum[0]
                                                 : sum[0] - sum[1];
}

static int32_t network_input(prn_mixing *m) {
  const Question *q = &m->question;
  if (q->kind == 0) {
    m->network_low = network_below(m, m->centre);
    m->network_split = network_below(m, m->centre + 1);
    const uint32_t one = m->network_split - m->network_low;
    return ratio(m, one, m->network->total - one);
  }
  if (q->kind == 1) return ratio(m, m->network->total - m->network_split, m->network_low);
  m->network_split = network_below(m, q->split);
  const uint32_t upper = m->network_high - m->network_split;
  const uint32_t lower = m->network_split - m->network_low;
  return q->one_is_upper ? ratio(m, upper, lower) : ratio(m, lower, upper);
}

void prn_fill_inputs(prn_mixing *m) {
  int32_t n = 0;
  m->inputs[n++] = 64;
  m->inputs[n++] = network_input(m);
  for (int32_t k = 0; k < m->predictors; k++) {
    for (int s = 0; s < m->level.scales; s++)
      m->inputs[n++] = expert_input(m, &m->experts[k], s);
  }
  const int32_t node = m->question.node;
  for (int32_t k = 0; k < m->level.contexts; k++) {
    const uint32_t p = m->slots[k]->probability[node];
    const int32_t visits = m->slots[k]->visits[node];
    m->inputs[n++] = visits ? stretch(&m->tables, p) : 0;
    if (m->level.inputs_per_context == 2)
      m->inputs[n++] = (((int32_t)p - 32768) * (visits < 32 ? visits : 32)) >> 11;
  }
  // Whole vectors.
  while (n & 7) m->inputs[n++] = 0;
  m->input_count = n;
}
