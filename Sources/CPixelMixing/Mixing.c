#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "State.h"

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

// Table 7.1.
static const Level LEVELS[PRN_MIXING_LEVELS] = {
    {.contexts = 14, .context_bits = 14, .inputs_per_context = 1, .weight_sets = 1, .scales = 1,
     .fits = 1, .own_neighbours = 8, .other_neighbours = 5, .period = 32},
    {.contexts = 26, .context_bits = 15, .inputs_per_context = 2, .weight_sets = 2, .scales = 1,
     .fits = 2, .own_neighbours = 14, .other_neighbours = 8, .period = 16},
    {.contexts = 26, .context_bits = 16, .inputs_per_context = 2, .weight_sets = 2, .scales = 2,
     .fits = 3, .own_neighbours = 16, .other_neighbours = 15, .period = 4},
};
// Memories of the fits, in powers of two.
static const int32_t DECAYS[MOST_FITS] = {9, 11, 7};

// Learning rates in 65536ths: at the first value, and the least.
static const int32_t FIRST_RATE = 454, LEAST_RATE = 91, FINAL_RATE = 227;
static const int32_t WEIGHT_LIMIT = 1 << 20;
static const int32_t MOST_VISITS = 60;
static const int32_t STEP = 192;

// Small tiles fill small tables.
static int32_t context_bits(const Level *level, size_t pixels) {
  if (pixels == 0) return 8;
  const int32_t bits = 61 - __builtin_clzll((unsigned long long)pixels);
  return clamp(bits, 8, level->context_bits);
}

size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes) {
  if (level < 1 || level > PRN_MIXING_LEVELS || rows < 1 || columns < 1 || lanes < 1) return 0;
  const Level *l = &LEVELS[level - 1];
  const size_t pixels = (size_t)rows * (size_t)columns;
  const size_t slots = (size_t)l->contexts << context_bits(l, pixels / (size_t)lanes);
  return (size_t)lanes * (sizeof(prn_mixing) + slots * sizeof(Slot)) + pixels * 6
         + pixels * 6 * (size_t)(2 + l->fits);
}

