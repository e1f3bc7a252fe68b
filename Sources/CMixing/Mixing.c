#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "Contexts.h"
#include "Inputs.h"
#include "State.h"
#include "Walk.h"

// Table 8.1.
static const Level LEVELS[PRN_MIXING_LEVELS] = {
    {.contexts = 4, .context_bits = 14, .inputs_per_context = 1, .weight_sets = 1, .experts = 0},
    {.contexts = 3, .context_bits = 15, .inputs_per_context = 2, .weight_sets = 2, .experts = 0},
    {.contexts = 26, .context_bits = 16, .inputs_per_context = 2, .weight_sets = 5, .experts = 9},
};

// Learning rates in 65536ths: at the first value, and the least by adaptation.
static const int32_t LEAST_RATES[PRN_ADAPTATIONS] = {91, 45, 182};
#define FIRST_RATE 454
#define FINAL_RATE 60
#define WEIGHT_LIMIT ((1 << 19) - 1)
#define MOST_VISITS 60
// Between two cells of a refinement.
#define STEP 192

// Small lanes fill small tables.
static int32_t context_bits(const Level *level, size_t pixels) {
  if (pixels == 0) return 8;
  const int32_t bits = 61 - __builtin_clzll((unsigned long long)pixels);
  return clamp(bits, 8, level->context_bits);
}

static int is_legal(int level, int32_t rows, int32_t columns, int32_t lanes) {
  return level >= 1 && level <= PRN_MIXING_LEVELS && rows >= 1 && columns >= 1 && lanes >= 1;
}

static size_t slot_count(const Level *level, int32_t rows, int32_t columns, int32_t lanes) {
  return (size_t)level->contexts
         << context_bits(level, (size_t)rows * (size_t)columns / (size_t)lanes);
}

