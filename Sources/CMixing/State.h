// What a lane's mixing has learnt, and what is known of a value before its decisions.
#ifndef PRN_MIXING_STATE_H
#define PRN_MIXING_STATE_H

#include "CMixing.h"
#include "CPlatform.h"
#include "Levels.h"
#include "Tables.h"
#include "Vectors.h"

// The steps of a value are parts of a few functions that exist for each level and instruction set.
#define INLINE PRN_INLINE

// Cells of a refinement, and the distance between two of them.
#define CELLS 33
#define STEP 192

// What a context has learnt of each node: a line of the cache.
typedef struct {
  // The chance of a 1, in 65536ths: the upper 16 bits. The leaning, which is to be added to the
  // network's stretched probability, with 12 fraction bits: the lower 16 bits.
  uint32_t learnt[CONTEXT_NODES];
  // Decisions that they were made of. Until the first, the chance is 0; from then on it is not.
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
  // [set][place of an input]: see BY_NODE and input_place.
  int32_t *weights;
  int32_t final[3 * NODES][MOST_SETS];
  uint16_t refinements[3 * NODES * ENERGIES][CELLS];
};

// The values of one call.
typedef struct {
  prn_mixing *m;
  int32_t colour, t;
  // The mixing's; the refinements are those of the colour.
  const Tables *tables;
  int32_t *weights;
  uint16_t (*refinements)[CELLS];
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

// What is known of the values of eight rows before their network: all that they look at is coded.
typedef struct {
  // Those of `end` and behind are not known.
  int32_t row, end;
  int32_t centre[LANES], blend[LANES], energy[LANES];
  // Which of W, N, NW, NE and WW are above the centre: a bit each.
  int32_t texture[LANES];
  // Numbers of slots, of all contexts.
  uint32_t slots[MOST_CONTEXTS][LANES];
} Block;

// The same of one value: found one value ahead, so that the slots are in the cache.
typedef struct {
  int32_t centre;
  int32_t blend;
  int32_t energy;
  int32_t texture;
  Expert experts[MOST_EXPERTS];
  Slot *slots[MOST_CONTEXTS];
} Site;

INLINE int32_t clamp(int32_t x, int32_t a, int32_t b) {
  return x < a ? a : x > b ? b : x;
}

// Numbers of `count` rows; 0 behind them, where another thread may write.
INLINE Shorts rows_of(const int16_t *numbers, int32_t count) {
  Shorts rows = {0};
  if (count == LANES)
    memcpy(&rows, numbers, sizeof rows);
  else
    memcpy(&rows, numbers, (size_t)count * sizeof *numbers);
  return rows;
}

#endif
