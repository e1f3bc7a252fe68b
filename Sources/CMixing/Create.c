#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "StartWeights.h"
#include "State.h"

_Static_assert(sizeof LEVELS / sizeof LEVELS[0] == PRN_MIXING_LEVELS, "a level is missing");

// The least learning rates of the weights in 65536ths, by adaptation.
static const int32_t LEAST_RATES[PRN_ADAPTATIONS] = {91, 45, 182};

static int is_legal(int level, int32_t rows, int32_t columns, int32_t lanes) {
  return level >= 1 && level <= PRN_MIXING_LEVELS && rows >= 1 && columns >= 1 && lanes >= 1;
}

// Small lanes fill small tables.
static int32_t context_bits(const Level *level, int32_t rows, int32_t columns, int32_t lanes) {
  const size_t pixels = (size_t)rows * (size_t)columns / (size_t)lanes;
  if (pixels == 0) return 8;
  const int32_t bits = 61 - __builtin_clzll((unsigned long long)pixels);
  return clamp(bits, 8, level->context_bits);
}

static size_t weight_count(const Level *level) {
  return (size_t)SET_COUNTS[level->weight_sets] * (size_t)level->inputs;
}

size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes) {
  if (!is_legal(level, rows, columns, lanes)) return 0;
  const Level *chosen = &LEVELS[level - 1];
  const size_t slots = (size_t)chosen->contexts << context_bits(chosen, rows, columns, lanes);
  return (size_t)lanes
         * (sizeof(prn_mixing) + slots * sizeof(Slot) + weight_count(chosen) * sizeof(int32_t));
}

// Large contexts are visited all over: with small pages, most of the time would go into finding
// them. Of small ones, a large page would take longer to be cleared than they take to be used.
static void *zeros(size_t size) {
  void *memory = NULL;
  const size_t page = (size_t)1 << 21;
  const int is_large = size >= page;
  const size_t unit = is_large ? page : 64;
  if (posix_memalign(&memory, unit, (size + unit - 1) & ~(unit - 1))) return NULL;
#if defined(__linux__)
  if (is_large) madvise(memory, size, MADV_HUGEPAGE);
#endif
  memset(memory, 0, size);
  return memory;
}

// Whole lines of the cache for each vector. Those of a set are in the order of the colours. Where
// there is no input, the weight counts for nothing.
static int32_t *start_weights(int level) {
  const Level *chosen = &LEVELS[level - 1];
  const size_t inputs = (size_t)chosen->inputs, size = inputs * sizeof(int32_t);
  void *memory = NULL;
  if (posix_memalign(&memory, 64, weight_count(chosen) * sizeof(int32_t))) return NULL;
  int32_t *weights = memory;
  for (int32_t set = 0; set < chosen->weight_sets; set++) {
    const int32_t of_colour = (SET_COUNTS[set + 1] - SET_COUNTS[set]) / 3;
    for (int32_t i = 0; i < 3 * of_colour; i++, weights += inputs) {
      // Those of a colour are equal.
      if (i % of_colour > 0) {
        memcpy(weights, weights - inputs, size);
        continue;
      }
      memset(weights, 0, size);
      for (int32_t k = 0; k < 2 + chosen->experts + 2 * chosen->contexts; k++)
        weights[input_place(chosen, k)] = START_WEIGHTS[level - 1][i / of_colour][k];
    }
  }
  return memory;
}

prn_mixing *prn_mixing_create(
    int level, int adaptation, int32_t rows, int32_t columns, int32_t colours, int32_t lanes,
    int32_t scale, int breadth, const prn_prediction *prediction, int version) {
  if (!is_legal(level, rows, columns, lanes) || (colours != 1 && colours != 3)) return NULL;
  if (adaptation < 0 || adaptation >= PRN_ADAPTATIONS || !prn_supports(version)) return NULL;
  if (scale < 1 || (scale & (scale - 1)) != 0) return NULL;
  prn_mixing *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->version = version;
  m->level = level;
  m->scale = scale;
  m->least_rate = LEAST_RATES[adaptation];
  const Level *chosen = &LEVELS[level - 1];
  // The contexts look at three colours; those that a gray tile lacks are its own.
  for (int32_t c = 0; c < 3; c++)
    m->views[c] = prn_prediction_view(prediction, c < colours ? c : 0);
  m->stride = prn_prediction_stride(prediction);
  m->predictors = prn_prediction_predictors(breadth);
  m->tables = prn_mixing_tables();
  m->context_bits = context_bits(chosen, rows, columns, lanes);
  m->contexts = zeros(((size_t)chosen->contexts << m->context_bits) * sizeof(Slot));
  m->weights = start_weights(level);
  if (!m->contexts || !m->weights) {
    prn_mixing_destroy(m);
    return NULL;
  }
  for (int32_t i = 0; i < 3 * NODES; i++)
    for (int s = 0; s < chosen->weight_sets; s++) m->final[i][s] = 65536 / chosen->weight_sets;
  uint16_t cells[CELLS];
  for (int32_t j = 0; j < CELLS; j++)
    cells[j] = (uint16_t)squash(
        m->tables, clamp((j - CELLS / 2) * STEP, -STRETCH_LIMIT, STRETCH_LIMIT));
  for (int32_t i = 0; i < 3 * NODES * ENERGIES; i++)
    memcpy(m->refinements[i], cells, sizeof cells);
  return m;
}

void prn_mixing_destroy(prn_mixing *m) {
  if (!m) return;
  free(m->contexts);
  free(m->weights);
  free(m);
}