// The contexts are visited all over: with small pages, most of the time would go into finding them.
static void *large_pages(size_t size) {
  void *memory = NULL;
  const size_t page = (size_t)1 << 21;
  if (posix_memalign(&memory, page, (size + page - 1) & ~(page - 1))) return NULL;
#if defined(__linux__)
  madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

static void start_weights(prn_mixing *m, int32_t *weights) {
  int32_t n = 0;
  weights[n++] = 0;
  weights[n++] = 36000;
  const int32_t experts = m->level.scales * m->predictors;
  for (int32_t k = 0; k < experts; k++) weights[n++] = 26000 / experts;
  for (int32_t k = 0; k < m->level.contexts; k++) {
    weights[n++] = 1300;
    if (m->level.inputs_per_context == 2) weights[n++] = 0;
  }
}

prn_mixing *prn_mixing_create(
    int level, int32_t rows, int32_t columns, int32_t lanes, const uint8_t *const planes[3],
    const prn_mixing *first) {
  if (level < 1 || level > PRN_MIXING_LEVELS || rows < 1 || columns < 1 || lanes < 1) return NULL;
  prn_mixing *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->level = LEVELS[level - 1];
  m->rows = rows;
  m->columns = columns;
  for (int c = 0; c < 3; c++) m->planes[c] = planes[c];
  m->predictors = 2 + m->level.fits;
  prn_fill_tables(&m->tables);
  const size_t pixels = (size_t)rows * (size_t)columns;
  m->level.context_bits = context_bits(&m->level, pixels / (size_t)lanes);
  const size_t slots = (size_t)m->level.contexts << m->level.context_bits;
  m->contexts = large_pages(slots * sizeof(Slot));
  m->owns_errors = first == NULL;
  if (first) {
    m->errors = first->errors;
    m->residuals = first->residuals;
  } else {
    m->errors = calloc(pixels * 3 * (size_t)m->predictors, sizeof *m->errors);
    m->residuals = calloc(pixels * 3, sizeof *m->residuals);
  }
  if (!m->contexts || !m->errors || !m->residuals) {
    prn_mixing_destroy(m);
    return NULL;
  }
  memset(m->contexts, 0, slots * sizeof(Slot));
  const int32_t others = 2 * m->level.other_neighbours;
  for (int32_t c = 0; c < 3; c++)
    for (int32_t k = 0; k < m->level.fits; k++)
      prn_least_squares_init(
          &m->fits[c][k], m->level.own_neighbours + others + c, DECAYS[k], m->level.period);
  for (int32_t i = 0; i < 3 * NODES; i++) {
    start_weights(m, m->by_node[i].weights);
    for (int s = 0; s < 2; s++) m->final[i][s] = 65536 / m->level.weight_sets;
  }
  for (int32_t i = 0; i < 3 * 16 * 8; i++) start_weights(m, m->by_energy[i].weights);
  for (int32_t i = 0; i < 3 * NODES * ENERGIES; i++)
    for (int32_t j = 0; j < 33; j++)
      m->refinements[i][j] = (uint16_t)squash(&m->tables, (j - 16) * STEP);
  return m;
}

void prn_mixing_destroy(prn_mixing *m) {
  if (!m) return;
  free(m->contexts);
  if (m->owns_errors) {
    free(m->errors);
    free(m->residuals);
  }
  free(m);
}

void prn_mixing_begin(
    prn_mixing *m, int32_t colour, int32_t row, int32_t column, const prn_network *network,
    uint8_t centre) {
  m->colour = colour;
  m->row = row;
  m->column = column;
  m->network = network;
  m->network_centre = centre;
  prn_predict(m, centre);
  prn_select_contexts(m);
  m->rate = (int32_t)((int64_t)FIRST_RATE * 3000 / (3000 + (int64_t)m->values));
  if (m->rate < LEAST_RATE) m->rate = LEAST_RATE;
  if (m->values < UINT32_MAX) m->values++;
  prn_start_walk(m);
}

WIDE static int64_t dot(const int32_t *weights, const int32_t *inputs, int32_t n) {
  int64_t sum = 0;
  for (int32_t i = 0; i < n; i++) sum += (int64_t)weights[i] * inputs[i];
  return sum;
}

WIDE static void adjust(int32_t *weights, const int32_t *inputs, int32_t n, int32_t gradient) {
  for (int32_t i = 0; i < n; i++) {
    const int32_t w = weights[i] + ((gradient * inputs[i] + 8192) >> 14);
    weights[i] = w > WEIGHT_LIMIT ? WEIGHT_LIMIT : w < -WEIGHT_LIMIT ? -WEIGHT_LIMIT : w;
  }
}

static int32_t limited(int64_t sum) {
  const int64_t d = sum >> 16;
  return d > STRETCH_LIMIT ? STRETCH_LIMIT : d < -STRETCH_LIMIT ? -STRETCH_LIMIT : (int32_t)d;
}

uint32_t prn_mixing_next(prn_mixing *m) {
  if (m->finished) return 0;
  prn_fill_inputs(m);
  const Question *q = &m->question;
  const int32_t c = m->colour;
  const int32_t kind = q->node < 2 ? q->node : 2 + (q->kind < 13 ? q->kind : 13);
  m->chosen[0] = &m->by_node[c * NODES + q->node];
  m->chosen[1] = &m->by_energy[(c * 16 + kind) * 8 + m->energy * 8 / ENERGIES];
  m->final_weights = m->final[c * NODES + q->node];
  for (int32_t s = 0; s < m->level.weight_sets; s++) {
    m->stretched[s] = limited(dot(m->chosen[s]->weights, m->inputs, m->input_count));
    m->probabilities[s] = squash(&m->tables, m->stretched[s]);
  }
  m->final_stretched = m->level.weight_sets == 1
                           ? m->stretched[0]
                           : limited(dot(m->final_weights, m->stretched, m->level.weight_sets));
  m->mixed = squash(&m->tables, m->final_stretched);
  const int32_t position = m->final_stretched + 16 * STEP;
  m->refinement = &m->refinements[(c * NODES + q->node) * ENERGIES + m->energy][position / STEP];
  m->refinement_fraction = position % STEP;
  const uint32_t refined =
      (m->refinement[0] * (uint32_t)(STEP - m->refinement_fraction)
       + m->refinement[1] * (uint32_t)m->refinement_fraction) / (uint32_t)STEP;
  m->refined = (3 * m->mixed + refined + 2) >> 2;
  if (m->refined < 32) m->refined = 32;
  if (m->refined > 65504) m->refined = 65504;
  return m->refined;
}

int prn_mixing_decision(const prn_mixing *m, uint8_t value) {
  const Question *q = &m->question;
  if (q->kind == 0) return value == m->centre;
  return (value >= q->split) == q->one_is_upper;
}

static void visit(const prn_mixing *m, Slot *slot, int decision) {
  const int32_t node = m->question.node;
  const int32_t visits = slot->visits[node];
  int32_t p = visits ? slot->probability[node] : (int32_t)m->mixed;
  const int64_t distance = (decision ? 65535 : 0) - p;
  p += (int32_t)((distance * m->tables.rate[visits]) >> 16);
  slot->probability[node] = (uint16_t)clamp(p, 32, 65503);
  if (visits < MOST_VISITS) slot->visits[node] = (uint8_t)(visits + 1);
}

void prn_mixing_update(prn_mixing *m, int decision) {
  const int32_t outcome = decision ? 65536 : 0;
  const int32_t limit = decision ? 65535 : 0;
  const int32_t near = limit - m->refinement[0], far = limit - m->refinement[1];
  m->refinement[0] =
      (uint16_t)(m->refinement[0] + ((near * (STEP - m->refinement_fraction)) >> 13));
  m->refinement[1] = (uint16_t)(m->refinement[1] + ((far * m->refinement_fraction) >> 13));
  if (m->level.weight_sets > 1)
    adjust(
        m->final_weights, m->stretched, m->level.weight_sets,
        ((outcome - (int32_t)m->mixed) * FINAL_RATE) >> 10);
  for (int32_t s = 0; s < m->level.weight_sets; s++)
    adjust(
        m->chosen[s]->weights, m->inputs, m->input_count,
        ((outcome - (int32_t)m->probabilities[s]) * m->rate) >> 10);
  for (int32_t k = 0; k < m->level.contexts; k++) visit(m, m->slots[k], decision);
  prn_advance_walk(m, decision);
}

uint8_t prn_mixing_end(prn_mixing *m) {
  const int32_t value = m->lowest;
  const size_t plane = (size_t)m->rows * (size_t)m->columns;
  const size_t here = pixel_index(m, m->row, m->column);
  for (int32_t k = 0; k < m->level.fits; k++)
    prn_least_squares_update(&m->fits[m->colour][k], m->features, 2 * value - m->base);
  for (int32_t k = 0; k < m->predictors; k++) {
    const int32_t error = 64 * value - m->experts[k].value;
    m->errors[((size_t)k * 3 + (size_t)m->colour) * plane + here] =
        (uint16_t)((error < 0 ? -error : error) >> 2);
  }
  m->residuals[(size_t)m->colour * plane + here] = (int16_t)(value - m->centre);
  return (uint8_t)value;
}
