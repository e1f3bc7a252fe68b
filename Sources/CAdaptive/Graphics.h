// What the graphics codec has learnt, and what is known of a pixel.
#ifndef PRN_GRAPHICS_STATE_H
#define PRN_GRAPHICS_STATE_H

#include "CGraphics.h"
#include "CPlatform.h"
#include "Coder.h"
#include "Colours.h"
#include "Mixer.h"

// Pixels that stand for those outside of the picture, at each side, and rows above it.
#define MARGIN 16
#define ROWS_ABOVE 4

// Colour histories: contexts of whole colours.
#define HISTORIES 8
#define HISTORY_COLOURS 3
// Candidates of a pixel, and as how many their rank counts.
#define MOST_CANDIDATES 6
#define RANKS 4
// States of a candidate in a history: absent (16), or its place and two count classes.
#define COLOUR_STATES (16 + HISTORY_COLOURS * 64)
#define MATCH_STATES 32
#define PATTERNS 3
#define CHAIN_COUNTERS (HISTORIES + 6)
// Behind those of the counters the constant.
#define CHAIN_INPUTS 16
#define CHAIN_SETS 4
#define FLAT_INPUTS 8

// Literals: a value as a walk around a centre.
#define NODES 56
#define CONTEXT_NODES 48
#define LITERAL_CONTEXTS 11
#define LITERAL_EXPERTS 3
// First the stretched chances of the contexts, the constant and the experts; from the middle on the
// linear chances.
#define LITERAL_INPUTS 32
#define CONSTANT LITERAL_CONTEXTS
#define LITERAL_SETS 6
#define PREDICTORS 8
#define GUESSES 3
#define ENERGIES 12

// Literals of numbered colours: bits.
#define INDEX_CONTEXTS 8
#define INDEX_INPUTS 24

// The colours that followed a neighbourhood, the latest first.
typedef struct {
  uint16_t check;
  uint8_t count;
  uint8_t seen[HISTORY_COLOURS];
  uint32_t colours[HISTORY_COLOURS];
} History;

typedef struct {
  Counter nodes[CONTEXT_NODES];
} LiteralSlot;

// The value that followed the channels before it.
typedef struct {
  uint16_t check;
  uint8_t value, seen;
} Guess;

// Errors of the predictions of a channel at a column, in 64ths.
typedef struct {
  int32_t of[PREDICTORS];
} Errors;

struct prn_graphics {
  // What is allocated; this is its first part.
  prn_zeros memory;
  int version;
  prn_graphics_shape shape;
  const Functions *f;
  // Colours as words, with margins: [row][column].
  uint32_t *colours;
  ptrdiff_t stride;
  // Words of the tables below, as logarithms.
  int32_t history_bits, match_bits, pattern_bits, literal_bits, guess_bits, index_bits;

  // Flat areas.
  Counter *flat;
  int32_t flat_weights[32][FLAT_INPUTS];
  // The row of each column's last break, and 1; 0 for none.
  int32_t *column_breaks;

  // Entries of histories and slots of literals are numbered as they are met, since tables as large
  // as the picture asks for hold few: then these are next to each other. Place 0 stays empty.
  History *histories;
  LiteralSlot *literal_slots;
  uint32_t last_history, last_literal_slot;

  // The chain. Hashes choose the histories' numbers, 0 for none.
  uint32_t *history_numbers[HISTORIES];
  uint32_t *matches;
  Counter *patterns[PATTERNS];
  Counter states[HISTORIES][RANKS][COLOUR_STATES];
  Counter match_states[RANKS][MATCH_STATES];
  Counter masks[RANKS][64];
  Counter literal_masks[RANKS][512];
  int32_t by_mask[RANKS][64][CHAIN_INPUTS];
  int32_t by_match[RANKS][MATCH_STATES][CHAIN_INPUTS];
  int32_t by_history[RANKS][512][CHAIN_INPUTS];
  int32_t by_literals[RANKS][64][CHAIN_INPUTS];
  int32_t chain_final[RANKS][8];
  Refinement chain_refinements[RANKS][64];
  uint32_t chains;
  // 1 for a literal and a pixel that was known, else 0; of each column the latest: [column].
  uint8_t *kinds;

