#include <stdlib.h>
#include <string.h>

#include "Arena.h"
#include "Graphics.h"
#include "GraphicsFlat.h"
#include "GraphicsStart.h"

// The sizes of the tables follow from the picture, and their contents at the start.

// All that depends on the size.
static void allocate(Arena *a, const prn_graphics_shape *shape, prn_graphics *g) {
  const size_t rows = (size_t)shape->rows, columns = (size_t)shape->columns;
  const int32_t pixels = floor_log2((uint64_t)rows * columns);
  g->stride = (ptrdiff_t)(columns + 2 * MARGIN);
  g->history_bits = clamp(pixels, 8, 18);
  g->match_bits = clamp(pixels, 8, 18);
  g->pattern_bits = clamp(pixels, 10, 18);
  g->literal_bits = clamp(pixels - 2, 8, 15);
  g->guess_bits = clamp(pixels, 8, 16);
  g->index_bits = clamp(pixels + 2, 10, 18);
  g->colours = take(a, (rows + ROWS_ABOVE + 1) * (size_t)g->stride, sizeof(uint32_t));
  g->flat = take(a, FLAT_COUNTERS, sizeof(Counter));
  g->column_breaks = take(a, columns + 1, sizeof(int32_t));
  g->kinds = take(a, columns + 2 * MARGIN, 1);
  g->matches = take(a, (size_t)1 << g->match_bits, sizeof(uint32_t));
  for (int k = 0; k < HISTORIES; k++)
    g->history_numbers[k] = take(a, (size_t)1 << g->history_bits, sizeof(uint32_t));
  for (int k = 0; k < PATTERNS; k++)
    g->patterns[k] = take(a, (size_t)1 << g->pattern_bits, sizeof(Counter));
  const size_t histories = ((size_t)HISTORIES << g->history_bits) + 1;
  if (shape->colours) {
    for (int k = 0; k < INDEX_CONTEXTS; k++)
      g->index_contexts[k] = take(a, (size_t)1 << g->index_bits, sizeof(Counter));
    g->histories = take(a, histories, sizeof(History));
    return;
  }
  for (int k = 0; k < LITERAL_CONTEXTS; k++)
    g->literal_numbers[k] = take(a, (size_t)1 << g->literal_bits, sizeof(uint32_t));
  for (int k = 0; k < GUESSES; k++)
    g->guesses[k] = take(a, (size_t)1 << g->guess_bits, sizeof(Guess));
  for (int32_t c = 0; c < shape->channels; c++) {
    g->errors[c] = take(a, columns + 2, sizeof(Errors));
    g->half_misses[c] = take(a, columns + 2, 1);
  }
  // The system clears memory when it is first visited: what may stay unused is last.
  g->histories = take(a, histories, sizeof(History));
  g->literal_slots =
      take(a, ((size_t)LITERAL_CONTEXTS << g->literal_bits) + 1, sizeof(LiteralSlot));
}

// Places are numbers of 32 bits.
static int has_places(const prn_graphics_shape *s) {
  return ((uint64_t)s->rows + ROWS_ABOVE + 1) * ((uint64_t)s->columns + 2 * MARGIN) <= UINT32_MAX;
}

static int is_legal(const prn_graphics_shape *s) {
  return s->rows >= 1 && s->columns >= 1 && s->rows <= 65535 && s->columns <= 65535
         && s->channels >= 1 && s->channels <= PRN_GRAPHICS_CHANNELS
         && (s->has_alpha == 0 || s->has_alpha == 1) && s->colours >= 0 && s->colours <= 256
         && (s->colours == 0 || s->channels == 1) && has_places(s);
}

// The state, and behind it all that depends on the size; 0 where memory is short.
static size_t size_of(const prn_graphics_shape *shape) {
  Arena a = {0};
  // Larger than some threads' stacks.
  prn_graphics *unused = malloc(sizeof *unused);
  if (!unused) return 0;
  take(&a, 1, sizeof *unused);
  allocate(&a, shape, unused);
  free(unused);
  return a.bytes;
}

size_t prn_graphics_memory(const prn_graphics_shape *shape) {
  if (!is_legal(shape)) return 0;
  const size_t size = size_of(shape);
  return size ? prn_size_of_zeros(size) : SIZE_MAX >> 2;
}

static void start_weights(int32_t *weights, size_t sets, size_t inputs, const int32_t *start) {
  for (size_t i = 0; i < sets; i++) memcpy(weights + i * inputs, start, inputs * sizeof *start);
}

// Weights of the format's order, which begins with the constant, in the order of the inputs here.

static void order_chain(const int32_t *start, int32_t weights[CHAIN_INPUTS]) {
  memset(weights, 0, CHAIN_INPUTS * sizeof *weights);
  memcpy(weights, start + 1, CHAIN_COUNTERS * sizeof *weights);
  weights[CHAIN_COUNTERS] = start[0];
}

static void order_index(const int32_t *start, int32_t weights[INDEX_INPUTS]) {
  memset(weights, 0, INDEX_INPUTS * sizeof *weights);
  memcpy(weights, start + 1, 2 * INDEX_CONTEXTS * sizeof *weights);
  weights[2 * INDEX_CONTEXTS] = start[0];
}

static void order_literals(const int32_t *start, int32_t weights[LITERAL_INPUTS]) {
  const int32_t *contexts = start + 1 + LITERAL_EXPERTS;
  memset(weights, 0, LITERAL_INPUTS * sizeof *weights);
  memcpy(weights, contexts, LITERAL_CONTEXTS * sizeof *weights);
  memcpy(weights + CONSTANT, start, (1 + LITERAL_EXPERTS) * sizeof *weights);
  memcpy(
      weights + LITERAL_INPUTS / 2, contexts + LITERAL_CONTEXTS,
      LITERAL_CONTEXTS * sizeof *weights);
}

