// Flat areas: one decision, whether it goes on.
#ifndef PRN_BILEVEL_FLAT_H
#define PRN_BILEVEL_FLAT_H

#include "BilevelMatch.h"

// Visits of the counters.
#define FLAT_LIMIT 400
#define DEEP_LIMIT 1000
#define FLAT_RATE 300

// The neighbours that are all alike where the image is flat; they fit into the windows.
static const Span FLAT_SPANS[2] = {
    {6, {{-6, 6}, {-4, 4}, {-2, 2}, NONE, NONE, NONE, NONE, NONE}},
    {6, {{-6, 3}, {-3, 3}, {-2, 2}, NONE, NONE, NONE, NONE, NONE}},
};

// Missed flat pixels: how many in this row and the two above, and the column of the last one.
typedef struct {
  uint64_t masks[ROWS];
  int32_t counts[3], last;
} Misses;

typedef struct {
  int is_deep;
  uint32_t p;
  Counter *counters[FLAT_CONTEXTS];
  Mixer mixer;
} FlatDecision;

INLINE void start_flat_row(Misses *misses) {
  misses->counts[2] = misses->counts[1];
  misses->counts[1] = misses->counts[0];
  misses->counts[0] = 0;
  misses->last = -1000;
}

INLINE int is_flat(const Misses *misses, const Rows *r, int depth) {
  const uint64_t all = everywhere(depth, r->n);
  uint64_t other = 0;
  for (int32_t k = 0; k < 4; k++) other |= (r->windows[k] ^ all) & misses->masks[k];
  return other == 0;
}

INLINE int32_t age_of_miss(const Bilevel *b, int32_t x, int32_t y) {
  const int32_t row = b->missed[x];
  return row == 0 ? 0 : least(floor_log2((uint64_t)(y + 2 - row)), 7) + 1;
}

INLINE void find_flat_counters(
    Bilevel *b, const Misses *misses, const Rows *r, const Match *m, int depth, int32_t here,
    int32_t above, Counter **counters) {
  const uint64_t all = everywhere(depth, r->n);
  const int32_t is_other = r->n != 0, is_before = misses->counts[2] > 0;
  const int32_t distance = least(floor_log2((uint64_t)((int64_t)r->x - misses->last)), 9);
  // The pixels above that are 7 to 15 columns to the right.
  const uint32_t beyond = depth == 1 ? (uint32_t)(r->windows[1] ^ all) & 511 : 0;
  const int32_t right = 9 - bit_length(beyond);
  const int32_t run = run_of_zeros(r->windows[0] ^ all, depth, breadth(depth));
  const int32_t left = bit_length((uint32_t)clamp(run - 6, 0, 26));
  const int32_t age = age_of_miss(b, r->x, r->y), next = age_of_miss(b, r->x + 1, r->y);
  int32_t up = 0;
  while (up < 5 && ((r->windows[3 + up] ^ all) & misses->masks[3]) == 0) up++;
  const int32_t agrees =
      m->is_there ? 1 + least(floor_log2((uint64_t)m->length + 1), 6) : 0;
  counters[0] = &b->flat[0][((right * 8 + left) * 2 + (here > 0)) * 2 + is_other];
  counters[1] = &b->flat[1][((distance * 4 + here) * 4 + above) * 4 + is_before * 2 + is_other];
  counters[2] = &b->flat[2][(age * 10 + next) * 10 + right];
  counters[3] = &b->flat[3][agrees * 16 + distance];
  counters[4] = &b->flat[4][((up * 8 + left) * 10 + right) * 2 + is_other];
  counters[5] = &b->flat[5][((r->x & 7) * 8 + (r->y & 7)) * 16 + here * 4 + above];
}

// Sets the probability that the pixel is as its neighbours.
INLINE void predict_flat(
    Bilevel *b, const Misses *misses, const Rows *r, const Match *m, int depth, FlatDecision *d) {
  const Functions *f = b->functions;
  const uint64_t all = everywhere(depth, r->n);
  const int32_t here = least(misses->counts[0], 3), above = least(misses->counts[1], 3);
  d->is_deep = here == 0 && above == 0 && r->windows[0] == all && r->windows[1] == all
               && r->windows[2] == all;
  if (d->is_deep) {
    const int32_t is_other = r->n != 0, is_before = misses->counts[2] > 0;
    const int32_t along = least(floor_log2((uint64_t)r->x + 1), 7);
    const int32_t is_deeper = r->windows[3] == all && r->windows[4] == all;
    d->counters[0] = &b->deep[((is_other * 2 + is_before) * 8 + along) * 2 + is_deeper];
    d->p = chance(*d->counters[0]);
    return;
  }
  find_flat_counters(b, misses, r, m, depth, here, above, d->counters);
  Mixer *x = &d->mixer;
  x->count = 0;
  for (int k = 0; k < FLAT_CONTEXTS; k++) add_input(x, stretch(f, chance(*d->counters[k])));
  add_input(x, 256);
  pad_inputs(x);
  x->sets = 1;
  x->weights[0] = b->flat_weights[here * 4 + above];
  x->rate = FLAT_RATE;
  x->refinement = &b->flat_refinements[here * 4 + above];
  d->p = mix(f, x);
}

INLINE void learn_flat(
    Bilevel *b, Misses *misses, const Rows *r, FlatDecision *d, int is_same) {
  const Functions *f = b->functions;
  if (d->is_deep) {
    learn_counter(f, d->counters[0], is_same, DEEP_LIMIT);
  } else {
    learn_mixing(f, &d->mixer, is_same);
    for (int k = 0; k < FLAT_CONTEXTS; k++)
      learn_counter(f, d->counters[k], is_same, FLAT_LIMIT);
  }
  if (is_same) return;
  misses->counts[0]++;
  misses->last = r->x;
  b->missed[r->x] = r->y + 1;
}

#endif