  // Literals by channels.
  // Hashes choose the slots' numbers, 0 for none.
  uint32_t *literal_numbers[LITERAL_CONTEXTS];
  Guess *guesses[GUESSES];
  Errors *errors[PRN_GRAPHICS_CHANNELS];
  int8_t *half_misses[PRN_GRAPHICS_CHANNELS];
  int32_t spreads[PRN_GRAPHICS_CHANNELS][LITERAL_EXPERTS][ENERGIES];
  int32_t by_node[PRN_GRAPHICS_CHANNELS][NODES][LITERAL_INPUTS];
  int32_t by_energy[PRN_GRAPHICS_CHANNELS][16][16][LITERAL_INPUTS];
  int32_t by_guess[PRN_GRAPHICS_CHANNELS][16][16][LITERAL_INPUTS];
  int32_t by_texture[PRN_GRAPHICS_CHANNELS][16][32][LITERAL_INPUTS];
  int32_t by_fraction[PRN_GRAPHICS_CHANNELS][16][16][LITERAL_INPUTS];
  int32_t by_answer[PRN_GRAPHICS_CHANNELS][16][32][LITERAL_INPUTS];
  int32_t literal_final[PRN_GRAPHICS_CHANNELS][NODES][8];
  Refinement literal_refinements[PRN_GRAPHICS_CHANNELS][NODES][ENERGIES];
  uint32_t literals;

  // Literals by bits.
  Counter *index_contexts[INDEX_CONTEXTS];
  int32_t by_prefix[256][INDEX_INPUTS];
  int32_t by_bit[8][INDEX_INPUTS];
  int32_t index_final[8];
  Refinement index_refinements[256];
};

// The number at a place; the next one after `last` where there is none yet. Without a branch, which
// would wait for memory.
INLINE uint32_t numbered(uint32_t *place, uint32_t *last) {
  const uint32_t number = *place, is_new = number == 0;
  *last += is_new;
  return *place = number | (*last & -is_new);
}

// The colours around a pixel.
typedef struct {
  // The pixel's own place.
  uint32_t *here;
  // Rows above.
  const uint32_t *above, *above2;
  uint32_t w, n, ne, nw, ww, nn, nee, nne, nww, nnw;
} Window;

INLINE void look(Window *o, uint32_t *here, ptrdiff_t stride) {
  const uint32_t *a = here - stride, *b = a - stride;
  o->here = here;
  o->above = a;
  o->above2 = b;
  o->w = here[-1];
  o->ww = here[-2];
  o->n = a[0];
  o->ne = a[1];
  o->nw = a[-1];
  o->nee = a[2];
  o->nww = a[-2];
  o->nn = b[0];
  o->nne = b[1];
  o->nnw = b[-1];
}

// A flat decision from which nothing was learnt: what it depends on, and what it said.
typedef struct {
  // Whether the latest pixel had it.
  int is_last;
  uint32_t probability;
  // Of the column and the next one (GraphicsFlat.h); of the column to the last break, and of the
  // match.
  int32_t age, distance, length;
} Settled;

// The coding of one picture: what changes from pixel to pixel beside the state.
typedef struct {
  prn_graphics *g;
  Coder coder;
  // The pixel that the match says, as a place in `colours`; 0 for none. How many it has said right.
  uint32_t match;
  int32_t match_length;
  // Breaks of flat areas, in this row and the two before, and the column of this row's last.
  int32_t breaks, breaks_above, breaks_above2, last_break;
  // `kinds` of NW, before it was overwritten.
  uint8_t kind_nw;
  Settled settled;
  Mixer mixer;
} Run;

#endif
