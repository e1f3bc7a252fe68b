#include "State.h"

static const uint64_t WHOLE = (uint64_t)1 << 32;
// Keeps a mass that rounds to nothing from being taken for certain.
static const uint64_t LEAST_MASS = 400;

// Slopes of the narrow and the wide distribution: over the local error, in 16ths.
static const int32_t NARROW = 205 << 16, ROUNDER = 92 << 16;

void prn_find_experts(prn_mixing *m) {
  const prn_colour_view *view = &m->views[m->colour];
  m->blend = view->blend[m->cell];
  m->centre = (m->blend + 32) >> 6;
  int32_t least = INT32_MAX;
  for (int32_t k = 0; k < m->predictors; k++) {
    const int32_t scale = view->scales[k][m->cell];
    least = scale < least ? scale : least;
  }
  m->energy = clamp((log2_256(&m->tables, (uint64_t)least) - 3 * 256) >> 7, 0, ENERGIES - 1);
  m->experts[0].centre = m->blend;
  m->experts[0].slope = NARROW / least;
  int32_t n = 1;
  if (m->level.experts > 1) {
    m->experts[n].centre = m->blend;
    m->experts[n++].slope = ROUNDER / least;
  }
  // The fits first.
  for (int32_t k = m->predictors - 1; n < m->level.experts && k >= 0; k--) {
    m->experts[n].centre = view->predictors[k][m->cell];
    m->experts[n++].slope = NARROW / view->scales[k][m->cell];
  }
}

// The mass below `value`, 0 to 256; there is none outside of 0 to 255.
static uint64_t mass_below(const prn_mixing *m, const Expert *expert, int32_t value) {
  if (value <= 0) return 0;
  if (value >= 256) return WHOLE;
  const int32_t distance = 64 * value - 32 - expert->centre;
  const int64_t magnitude = distance < 0 ? -distance : distance;
  const uint64_t beyond = tail(&m->tables, (magnitude * expert->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

static int32_t ratio(const prn_mixing *m, uint64_t one, uint64_t zero) {
  const int32_t z = log2_256(&m->tables, one) - log2_256(&m->tables, zero);
  return clamp(z, -STRETCH_LIMIT, STRETCH_LIMIT);
}

static int32_t expert_input(const prn_mixing *m, Expert *expert) {
  const Question *q = &m->question;
  uint64_t one, zero;
  if (q->kind == 0) {
    expert->low = mass_below(m, expert, m->centre);
    expert->split = mass_below(m, expert, m->centre + 1);
    one = expert->split - expert->low;
    zero = WHOLE - one;
  } else if (q->kind == 1) {
    one = WHOLE - expert->split;
    zero = expert->low;
  } else {
    expert->split = mass_below(m, expert, q->split);
    const uint64_t lower = expert->split - expert->low, upper = expert->high - expert->split;
    one = q->one_is_upper ? upper : lower;
    zero = q->one_is_upper ? lower : upper;
  }
  return ratio(m, one + LEAST_MASS, zero + LEAST_MASS);
}

// The network's frequencies of the symbols below `symbol`, 0 to 256.
static uint32_t symbols_below(const prn_network *network, int32_t symbol) {
  if (symbol == 256) return network->total;
  uint32_t sum = network->starts[symbol >> 4];
  for (int32_t k = symbol & ~15; k < symbol; k++) sum += network->frequencies[k];
  return sum;
}

// The network's frequencies of the values below `value`, 0 to 256. Values below the centre have the largest symbols.
static uint32_t network_below(const prn_mixing *m, int32_t value) {
  const uint32_t first = symbols_below(m->network, 256 - m->centre);
  if (value >= m->centre)
    return m->network->total - first + symbols_below(m->network, value - m->centre);
  return symbols_below(m->network, 256 + value - m->centre) - first;
}

static int32_t network_input(prn_mixing *m) {
  const Question *q = &m->question;
  if (q->kind == 0) {
    m->network_low = network_below(m, m->centre);
    const uint32_t one = m->network->frequencies[0];
    m->network_split = m->network_low + one;
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
  m->inputs[n++] = m->network ? network_input(m) : 0;
  for (int32_t k = 0; k < m->level.experts; k++)
    m->inputs[n++] = expert_input(m, &m->experts[k]);
  const int32_t node = m->question.node;
  if (node < CONTEXT_NODES) {
    const int both = m->level.inputs_per_context == 2;
    for (int32_t k = 0; k < m->level.contexts; k++) {
      const uint32_t state = m->slots[k]->nodes[node];
      const int32_t p = (int32_t)(state >> 16), visits = (int32_t)(state & 1023);
      m->inputs[n++] = visits ? m->tables.stretch[p >> 4] : 0;
      if (both) m->inputs[n++] = ((p - 32768) * (visits < 32 ? visits : 32)) >> 11;
    }
  } else {
    for (int32_t k = 0; k < m->level.contexts * m->level.inputs_per_context; k++)
      m->inputs[n++] = 0;
  }
  m->input_count = (n + 15) & ~15;
}
