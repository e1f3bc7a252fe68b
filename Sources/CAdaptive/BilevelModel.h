// What the coding of an image of 1, 2 or 4 bits a pixel has learnt (FORMAT.md, section 13).
#ifndef PRN_BILEVEL_MODEL_H
#define PRN_BILEVEL_MODEL_H

#include "CBilevel.h"
#include "Mixer.h"

enum {
  CONTEXTS = 14,
  // The first contexts are spans of pixels.
  SPANNED = 9,
  // Of these the number known chooses weights.
  NESTED = 6,
  // Three for each context, the match, the prior, the bias, and up to a multiple of 8.
  INPUTS = 48,
  // States of a slot's history.
  STATES = 400,
  SETS = 4,
  // Weight vectors of the sets for each node.
  BY_MATCH = 14,
  BY_NEIGHBOURS = 64,
  BY_KNOWLEDGE = 14,
  BY_AGE = 64,
  CHOICES = BY_MATCH + BY_NEIGHBOURS + BY_KNOWLEDGE + BY_AGE,
  // Rows that contexts see: the current one and those above.
  ROWS = 9,
  // Pixels of the background on either side of a row.
  MARGIN = 16,
  PRIORS = 2048,
  FLAT_CONTEXTS = 6,
  FLAT_CELLS = 1024,
  FLAT_INPUTS = 8,
  FLAT_SETS = 16,
  DEEP_CELLS = 64,
};

// Fresh where the counter is 0.
typedef struct {
  Counter counter;
  uint8_t check;
  // Decisions seen, the other kind discounted, and the last two.
  uint8_t zeros, ones, recent;
} Slot;

// A place that the image may go on like.
typedef struct {
  int32_t is_there;
  int32_t row, column;
  const uint8_t *at;
  // Pixels since it was found or was wrong last; rows above that agree; a 1 for each error.
  uint32_t length, verified, errors;
} Match;

typedef struct {
  // What is allocated; this is its first part.
  prn_zeros memory;
  const Functions *functions;
  int32_t width, height, depth, nodes;
  int32_t slot_bits, position_bits;
  // All other pixels are relative to it: XOR.
  uint32_t background;
  uint32_t values;
  Slot *slots[CONTEXTS];
  // 1 + row * width + column of the last place of a hash; 0: none.
  uint32_t *positions;
  // ROWS rows of width + 2 * MARGIN pixels.
  uint8_t *ring;
  // How long each column has been as above, up to 15.
  uint8_t *ages;
  // 1 + the row of the last missed flat pixel of each column; 0: none. One more than columns.
  int32_t *missed;
  // [node][CHOICES][INPUTS], [node][8], [node][BY_NEIGHBOURS].
  int32_t *weights, *final;
  Refinement *refinements;
  Counter maps[CONTEXTS][STATES];
  Counter matches[16][8][2];
  Counter priors[PRIORS];
  Counter deep[DEEP_CELLS];
  Counter flat[FLAT_CONTEXTS][FLAT_CELLS];
  int32_t flat_weights[FLAT_SETS][FLAT_INPUTS];
  Refinement flat_refinements[FLAT_SETS];
} Bilevel;

// How many decisions of a kind there were, in 10 classes.
static const uint8_t COUNT_CLASSES[52] = {
    0, 1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8,
    8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9};

INLINE uint32_t count_class(uint32_t n) { return COUNT_CLASSES[n < 51 ? n : 51]; }

// NULL where memory is short; the arguments are in range.
Bilevel *prn_bilevel_create(int32_t width, int32_t height, int32_t depth);

// Frees it; NULL is fine.
void prn_bilevel_destroy(Bilevel *bilevel);

#endif