size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes) {
  if (!is_legal(level, rows, columns, lanes)) return 0;
  const size_t slots = slot_count(&LEVELS[level - 1], rows, columns, lanes);
  return (size_t)lanes * (sizeof(prn_mixing) + slots * sizeof(Slot));
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

// Weights of the inputs at the start, of every set: about where those of photos go (FORMAT.md, section 8.6).
static const int32_t START_WEIGHTS[PRN_MIXING_LEVELS][MOST_INPUTS] = {
    {0, 42600, 11400, 8100, 10200, 5900},
    {0, 49500, 9500, 4600, 4700, 5100, 2300, 3300},
    {0, 23700, 1900, 2400, 3200, 3700, 2500, 2200, 2000, 1400, 2900, 3500, 2500, 2400, 1100,
     1700, 3000, 1600, 1100, 600, 1100, 500, 1300, 1200, 1300, 600, 700, 1900, 1000, 800, 1300,
     1400, 1500, 1500, 1800, 2400, 2500, 700, 500, 1000, -100, 400, 1000, 500, -100, -300, 0,
     -400, 0, 100, 0, -400, -200, 600, 100, -200, 0, 100, 100, 300, 400, 700, 800},
};

static void start_weights(int level, WeightSet *set) {
  memcpy(set->weights, START_WEIGHTS[level - 1], sizeof set->weights);
}

prn_mixing *prn_mixing_create(
    int level, int adaptation, int32_t rows, int32_t columns, int32_t colours, int32_t lanes,
    int breadth, const prn_prediction *prediction, int version) {
  if (!is_legal(level, rows, columns, lanes) || (colours != 1 && colours != 3)) return NULL;
  if (adaptation < 0 || adaptation >= PRN_ADAPTATIONS || !prn_supports(version)) return NULL;
  prn_mixing *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->version = version;
  m->level = level;
  m->least_rate = LEAST_RATES[adaptation];
  const Level *chosen = &LEVELS[level - 1];
  m->colours = colours;
  m->prediction = prediction;
  // The contexts look at three colours; those that a gray tile lacks are its own.
  for (int32_t c = 0; c < 3; c++)
    m->views[c] = prn_prediction_view(prediction, c < colours ? c : 0);
  m->stride = prn_prediction_stride(prediction);
  m->predictors = prn_prediction_predictors(breadth);
  prn_fill_tables(&m->tables);
  const size_t slots = slot_count(chosen, rows, columns, lanes);
  m->context_bits = context_bits(chosen, (size_t)rows * (size_t)columns / (size_t)lanes);
  m->contexts = large_pages(slots * sizeof(Slot));
  if (!m->contexts) {
    prn_mixing_destroy(m);
    return NULL;
  }
  memset(m->contexts, 0, slots * sizeof(Slot));
  for (int32_t i = 0; i < 3 * NODES; i++) {
    start_weights(level, &m->by_node[i]);
    for (int s = 0; s < chosen->weight_sets; s++) m->final[i][s] = 65536 / chosen->weight_sets;
  }
  for (int32_t i = 0; i < 3 * 16 * ENERGIES; i++) start_weights(level, &m->by_energy[i]);
  for (int32_t i = 0; i < 3 * 16 * 16; i++) start_weights(level, &m->by_fraction[i]);
  for (int32_t i = 0; i < 3 * 16 * ANSWERS; i++) start_weights(level, &m->by_answer[i]);
  for (int32_t i = 0; i < 3 * 16 * TEXTURES; i++) start_weights(level, &m->by_texture[i]);
  for (int32_t i = 0; i < 3 * NODES * ENERGIES; i++)
    for (int32_t j = 0; j < 33; j++)
      m->refinements[i][j] = (uint16_t)squash(&m->tables, (j - 16) * STEP);
  return m;
}

void prn_mixing_destroy(prn_mixing *m) {
  if (!m) return;
  free(m->contexts);
  free(m);
}

// Calls a function for the level with what is constant there.
#define FOR_LEVEL(function, ...) \
  switch (m->level) { \
    case 1: return function(m, &LEVELS[0], ##__VA_ARGS__); \
    case 2: return function(m, &LEVELS[1], ##__VA_ARGS__); \
    default: return function(m, &LEVELS[2], ##__VA_ARGS__); \
  }

INLINE int32_t texture(const prn_mixing *m, int32_t row, int32_t centre) {
  static const int8_t taps[5][2] = {{0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2}};
  int32_t bits = 0;
  for (int k = 0; k < 5; k++)
    bits |= (neighbour(m, m->colour, row, taps[k][0], taps[k][1]) > centre) << k;
  return bits;
}

INLINE void find_site(prn_mixing *m, const Level *level, int32_t row) {
  Site *site = &m->sites[!m->current];
  site->row = row;
  site->cell = prn_prediction_cell(m->stride, m->t, row);
  find_experts(m, level, site);
  select_contexts(m, level, site);
  if (level->weight_sets > 3) site->texture = texture(m, row, site->centre);
}

INLINE void find_site_of_level(prn_mixing *m, int32_t row) { FOR_LEVEL(find_site, row) }

PRN_DEFINE_VERSIONS(void, find_site_of_level, (prn_mixing * m, int32_t row), (m, row))

void prn_mixing_prepare(prn_mixing *m, int32_t colour, int32_t t, int32_t row) {
  m->colour = colour;
  m->t = t;
  find_site_of_level_versions[m->version](m, row);
}

void prn_mixing_begin(prn_mixing *m, const prn_network *network) {
  m->current = !m->current;
  const Site *site = &m->sites[m->current];
  m->centre = site->centre;
  const int32_t experts = LEVELS[m->level - 1].experts;
  for (int32_t k = 0; k < experts; k++) m->experts[k] = site->experts[k];
  m->network = network;
  m->rate = (int32_t)((int64_t)FIRST_RATE * 3000 / (3000 + (int64_t)m->values));
  if (m->rate < m->least_rate) m->rate = m->least_rate;
  if (m->values < UINT32_MAX) m->values++;
  start_walk(m);
}

// The products have 31 bits, and 8 less in the sum.
INLINE int32_t dot(const int32_t *weights, const int32_t *inputs, int32_t n) {
  int32_t sum = 0;
  if (n <= 8) {
    // A vector would have to wait for the inputs to be written.
#pragma clang loop vectorize(disable) unroll(full)
    for (int32_t i = 0; i < 8; i++) sum += (weights[i] * inputs[i]) >> 8;
    return sum;
  }
  for (int32_t i = 0; i < n; i++) sum += (weights[i] * inputs[i]) >> 8;
  return sum;
}

INLINE void adjust(int32_t *weights, const int32_t *inputs, int32_t n, int32_t gradient) {
  for (int32_t i = 0; i < n; i++) {
    const int32_t w = weights[i] + ((gradient * inputs[i] + 8192) >> 14);
    weights[i] = w > WEIGHT_LIMIT ? WEIGHT_LIMIT : w < -WEIGHT_LIMIT ? -WEIGHT_LIMIT : w;
  }
}

INLINE int32_t limited(int32_t sum) { return clamp(sum >> 8, -STRETCH_LIMIT, STRETCH_LIMIT); }

INLINE void choose_sets(prn_mixing *m) {
  const Question *q = &m->question;
  const Site *site = &m->sites[m->current];
  const int32_t c = m->colour;
  const int32_t kind = q->node < 2 ? q->node : 2 + (q->kind < 13 ? q->kind : 13);
  m->chosen[0] = &m->by_node[c * NODES + q->node];
  m->chosen[1] = &m->by_energy[(c * 16 + kind) * ENERGIES + site->energy];
  m->chosen[2] = &m->by_fraction[(c * 16 + kind) * 16 + ((site->blend & 63) >> 2)];
  const int32_t answer = clamp((m->inputs[1] + 2048) >> 7, 0, ANSWERS - 1);
  m->chosen[3] = &m->by_answer[(c * 16 + kind) * ANSWERS + answer];
  m->chosen[4] = &m->by_texture[(c * 16 + kind) * TEXTURES + site->texture];
  m->final_weights = m->final[c * NODES + q->node];
  m->refinements_here = m->refinements[(c * NODES + q->node) * ENERGIES + site->energy];
}

INLINE uint32_t next(prn_mixing *m, const Level *level) {
  m->input_count = fill_inputs(m, level);
  choose_sets(m);
  for (int32_t s = 0; s < level->weight_sets; s++) {
    m->stretched[s] = limited(dot(m->chosen[s]->weights, m->inputs, m->input_count));
    m->probabilities[s] = squash(&m->tables, m->stretched[s]);
  }
  int32_t stretched = m->stretched[0];
  if (level->weight_sets > 1) {
    int32_t sum = 0;
    for (int32_t s = 0; s < level->weight_sets; s++)
      sum += (m->final_weights[s] * m->stretched[s]) >> 8;
    stretched = limited(sum);
  }
  m->mixed = level->weight_sets > 1 ? squash(&m->tables, stretched) : m->probabilities[0];
  const uint32_t position = (uint32_t)(stretched + 16 * STEP);
  m->refinement = &m->refinements_here[position / (uint32_t)STEP];
  m->refinement_fraction = (int32_t)(position % (uint32_t)STEP);
  const uint32_t refined =
      (m->refinement[0] * (uint32_t)(STEP - m->refinement_fraction)
       + m->refinement[1] * (uint32_t)m->refinement_fraction) / (uint32_t)STEP;
  return (uint32_t)clamp((int32_t)((3 * m->mixed + refined + 2) >> 2), 32, 65504);
}

INLINE uint32_t next_of_level(prn_mixing *m) { FOR_LEVEL(next) }

PRN_DEFINE_VERSIONS(uint32_t, next_of_level, (prn_mixing * m), (m))

uint32_t prn_mixing_next(prn_mixing *m) {
  return m->finished ? 0 : next_of_level_versions[m->version](m);
}

int prn_mixing_decision(const prn_mixing *m, uint8_t value) {
  const Question *q = &m->question;
  if (q->kind == 0) return value == m->centre;
  return (value >= q->split) == q->one_is_upper;
}

INLINE void visit_contexts(const prn_mixing *m, const Level *level, int decision) {
  const int32_t node = m->question.node;
  if (node >= CONTEXT_NODES) return;
  Slot *const *slots = m->sites[m->current].slots;
  const int32_t target = decision ? (1 << 22) - 1 : 0;
  const uint32_t first = m->mixed << 6;
  for (int32_t k = 0; k < level->contexts; k++) {
    uint32_t *state = &slots[k]->nodes[node];
    const uint32_t visits = *state & 1023;
    const int32_t p = (int32_t)(visits ? *state >> 10 : first);
    const int32_t moved =
        p + (int32_t)(((int64_t)(target - p) * m->tables.rate[visits]) >> 16);
    *state = (uint32_t)moved << 10 | (visits < MOST_VISITS ? visits + 1 : visits);
  }
}

INLINE void update(prn_mixing *m, const Level *level, int decision) {
  const int32_t outcome = decision ? 65536 : 0;
  const int32_t limit = decision ? 65535 : 0;
  const int32_t near = limit - m->refinement[0], far = limit - m->refinement[1];
  m->refinement[0] =
      (uint16_t)(m->refinement[0] + ((near * (STEP - m->refinement_fraction)) >> 13));
  m->refinement[1] = (uint16_t)(m->refinement[1] + ((far * m->refinement_fraction) >> 13));
  const int32_t sets = level->weight_sets;
  if (sets > 1) {
    const int32_t gradient = ((outcome - (int32_t)m->mixed) * FINAL_RATE) >> 10;
    for (int32_t s = 0; s < sets; s++) {
      const int32_t w = m->final_weights[s] + ((gradient * m->stretched[s] + 8192) >> 14);
      m->final_weights[s] = clamp(w, -WEIGHT_LIMIT, WEIGHT_LIMIT);
    }
  }
  for (int32_t s = 0; s < sets; s++)
    adjust(
        m->chosen[s]->weights, m->inputs, m->input_count,
        ((outcome - (int32_t)m->probabilities[s]) * m->rate) >> 10);
  visit_contexts(m, level, decision);
  advance_walk(m, level, decision);
}

INLINE void update_of_level(prn_mixing *m, int decision) { FOR_LEVEL(update, decision) }

PRN_DEFINE_VERSIONS(void, update_of_level, (prn_mixing * m, int decision), (m, decision))

void prn_mixing_update(prn_mixing *m, int decision) {
  update_of_level_versions[m->version](m, decision);
}

uint8_t prn_mixing_end(prn_mixing *m) { return (uint8_t)m->lowest; }
