// What the codec of deep samples knows of an image, and what it has learnt (FORMAT.md, section
// 14).
#ifndef PRN_DEEP_STATE_H
#define PRN_DEEP_STATE_H

#include "CDeep.h"
#include "Mixer.h"

// Cells on each side of a row, and rows above a plane; one more row is below it.
#define PAD 4
#define ABOVE 3

// Rows of the sums: the terms of a fit and its target, and zeros up to whole vectors.
#define STRIDE 24
// Columns whose values share the weights of the fits.
#define BLOCK 8
#define BLOCK_LOG2 3
// Fraction bits of weights.
#define FRACTION 14

// Guesses: two fixed ones, and fits to the surroundings, to wide surroundings, to all, and to what
// has the same place in squares of 2 x 2: there, images of one sensor behind colour filters repeat.
#define FITS 4
#define PREDICTORS (2 + FITS)
#define EXPERTS (PREDICTORS + 2)
#define CONTEXTS 8
#define INPUTS 24
// Kinds of decisions with contexts.
#define NODES 32
#define SETS 3
#define SCALES 12
#define SPREADS 12
#define PLACES 16

typedef struct {
  int32_t weights[STRIDE];
} Fit;

// Sums of the products of terms: symmetrical.
typedef struct {
  int32_t of[STRIDE][STRIDE];
} Sums;

typedef struct {
  Counter nodes[NODES];
} Slot;

// Slots of each context.
enum {
  BY_ERRORS = 0,
  BY_MISSES = BY_ERRORS + SCALES * 64,
  BY_NEIGHBOURS = BY_MISSES + 343,
  BY_EARLIER = BY_NEIGHBOURS + 729,
  BY_LEVEL = BY_EARLIER + 225,
  BY_CROSS = BY_LEVEL + 64 * SCALES,
  BY_EQUALS = BY_CROSS + 96,
  BY_TEXTURE = BY_EQUALS + 32 * 49,
  SLOTS = BY_TEXTURE + 32 * SPREADS
};

typedef struct Repeat Repeat;

typedef struct {
  const Functions *functions;
  int32_t width, height, channels;
  // Of the channel: the largest sample, and its bits.
  int32_t largest, depth;
  uint32_t counts[PRN_DEEP_CHANNELS];
  // Of the planes and rows with their pads.
  ptrdiff_t stride;
  // Cell (0, 0) of each channel: samples, and how far they were missed.
  uint16_t *samples[PRN_DEEP_CHANNELS];
  int8_t *misses[PRN_DEEP_CHANNELS];
  // Cell 0 of the row, the one above and the second above: the error of each predictor in 16ths,
  // then the mean error around.
  uint32_t *errors[3];
  // Blocks + 2 each, of which the first and the last stay empty.
  Sums *near_sums, *wide_sums;
  int32_t blocks;
  Sums all_sums, phase_sums[4];
  // Of the block, by even and odd columns.
  Sums added[2];
  Sums system;
  Fit near, wide, all, phases[4];
  // Of the channel.
  int32_t channel, terms;
  ptrdiff_t offsets[STRIDE];
  uint8_t of_channel[STRIDE];
  uint32_t values;
  int32_t rate;
  Slot slots[SLOTS];
  int32_t by_scale[NODES * SCALES][INPUTS] __attribute__((aligned(64)));
  int32_t by_spread[NODES * SPREADS][INPUTS] __attribute__((aligned(64)));
  int32_t by_place[NODES * PLACES][INPUTS] __attribute__((aligned(64)));
  int32_t final[NODES][SETS];
  Refinement refinements[NODES];
  Counter deep_nodes[16];
  Counter first_bits[2 * 8 * 4];
  Counter low_bits[16 * 8];
  // Of each prefix of a sample, what bits came behind it: zeros and ones, up to 15.
  uint8_t *followed;
  Repeat *repeats;
  Counter repeated[16][4];
  Counter by_followed[3 * 256];
} Deep;

#endif
