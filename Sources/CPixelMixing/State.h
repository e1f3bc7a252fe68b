// The state of a tile's mixing, and the steps of a value.
#ifndef PRN_MIXING_STATE_H
#define PRN_MIXING_STATE_H

#include "CPixelMixing.h"
#include "LeastSquares.h"
#include "Tables.h"

// Nodes of the walk: a context holds a probability for each.
#define NODES 40
#define MOST_CONTEXTS 26
#define MOST_FITS 3
// Predictors: colourMED, the plane through W, N and NW, and the least-squares fits.
#define MOST_PREDICTORS (2 + MOST_FITS)
// One, two for each predictor, one of the network, two for each context.
#define MOST_INPUTS 80
#define ENERGIES 12

// What differs from level to level (table 7.1).
typedef struct {
  int32_t contexts;
  int32_t context_bits;
  // Inputs for each context: its stretched probability, and how sure it is.
  int32_t inputs_per_context;
  int32_t weight_sets;
  // Widths of each predictor's distribution.
  int32_t scales;
  int32_t fits;
  int32_t own_neighbours;
  int32_t other_neighbours;
  int32_t period;
} Level;

// The probabilities of a context's nodes, in 65536ths, and their visits.
typedef struct {
  uint16_t probability[NODES];
  uint8_t visits[NODES];
  uint8_t unused[8];
} Slot;

// A boundary between values as a predictor's distribution sees it: the mass beyond it on its own side of the
// centre, of 2^32.
typedef struct {
  int above;
  uint64_t mass;
} Boundary;

// A predictor's two distributions at the value being coded.
typedef struct {
  // 6 fraction bits, 0 to 255 * 64.
  int32_t value;
  // z = distance * slope >> 16, for the narrow and the wide one.
  int64_t slope[2];
  // Of the candidates, and between the two intervals.
  Boundary low[2], high[2], split[2];
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

struct prn_mixing {
  Level level;
  int32_t rows, columns;
  const uint8_t *planes[3];
  Tables tables;

  // The value being coded.
  int32_t colour, row, column;
  int32_t centre;
  int32_t blend;
  int32_t energy;
  int32_t features[MOST_FEATURES];
  int32_t base;
  Expert experts[MOST_PREDICTORS];
  int32_t predictors;
  const prn_network *network;
  int32_t network_centre;
  // Cumulative frequencies, by value: of all values below the candidates, below the split, and so on.
  uint32_t network_low, network_split, network_high;
  Slot *slots[MOST_CONTEXTS];

  // The walk: the candidates, and how far it has come. Magnitudes from `first` on are in the bucket.
  int32_t lowest, highest;
  int32_t sign, bucket, first, size, depth;
  Question question;
  int finished;

  // The decision.
  int32_t inputs[MOST_INPUTS];
  int32_t input_count;
  WeightSet *chosen[2];
  int32_t stretched[2];
  uint32_t probabilities[2];
  int32_t final_stretched;
  uint32_t mixed, refined;
  int32_t *final_weights;
  uint16_t *refinement;
  int32_t refinement_fraction;

  // What is learnt.
  uint32_t values;
  int32_t rate;
  LeastSquares fits[3][MOST_FITS];
  Slot *contexts;
  WeightSet by_node[3 * NODES];
  WeightSet by_energy[3 * 16 * 8];
  int32_t final[3 * NODES][2];
  uint16_t refinements[3 * NODES * ENERGIES][33];
  int owns_errors;
  // [predictor][colour][row][column]: magnitudes of the errors, in 16ths.
  uint16_t *errors;
  // [colour][row][column]: value - centre.
  int16_t *residuals;
};

// A neighbour's value, where (row, column) + (dr, dc) may lie outside of the tile (section 7.3).
int32_t prn_neighbour(const prn_mixing *m, int32_t colour, int32_t dr, int32_t dc);

// Fills features, experts, blend, centre and energy.
void prn_predict(prn_mixing *m, uint8_t network_centre);

// Finds the slots of the contexts.
void prn_select_contexts(prn_mixing *m);

// Starts the walk.
void prn_start_walk(prn_mixing *m);

// Takes the decision into the candidates, and asks the next question or finishes.
void prn_advance_walk(prn_mixing *m, int decision);

// Fills the inputs of the decision.
void prn_fill_inputs(prn_mixing *m);

static inline int32_t clamp(int32_t x, int32_t a, int32_t b) {
  return x < a ? a : x > b ? b : x;
}

static inline size_t pixel_index(const prn_mixing *m, int32_t row, int32_t column) {
  return (size_t)row * (size_t)m->columns + (size_t)column;
}

#endif
