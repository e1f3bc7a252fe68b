// What the codec of runs has learnt, and what is known of a pixel.
#ifndef PRN_RUNS_STATE_H
#define PRN_RUNS_STATE_H

#include "CPlatform.h"
#include "CRuns.h"
#include "Coder.h"
#include "Colours.h"
#include "Mixer.h"

// Pixels that stand for those outside of the picture, at each side, and rows above it.
#define MARGIN 4
#define ROWS_ABOVE 2

// Bits of the length of a run, and 0.
#define LENGTHS 17

// Candidates of a pixel, the likeliest first.
#define RANKS 5
// What the match says of a candidate: there is none (0), that it is this (1 to 11), by how sure it
// is, or another (12, 13). What the history says: 0, 1 to 6, 7.
#define MATCH_CLASSES 11
#define MATCHES (MATCH_CLASSES + 3)
#define HISTORY_CLASSES 6
#define HISTORIES (HISTORY_CLASSES + 2)
// Which of W, N, NE, NW, WW, NN a candidate is equal to.
#define MASKS 64
#define KINDS 16
// Inputs of a candidate's decision: those of counters, a constant, and room for a vector.
#define COUNTERS 5
#define INPUTS 8

// New values.
#define ENERGIES 16
#define ROUGHNESSES 1024
#define GUESS_CLASSES 8
#define MISSES 64
#define BUCKETS 8

// The colour that followed a neighbourhood last, and how often it did in turn; 0 for never.
typedef struct {
  uint32_t colour;
  uint16_t check, seen;
} History;

// The value that followed the channels before it.
typedef struct {
  uint16_t check;
  uint8_t value, seen;
} Guess;

// Counters of a channel's values.
typedef struct {
  Counter guessed[GUESS_CLASSES][ENERGIES];
  // Whether the prediction is right: by the misses around, and by W and N.
  Counter right[ENERGIES][MISSES], right_by_neighbours[32][32];
  Counter above[9][3];
  Counter buckets[ENERGIES][BUCKETS], buckets_by_misses[MISSES][BUCKETS];
  Counter halves[BUCKETS][3];
} ChannelCounters;

typedef struct {
  // What is allocated; this is its first part.
  prn_zeros memory;
  prn_runs_shape shape;
  const Functions *f;
  // Colours as words, with margins: [row][column].
  uint32_t *colours;
  ptrdiff_t stride;
  // Words of the tables below, as logarithms.
  int32_t match_bits, history_bits, pattern_bits, guess_bits, index_bits;

  Counter whole[LENGTHS][4], length_bits[LENGTHS][LENGTHS], lengths[LENGTHS][LENGTHS];

  // Places in `colours`; 0 for none.
  uint32_t *matches;
  History *histories;
  Counter *patterns, *pairs;
  // 1 for a pixel that was none of its candidates, else 0; of each column the latest: [column].
  uint8_t *kinds;
  Counter by_match[RANKS][MATCHES][MASKS];
  Counter by_history[RANKS][HISTORIES][MASKS];
  Counter by_kinds[RANKS][KINDS][MASKS];
  int32_t weights[RANKS][MATCHES][INPUTS];

  Guess *guesses;
  ChannelCounters channels[PRN_RUNS_CHANNELS];
  // Value - prediction of the latest new value of a column: [column].
  int16_t *misses[PRN_RUNS_CHANNELS];
  uint8_t energies[ROUGHNESSES];

  Counter *numbers_by_neighbours, numbers[256];
} Runs;

// The state of a picture before its first pixel; NULL where memory is short.
Runs *prn_runs_create(const prn_runs_shape *shape);

void prn_runs_destroy(Runs *runs);

int prn_runs_is_legal(const prn_runs_shape *shape);

// The colours around a pixel.
typedef struct {
  // The pixel's own place.
  uint32_t *here;
  uint32_t w, n, ne, nw, ww, nn;
} Window;

INLINE void look(Window *o, uint32_t *here, ptrdiff_t stride) {
  const uint32_t *above = here - stride;
  *o = (Window){here, here[-1], above[0], above[1], above[-1], here[-2], above[-stride]};
}

// The coding of one picture: what changes from pixel to pixel beside the state.
typedef struct {
  Runs *r;
  Coder coder;
  // The pixel that the match says, as a place in `colours`; 0 for none. How many it has said right,
  // and how sure it is, 0 to MATCH_CLASSES - 1.
  uint32_t match;
  int32_t match_length, match_class;
  // The column at which a flat part of the row above ends, as seen from the last flat pixel.
  int32_t flat_end;
  // Whether the last runs were whole: a bit each.
  int32_t were_whole;
  // `kinds` of NW, before it was overwritten.
  uint8_t kind_nw;
  // Pixels with candidates so far, and the rate of the weights that follows.
  uint32_t pixels;
  int32_t rate;
} Run;

// Visits that counters count, of all but candidates.
#define VISITS 48
#define RUN_VISITS 250

INLINE int code_bit(Run *run, Counter *counter, int32_t limit, int decodes, int bit) {
  const Functions *f = run->r->f;
  bit = code_decision(f, &run->coder, decodes, chance(*counter), bit);
  learn_counter(f, counter, bit, limit);
  return bit;
}

// By the mean of two chances, each with the weight of its visits.
INLINE int code_mean(Run *run, Counter *a, Counter *b, int decodes, int bit) {
  const Functions *f = run->r->f;
  const uint32_t of_a = (uint32_t)least(visits(*a), 12) + 1;
  const uint32_t of_b = (uint32_t)least(visits(*b), 12) + 1;
  const uint32_t p = (chance(*a) * of_a + chance(*b) * of_b) / (of_a + of_b);
  bit = code_decision(f, &run->coder, decodes, p, bit);
  learn_counter(f, a, bit, VISITS);
  learn_counter(f, b, bit, VISITS);
  return bit;
}

#endif
