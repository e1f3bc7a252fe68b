// What the model knows before the dictionary (FORMAT.md, section 12.3).
#ifndef PRN_BYTES_START_H
#define PRN_BYTES_START_H

#include <string.h>

#include "BytesState.h"

static int is_of_deflated(int32_t vector) {
  if (vector < KIND_VECTORS) return vector / 8 == DEFLATED;
  vector -= KIND_VECTORS;
  if (vector < MATCH_VECTORS) return vector / 24 == 1;
  return (vector - MATCH_VECTORS) / (CONTEXTS + 1) == DEFLATED;
}

// Deflated data trust nothing but matches.
static void start_weights(int32_t *weights, int is_deflated) {
  int32_t *of_candidates = weights + 1 + 2 * CONTEXTS;
  for (int32_t k = 0; k < CONTEXTS; k++) {
    weights[1 + 2 * k] = is_deflated ? 0 : 16000;
    weights[2 + 2 * k] = is_deflated ? 0 : 3000;
  }
  for (int32_t k = 0; k < CANDIDATES; k++)
    of_candidates[k] = k < 2 ? 20000 : is_deflated ? 0 : 8000;
  for (int32_t k = 0; k < EXPERTS; k++) of_candidates[CANDIDATES + k] = 8000;
}

static void start_learnt(const Functions *f, Learnt *l) {
  memset(l, 0, sizeof *l);
  start_file(&l->parser);
  for (int32_t i = 0; i < 2; i++)
    for (int32_t c = 0; c < 3; c++)
      for (int32_t k = 0; k < EXPERTS; k++) l->distances[i][c][k] = 16 * 24;
  for (int32_t i = 0; i < 1 << CANDIDATE_BITS; i++)
    for (int32_t bit = 0; bit < 8; bit++) l->candidates[i][bit] = counter(ONE / 16 * 15, 2);
  for (int32_t kind = 0; kind < KINDS; kind++) {
    for (int32_t k = 0; k < CONTEXTS; k++)
      for (int32_t v = 0; v < MAP_VISITS; v++)
        for (int32_t j = 0; j < CELLS; j++)
          l->maps[kind][k][v][j] = counter(
              squash(f, clamp((j - CELLS / 2) * 256, -STRETCH_LIMIT, STRETCH_LIMIT)), 4);
    start_refinement(f, &l->refinements[kind]);
    for (int32_t s = 0; s < SETS; s++) l->finals[kind][s] = UNIT / SETS;
  }
  for (int32_t v = 0; v < VECTORS; v++) start_weights(l->weights[v], is_of_deflated(v));
}

#endif
