#include <stdlib.h>

#include "Arena.h"
#include "Runs.h"

// The sizes of the tables follow from the picture, and their contents at the start.

// Weights of what counters say, at first.
#define FIRST_WEIGHT 20000

// All that depends on the size.
static void allocate(Arena *a, const prn_runs_shape *shape, Runs *r) {
  const size_t rows = (size_t)shape->rows, columns = (size_t)shape->columns;
  const int32_t pixels = floor_log2((uint64_t)rows * columns);
  r->stride = (ptrdiff_t)(columns + 2 * MARGIN);
  r->match_bits = clamp(pixels, 8, 16);
  r->history_bits = clamp(pixels, 8, 15);
  r->pattern_bits = clamp(pixels, 8, 15);
  r->guess_bits = clamp(pixels, 8, 14);
  r->index_bits = clamp(pixels, 8, 15);
  r->colours = take(a, (rows + ROWS_ABOVE + 1) * (size_t)r->stride, sizeof(uint32_t));
  r->matches = take(a, (size_t)1 << r->match_bits, sizeof(uint32_t));
  r->histories = take(a, (size_t)1 << r->history_bits, sizeof(History));
  r->patterns = take(a, (size_t)1 << r->pattern_bits, sizeof(Counter));
  r->pairs = take(a, (size_t)1 << r->pattern_bits, sizeof(Counter));
  r->kinds = take(a, columns + 2 * MARGIN, 1);
  if (shape->colours) {
    r->numbers_by_neighbours = take(a, (size_t)1 << r->index_bits, sizeof(Counter));
    return;
  }
  r->guesses = take(a, (size_t)1 << r->guess_bits, sizeof(Guess));
  for (int32_t c = 0; c < shape->channels; c++)
    r->misses[c] = take(a, columns + 1, sizeof(int16_t));
}

// Places are numbers of 32 bits.
static int has_places(const prn_runs_shape *s) {
  return ((uint64_t)s->rows + ROWS_ABOVE + 1) * ((uint64_t)s->columns + 2 * MARGIN) <= UINT32_MAX;
}

int prn_runs_is_legal(const prn_runs_shape *s) {
  return s->rows >= 1 && s->columns >= 1 && s->rows <= 65535 && s->columns <= 65535
         && s->channels >= 1 && s->channels <= PRN_RUNS_CHANNELS
         && (s->has_alpha == 0 || s->has_alpha == 1) && s->colours >= 0 && s->colours <= 256
         && (s->colours == 0 || s->channels == 1) && has_places(s);
}

// The state, and behind it all that depends on the size; 0 where memory is short.
static size_t size_of(const prn_runs_shape *shape) {
  Arena a = {0};
  // Larger than some threads' stacks.
  Runs *unused = malloc(sizeof *unused);
  if (!unused) return 0;
  take(&a, 1, sizeof *unused);
  allocate(&a, shape, unused);
  free(unused);
  return a.bytes;
}

size_t prn_runs_memory(const prn_runs_shape *shape) {
  if (!prn_runs_is_legal(shape)) return 0;
  const size_t size = size_of(shape);
  return size ? prn_size_of_zeros(size) : SIZE_MAX >> 2;
}

static void start(Counter *counters, size_t count) {
  for (size_t i = 0; i < count; i++) counters[i] = FRESH_COUNTER;
}

#define START(counters) start((Counter *)(counters), sizeof(counters) / (sizeof(Counter)))

Runs *prn_runs_create(const prn_runs_shape *shape) {
  const prn_zeros memory = prn_allocate_zeros(size_of(shape));
  if (!memory.bytes) return NULL;
  Arena a = {.start = memory.bytes};
  Runs *r = take(&a, 1, sizeof *r);
  r->memory = memory;
  r->shape = *shape;
  r->f = prn_adaptive_functions();
  allocate(&a, shape, r);
  START(r->whole);
  START(r->length_bits);
  START(r->lengths);
  start(r->patterns, (size_t)1 << r->pattern_bits);
  start(r->pairs, (size_t)1 << r->pattern_bits);
  START(r->by_match);
  START(r->by_history);
  START(r->by_kinds);
  for (int32_t rank = 0; rank < RANKS; rank++)
    for (int32_t match = 0; match < MATCHES; match++)
      for (int32_t i = 0; i < COUNTERS; i++) r->weights[rank][match][i] = FIRST_WEIGHT;
  if (shape->colours) {
    start(r->numbers_by_neighbours, (size_t)1 << r->index_bits);
    START(r->numbers);
    return r;
  }
  START(r->channels);
  for (int32_t i = 1; i < ROUGHNESSES; i++)
    r->energies[i] = (uint8_t)least(1 + lg(r->f, (uint64_t)i) / 160, ENERGIES - 1);
  return r;
}

void prn_runs_destroy(Runs *r) {
  if (r) prn_free_zeros(r->memory);
}
