#ifndef PRN_GRAPHICS_HISTORY_H
#define PRN_GRAPHICS_HISTORY_H

#include "Graphics.h"

// Colour histories (section 11.4): the colours that followed a neighbourhood before.

// Those of a pixel.
typedef struct {
  History *of[HISTORIES];
  // Where their numbers are.
  uint32_t *numbers[HISTORIES];
  uint16_t checks[HISTORIES];
  // The slot of history 4, for the match.
  uint32_t widest;
} Histories;

INLINE void find_histories(const prn_graphics *g, const Window *o, Histories *h) {
  const uint32_t *c = o->here, *a = o->above, *b = o->above2;
  uint32_t hash[HISTORIES];
  hash[0] = hashed(hashed(1, o->w), o->n);
  hash[1] = hashed(hashed(hash[0], o->ne), o->nw);
  hash[2] = hashed(hashed(hash[1], o->ww), o->nn);
  hash[3] = hashed(hashed(hashed(hashed(hash[2], o->nee), o->nww), o->nne), o->nnw);
  hash[4] = hashed(hashed(hashed(hash[3], c[-3]), c[-4]), b[2]);
  hash[4] = hashed(hashed(hashed(hash[4], b[-2]), a[3]), (b - g->stride)[0]);
  hash[5] = hashed(hashed(hashed(hashed(hashed(7, o->w), o->ww), c[-3]), c[-4]), c[-5]);
  hash[6] = hashed(hashed(hashed(hashed(8, o->n), o->ne), o->nee), o->nn);
  hash[7] = hashed(hashed(hashed(hashed(9, o->n), o->w != o->n), o->ne), o->nne);
  for (int k = 0; k < HISTORIES; k++) {
    const uint32_t upper = scattered(hash[k]);
    h->checks[k] = (uint16_t)((upper ^ (upper >> 3)) | 1);
    const uint32_t slot = upper >> (32 - g->history_bits);
    h->numbers[k] = g->history_numbers[k] + slot;
    h->of[k] = g->histories + *h->numbers[k];
    __builtin_prefetch(h->of[k]);
    if (k == 4) h->widest = slot & ((1u << g->match_bits) - 1);
  }
}

INLINE int is_known(const Histories *h, int k) {
  return h->of[k]->check == h->checks[k] && h->of[k]->count > 0;
}

INLINE int32_t count_class(int32_t n) {
  return n < 4 ? n : n < 7 ? 4 : n < 15 ? 5 : n < 40 ? 6 : 7;
}

// What a history says of a candidate.
INLINE int32_t colour_state(const Histories *h, int k, uint32_t colour) {
  if (!is_known(h, k)) return 0;
  const History *history = h->of[k];
  for (int j = 0; j < history->count; j++) {
    if (history->colours[j] != colour) continue;
    int32_t others = 0;
    for (int i = 0; i < history->count; i++) others += i != j ? history->seen[i] : 0;
    return 16 + (j * 8 + count_class(history->seen[j])) * 8 + count_class(others);
  }
  return 1 + (history->count - 1) * 5 + least(count_class(history->seen[0]), 4);
}

INLINE void fade(History *history, int but) {
  for (int i = 0; i < history->count; i++)
    if (i != but && history->seen[i] > 2) history->seen[i] = (uint8_t)((history->seen[i] + 2) >> 1);
}

INLINE void learn_history(History *history, uint16_t check, uint32_t colour) {
  if (history->check != check) {
    *history = (History){.check = check, .count = 1, .seen = {1}, .colours = {colour}};
    return;
  }
  int j = 0;
  while (j < history->count && history->colours[j] != colour) j++;
  uint8_t seen = 1;
  if (j < history->count) {
    seen = history->seen[j] < 255 ? history->seen[j] + 1 : 255;
    fade(history, j);
  } else {
    fade(history, -1);
    if (history->count < HISTORY_COLOURS) history->count++;
    j = history->count - 1;
  }
  for (int i = j; i > 0; i--) {
    history->colours[i] = history->colours[i - 1];
    history->seen[i] = history->seen[i - 1];
  }
  history->colours[0] = colour;
  history->seen[0] = seen;
}

INLINE void learn_histories(prn_graphics *g, const Histories *h, uint32_t colour) {
  for (int k = 0; k < HISTORIES; k++) {
    const uint32_t number = numbered(h->numbers[k], &g->last_history);
    learn_history(g->histories + number, h->checks[k], colour);
  }
}

#endif
