#include <stdlib.h>
#include <string.h>

#include "Arena.h"
#include "BilevelModel.h"
#include "BilevelStart.h"

static int is_in_range(int32_t width, int32_t height, int32_t depth) {
  return width >= 1 && height >= 1 && (int64_t)width * height <= PRN_BILEVEL_LIMIT
         && (depth == 1 || depth == 2 || depth == 4);
}

// All that depends on the size.
static void allocate(Arena *a, int32_t width, int32_t height, int32_t depth, Bilevel *b) {
  const int32_t bits = floor_log2((uint64_t)width * (uint64_t)height);
  const size_t columns = (size_t)width;
  b->nodes = depth == 1 ? 1 : 1 << depth;
  b->slot_bits = clamp(bits + depth, 8, 18);
  b->position_bits = clamp(bits, 8, 18);
  for (int k = 0; k < CONTEXTS; k++)
    b->slots[k] = take(a, (size_t)1 << b->slot_bits, sizeof(Slot));
  b->positions = take(a, (size_t)1 << b->position_bits, sizeof(uint32_t));
  b->ring = take(a, ROWS, columns + 2 * MARGIN);
  b->ages = take(a, columns, 1);
  b->missed = take(a, columns + 1, sizeof(int32_t));
  const size_t nodes = (size_t)b->nodes;
  b->weights = take(a, nodes * CHOICES * INPUTS, sizeof(int32_t));
  b->final = take(a, nodes * 8, sizeof(int32_t));
  b->refinements = take(a, nodes * BY_NEIGHBOURS, sizeof(Refinement));
}

// The state, and behind it all that depends on the size; 0 where memory is short.
static size_t size_of(int32_t width, int32_t height, int32_t depth) {
  Arena a = {0};
  // Larger than some threads' stacks.
  Bilevel *unused = malloc(sizeof *unused);
  if (!unused) return 0;
  take(&a, 1, sizeof *unused);
  allocate(&a, width, height, depth, unused);
  free(unused);
  return a.bytes;
}

size_t prn_bilevel_memory(int32_t width, int32_t height, int32_t depth) {
  if (!is_in_range(width, height, depth)) return 0;
  const size_t size = size_of(width, height, depth);
  return size ? prn_size_of_zeros(size) : SIZE_MAX >> 2;
}

// Counts are classes' middles here.
static void start_maps(Bilevel *b) {
  static const uint32_t COUNTS[10] = {0, 1, 2, 3, 4, 6, 9, 15, 33, 90};
  for (uint32_t k = 0; k < CONTEXTS; k++)
    for (uint32_t state = 0; state < STATES; state++) {
      const uint64_t zeros = COUNTS[state / 40], ones = COUNTS[state / 4 % 10];
      const uint64_t p = ONE * (10 * ones + 3) / (10 * (zeros + ones) + 6);
      b->maps[k][state] = counter((uint32_t)p, 4);
    }
  for (uint32_t k = 0; k < 16; k++)
    for (uint32_t i = 0; i < 8; i++) {
      b->matches[k][i][0] = counter(ONE / (k + 3), 2);
      b->matches[k][i][1] = counter(ONE * (k + 2) / (k + 3), 2);
    }
}

static void start_flat(Bilevel *b) {
  for (int k = 0; k < FLAT_CONTEXTS; k++)
    for (int i = 0; i < FLAT_CELLS; i++) b->flat[k][i] = counter(ONE / 100 * 99, 2);
  for (int i = 0; i < DEEP_CELLS; i++) b->deep[i] = counter(ONE / 1000 * 999, 4);
  for (int i = 0; i < FLAT_SETS; i++) {
    for (int j = 0; j < FLAT_INPUTS; j++) b->flat_weights[i][j] = 16000;
    start_refinement(b->functions, &b->flat_refinements[i]);
  }
}

static void start(Bilevel *b) {
  start_maps(b);
  start_flat(b);
  if (b->depth == 1)
    for (int i = 0; i < PRIORS; i++)
      b->priors[i] = counter(squash(b->functions, 32 * START_PRIORS[i]), 255);
  const int32_t *weights = START_WEIGHTS[b->depth == 1 ? 0 : b->depth == 2 ? 1 : 2];
  for (int32_t i = 0; i < b->nodes * CHOICES; i++)
    memcpy(b->weights + INPUTS * i, weights, INPUTS * sizeof(int32_t));
  for (int32_t i = 0; i < 8 * b->nodes; i++) b->final[i] = UNIT / SETS;
  for (int32_t i = 0; i < BY_NEIGHBOURS * b->nodes; i++)
    start_refinement(b->functions, &b->refinements[i]);
}

Bilevel *prn_bilevel_create(int32_t width, int32_t height, int32_t depth) {
  const prn_zeros memory = prn_allocate_zeros(size_of(width, height, depth));
  if (!memory.bytes) return NULL;
  Arena a = {.start = memory.bytes};
  Bilevel *b = take(&a, 1, sizeof *b);
  b->memory = memory;
  b->functions = prn_adaptive_functions();
  b->width = width;
  b->height = height;
  b->depth = depth;
  allocate(&a, width, height, depth, b);
  start(b);
  return b;
}

void prn_bilevel_destroy(Bilevel *b) {
  if (b) prn_free_zeros(b->memory);
}
