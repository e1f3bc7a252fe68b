// What a lane's mixing has learnt, and what is known of a value before its decisions.
#ifndef PRN_MIXING_STATE_H
#define PRN_MIXING_STATE_H

#include "CMixing.h"
#include "CPlatform.h"
#include "Levels.h"
#include "Tables.h"

// The steps of a value are parts of a few functions that exist for each level and instruction set.
#define INLINE PRN_INLINE

// Cells of a refinement, and the distance between two of them.
#define CELLS 33
#define STEP 192

// What a context has learnt of each node: a line of the cache.
typedef struct {
  // Probabilities of a 1, in 65536ths.
  uint16_t chances[CONTEXT_NODES];
  // What is to be added to the network's stretched probability, with 12 fraction bits.
  int16_t leanings[CONTEXT_NODES];
  // Decisions that they were made of.
  uint8_t visits[CONTEXT_NODES];
  uint8_t unused[64 - 5 * CONTEXT_NODES];
} Slot;

struct prn_mixing {
  // Of the code: see prn_supports.
  int version;
  int32_t level;
  int32_t context_bits;
  // Of the small image; 1 if there is none.
  int32_t scale;
  prn_colour_view views[3];
  int32_t stride;
  int32_t predictors;
  const Tables *tables;

  // What is learnt.
  uint32_t values;
  int32_t least_rate;
  Slot *contexts;
  // [set][input]: see BY_NODE.
  int32_t *weights;
  int32_t final[3 * NODES][MOST_SETS];
  uint16_t refinements[3 * NODES * ENERGIES][CELLS];
};

// The values of one call.
typedef struct {
  prn_mixing *m;
  int32_t colour, t;
} Place;

// A logistic distribution around a prediction. Masses are of 2^32.
typedef struct {
  // 6 fraction bits, 0 to 255 * 64.
  int32_t centre;
  // z = distance * slope >> 16.
  int64_t slope;
  // Of all values below the candidates, below the split, and below what lies behind the candidates.
  uint64_t low, split, high;
} Expert;

// What is known of a value before its network: found one value ahead, so that the slots are in the
// cache.
typedef struct {
  ptrdiff_t cell;
  int32_t row;
  int32_t centre;
  int32_t blend;
  int32_t energy;
  // Which of W, N, NW, NE and WW are above the centre: a bit each.
  int32_t texture;
  Expert experts[MOST_EXPERTS];
  Slot *slots[MOST_CONTEXTS];
} Site;

INLINE int32_t clamp(int32_t x, int32_t a, int32_t b) {
  return x < a ? a : x > b ? b : x;
}

INLINE ptrdiff_t neighbour_cell(const Place *place, int32_t row, int32_t dr, int32_t dc) {
  return prn_prediction_cell(place->m->stride, place->t + PRN_SHEAR * dr + dc, row + dr);
}

// A neighbour's value, or what stands for it outside of the tile.
INLINE int32_t neighbour(
    const Place *place, int32_t colour, int32_t row, int32_t dr, int32_t dc) {
  return place->m->views[colour].values[neighbour_cell(place, row, dr, dc)];
}

#endif
