#include <stdlib.h>
#include <string.h>

#include "BilevelModel.h"
#include "BilevelStart.h"

// Bytes of the parts that follow the fixed one.
typedef struct {
  int32_t slot_bits, position_bits;
  size_t fixed, slots, positions, ring, ages, missed, weights, final, refinements;
} Sizes;

static size_t rounded(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

static int is_in_range(int32_t width, int32_t height, int32_t depth) {
  return width >= 1 && height >= 1 && (int64_t)width * height <= PRN_BILEVEL_LIMIT
         && (depth == 1 || depth == 2 || depth == 4);
}

static Sizes sizes_of(int32_t width, int32_t height, int32_t depth) {
  const int32_t bits = floor_log2((uint64_t)width * (uint64_t)height);
  const size_t nodes = (size_t)1 << (depth == 1 ? 0 : depth), columns = (size_t)width;
  Sizes s = {.slot_bits = clamp(bits + depth, 8, 18), .position_bits = clamp(bits, 8, 18)};
  s.fixed = rounded(sizeof(Bilevel));
  s.slots = rounded((sizeof(Slot) << s.slot_bits));
  s.positions = rounded(sizeof(uint32_t) << s.position_bits);
  s.ring = rounded(ROWS * (columns + 2 * MARGIN));
  s.ages = rounded(columns);
  s.missed = rounded((columns + 1) * sizeof(int32_t));
  s.weights = rounded(nodes * CHOICES * INPUTS * sizeof(int32_t));
  s.final = rounded(nodes * 8 * sizeof(int32_t));
  s.refinements = rounded(nodes * BY_NEIGHBOURS * sizeof(Refinement));
  return s;
}

static size_t total(const Sizes *s) {
  return s->fixed + CONTEXTS * s->slots + s->positions + s->ring + s->ages + s->missed + s->weights
         + s->final + s->refinements;
}

size_t prn_bilevel_memory(int32_t width, int32_t height, int32_t depth) {
  if (!is_in_range(width, height, depth)) return 0;
  const Sizes s = sizes_of(width, height, depth);
  return total(&s) + 63;
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

static void *take(uint8_t **memory, size_t bytes) {
  void *piece = *memory;
  *memory += bytes;
  return piece;
}

Bilevel *prn_bilevel_create(int32_t width, int32_t height, int32_t depth) {
  const Sizes s = sizes_of(width, height, depth);
  uint8_t *memory = calloc(total(&s), 1);
  if (!memory) return NULL;
  Bilevel *b = take(&memory, s.fixed);
  b->functions = prn_adaptive_functions();
  b->width = width;
  b->height = height;
  b->depth = depth;
  b->nodes = depth == 1 ? 1 : 1 << depth;
  b->slot_bits = s.slot_bits;
  b->position_bits = s.position_bits;
  for (int k = 0; k < CONTEXTS; k++) b->slots[k] = take(&memory, s.slots);
  b->positions = take(&memory, s.positions);
  b->ring = take(&memory, s.ring);
  b->ages = take(&memory, s.ages);
  b->missed = take(&memory, s.missed);
  b->weights = take(&memory, s.weights);
  b->final = take(&memory, s.final);
  b->refinements = take(&memory, s.refinements);
  start(b);
  return b;
}
