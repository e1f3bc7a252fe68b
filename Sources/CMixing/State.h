// The state of a lane's mixing, and the steps of a value.
#ifndef PRN_MIXING_STATE_H
#define PRN_MIXING_STATE_H

#include "CMixing.h"
#include "Tables.h"
#include "CPlatform.h"

// The steps of a value are parts of a few functions that exist for each level and instruction set.
#define INLINE PRN_INLINE

// Kinds of decisions. A context holds a probability for each of the first CONTEXT_NODES.
#define NODES 20
#define CONTEXT_NODES 16
#define MOST_CONTEXTS 26
// Distributions around predictors: the blend and single ones, at most at two widths.
#define MOST_EXPERTS 9
// A constant, the network, the experts, two for each context; whole vectors.
#define MOST_INPUTS 64
#define MOST_SETS 5
// Classes of the network's answer, and of the signs of neighbours.
#define ANSWERS 32
#define TEXTURES 32
#define ENERGIES 12

// What differs from level to level (table 8.1).
typedef struct {
  int32_t contexts;
  // Of the largest tables.
  int32_t context_bits;
  // Inputs for each context: its stretched probability, and how sure it is.
  int32_t inputs_per_context;
  int32_t weight_sets;
  int32_t experts;
} Level;

// A context's probabilities of a 1 at each node, with 22 bits, above their visits, with 10.
typedef struct {
  uint32_t nodes[CONTEXT_NODES];
} Slot;

// A logistic distribution around a prediction. Masses are of 2^32.
typedef struct {
  // 6 fraction bits, 0 to 255 * 64.
  int32_t centre;
  // z = distance * slope >> 16.
  int64_t slope;
  // Of all values below the candidates, below the split, and below what lies behind the candidates.
  uint64_t low, split, high;
} Expert;

typedef struct {
  int32_t weights[MOST_INPUTS];
} WeightSet;

// What the next decision asks of the value. Its candidates are two intervals; a decision of 1 means the
// upper one or the lower one, and for the first node, that the value is the centre.
typedef struct {
  int32_t node;
  // 0 first node, 1 sign, 2 + k bucket k, 14 within a bucket.
  int32_t kind;
  // The lowest value of the upper interval.
  int32_t split;
  int one_is_upper;
} Question;

// What is known of a value before its network: found one value ahead, so that the slots are in the cache.
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

struct prn_mixing {
  // Of the code: see prn_supports.
  int version;
  int32_t level;
  int32_t context_bits;
  int32_t colours;
  const prn_prediction *prediction;
  prn_colour_view views[3];
  int32_t stride;
  int32_t predictors;
  Tables tables;

  // The value being coded.
  int32_t colour, t;
  // This value's and the next one's.
  Site sites[2];
  int32_t current;
  int32_t centre;
  Expert experts[MOST_EXPERTS];
  const prn_network *network;
  // Sums of frequencies, by value: of all values below the candidates, below the split, and so on.
  uint32_t network_low, network_split, network_high;
  // Of all symbols that stand for values from the centre on.
  uint32_t network_first;

  // The walk: the candidates, and how far it has come. Magnitudes from `first` on are in the bucket.
  int32_t lowest, highest;
  int32_t sign, bucket, first, size, depth;
  Question question;
  int finished;

  // The decision.
  int32_t inputs[MOST_INPUTS];
  int32_t input_count;
  WeightSet *chosen[MOST_SETS];
  int32_t stretched[MOST_SETS];
  uint32_t probabilities[MOST_SETS];
  uint32_t mixed;
  int32_t *final_weights;
  uint16_t *refinements_here, *refinement;
  int32_t refinement_fraction;

  // What is learnt.
  uint32_t values;
  int32_t rate, least_rate;
  Slot *contexts;
  WeightSet by_node[3 * NODES];
  WeightSet by_energy[3 * 16 * ENERGIES];
  WeightSet by_fraction[3 * 16 * 16];
  WeightSet by_answer[3 * 16 * ANSWERS];
  WeightSet by_texture[3 * 16 * TEXTURES];
  int32_t final[3 * NODES][MOST_SETS];
  uint16_t refinements[3 * NODES * ENERGIES][33];
};

INLINE int32_t clamp(int32_t x, int32_t a, int32_t b) {
  return x < a ? a : x > b ? b : x;
}

// A neighbour's value, or what stands for it outside of the tile.
INLINE int32_t neighbour(
    const prn_mixing *m, int32_t colour, int32_t row, int32_t dr, int32_t dc) {
  return m->views[colour]
      .values[prn_prediction_cell(m->stride, m->t + PRN_SHEAR * dr + dc, row + dr)];
}

#endif