static Counter permille(int32_t p, uint32_t seen) {
  return counter((uint32_t)((int64_t)p * (ONE - 1) / 1000), seen);
}

// A history's colour that it has seen `mine` times, and others `others` times.
static Counter share(const int16_t start[2], int32_t mine, int32_t others) {
  const int32_t p = 1000 * (10 * mine + start[0]) / (10 * (mine + others) + start[1]);
  return permille(clamp(p, 2, 998), 2);
}

static void start_states(prn_graphics *g) {
  static const int32_t typical[8] = {0, 1, 2, 3, 5, 10, 25, 80};
  for (int k = 0; k < HISTORIES; k++)
    for (int r = 0; r < RANKS; r++)
      for (int s = 0; s < COLOUR_STATES; s++)
        g->states[k][r][s] = s == 0   ? permille(UNKNOWN[k][r], 2)
                             : s < 16 ? permille(ABSENT[k][r], 2)
                                      : share(SHARES[k][r], typical[(s - 16) >> 3 & 7],
                                              typical[(s - 16) & 7]);
  for (int r = 0; r < RANKS; r++) {
    for (int i = 0; i < MATCH_STATES; i++)
      g->match_states[r][i] =
          permille(i == 0 ? NO_MATCH[r] : i < 12 ? AGREEING[i - 1] : DISAGREEING[r], 1);
    for (int i = 0; i < 64; i++)
      g->masks[r][i] = permille(EQUALITIES[r][(i & 3) * 2 + ((i & 60) != 0)], 1);
    for (int i = 0; i < 512; i++) g->literal_masks[r][i] = permille(EQUALITIES[r][i & 7], 1);
  }
  for (int i = 0; i < FLAT_COUNTERS; i++) g->flat[i] = permille(970, 1);
}

static void start_mixing(prn_graphics *g) {
  start_weights(g->flat_weights[0], 32, FLAT_INPUTS, FLAT_WEIGHTS);
  for (int r = 0; r < RANKS; r++) {
    int32_t start[CHAIN_INPUTS];
    order_chain(CHAIN_WEIGHTS[r], start);
    start_weights(g->by_mask[r][0], 64, CHAIN_INPUTS, start);
    start_weights(g->by_match[r][0], MATCH_STATES, CHAIN_INPUTS, start);
    start_weights(g->by_history[r][0], 512, CHAIN_INPUTS, start);
    start_weights(g->by_literals[r][0], 64, CHAIN_INPUTS, start);
  }
  for (int r = 0; r < RANKS; r++) {
    for (int s = 0; s < CHAIN_SETS; s++) g->chain_final[r][s] = UNIT / CHAIN_SETS;
    for (int i = 0; i < 64; i++) start_refinement(g->f, &g->chain_refinements[r][i]);
  }
  if (g->shape.colours) {
    int32_t start[INDEX_INPUTS];
    order_index(INDEX_WEIGHTS, start);
    start_weights(g->by_prefix[0], 256, INDEX_INPUTS, start);
    start_weights(g->by_bit[0], 8, INDEX_INPUTS, start);
    for (int s = 0; s < 2; s++) g->index_final[s] = UNIT / 2;
    for (int i = 0; i < 256; i++) start_refinement(g->f, &g->index_refinements[i]);
    return;
  }
  const int32_t channels = g->shape.channels;
  for (int32_t c = 0; c < channels; c++) {
    int32_t start[LITERAL_INPUTS];
    order_literals(LITERAL_WEIGHTS[c], start);
    start_weights(g->by_node[c][0], NODES, LITERAL_INPUTS, start);
    start_weights(g->by_energy[c][0][0], 256, LITERAL_INPUTS, start);
    start_weights(g->by_guess[c][0][0], 256, LITERAL_INPUTS, start);
    start_weights(g->by_texture[c][0][0], 512, LITERAL_INPUTS, start);
    start_weights(g->by_fraction[c][0][0], 256, LITERAL_INPUTS, start);
    start_weights(g->by_answer[c][0][0], 512, LITERAL_INPUTS, start);
    for (int n = 0; n < NODES; n++) {
      for (int s = 0; s < LITERAL_SETS; s++) g->literal_final[c][n][s] = UNIT / LITERAL_SETS;
      for (int e = 0; e < ENERGIES; e++) start_refinement(g->f, &g->literal_refinements[c][n][e]);
    }
    for (int k = 0; k < LITERAL_EXPERTS; k++)
      for (int e = 0; e < ENERGIES; e++) g->spreads[c][k][e] = 64 << (e / 2);
    for (int32_t i = 0; i < g->shape.columns + 2; i++)
      for (int k = 0; k < PREDICTORS; k++) g->errors[c][i].of[k] = 512;
  }
}

prn_graphics *prn_graphics_create(const prn_graphics_shape *shape, int version) {
  if (!is_legal(shape) || !prn_supports(version)) return NULL;
  const prn_zeros memory = prn_allocate_zeros(size_of(shape));
  if (!memory.bytes) return NULL;
  Arena a = {.start = memory.bytes};
  prn_graphics *g = take(&a, 1, sizeof *g);
  g->memory = memory;
  g->version = version;
  g->shape = *shape;
  g->f = prn_adaptive_functions();
  allocate(&a, shape, g);
  start_states(g);
  start_mixing(g);
  return g;
}

void prn_graphics_destroy(prn_graphics *g) {
  if (g) prn_free_zeros(g->memory);
}
