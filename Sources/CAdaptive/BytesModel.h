// The probability of a bit of a byte, and what is learnt from it (FORMAT.md, section 12.6).
#ifndef PRN_BYTES_MODEL_H
#define PRN_BYTES_MODEL_H

#include "BytesGuesses.h"

#define VISITS 60
#define CANDIDATE_VISITS 127
#define MAP_LIMIT 255
// Of the weights, in 65536ths.
#define RATE 1600

// A byte on its way.
typedef struct {
  int32_t kind, contexts, channel;
  uint32_t hashes[CONTEXTS];
  Line *lines[CONTEXTS];
  Counter *counters[CONTEXTS];
  Counter *maps[CONTEXTS];
  Counter *candidates[CANDIDATES];
  Guesses guesses;
  Mixer mixer;
} Site;

INLINE uint32_t line_index(const Model *m, uint32_t hash) {
  return scattered(hash) >> (32 - m->line_bits);
}

// A line for a hash: that of the hash, or the less visited one of two, started anew.
INLINE Line *find_line(const Model *m, uint32_t hash) {
  const uint32_t check = hash | 1, i = line_index(m, hash);
  Line *one = &m->lines[i], *other = &m->lines[i ^ 1];
  if (one->counters[0] == check) return one;
  if (other->counters[0] == check) return other;
  if (visits(other->counters[1]) < visits(one->counters[1])) one = other;
  one->counters[0] = check;
  for (int32_t k = 1; k < 16; k++) one->counters[k] = FRESH_COUNTER;
  return one;
}

INLINE void start_site(const Model *m, Site *s) {
  Learnt *l = m->learnt;
  s->kind = kind_of(&l->parser);
  s->channel = s->kind == PALETTE ? (int32_t)(l->parser.at % 3) : 0;
  find_guesses(m, s->kind, &s->guesses);
  s->contexts = find_contexts(m, s->kind, s->guesses.expected[CANDIDATES - 1], s->hashes);
}

// Before the first and the fifth bit; `node` is a 1 above the bits so far.
INLINE void find_lines(const Model *m, Site *s, uint32_t node) {
  uint32_t hashes[CONTEXTS];
  for (int32_t k = 0; k < s->contexts; k++) {
    hashes[k] = hash3((uint32_t)(s->kind * CONTEXTS + k), s->hashes[k], node);
    // Both of the pair are on their way together.
    const uint32_t i = line_index(m, hashes[k]);
    __builtin_prefetch(&m->lines[i]);
    __builtin_prefetch(&m->lines[i ^ 1]);
  }
  for (int32_t k = 0; k < s->contexts; k++) s->lines[k] = find_line(m, hashes[k]);
}

INLINE int32_t visit_class(int32_t n) {
  return least(n, 3) + (n > 3) + (n > 5) + (n > 11) + (n > 39);
}

// Of the second set: by matches, but in palettes by the channel and what a good expert is worth.
INLINE int32_t second_vector(const Site *s, int32_t matched, int32_t spanned) {
  const Guesses *g = &s->guesses;
  if (s->kind == PALETTE)
    return (2 * 8 + least(bit_length((uint32_t)g->distances[4]) / 2, 7)) * 3 + s->channel;
  if (s->kind == ALPHA)
    return (3 * 8 + least(bit_length((uint32_t)g->distances[0]) / 2, 7)) * 3;
  return ((s->kind == DEFLATED) * 8 + matched) * 3 + spanned;
}

// Two inputs of each context that has been here: what its counters came to, and the chance itself.
// The result is the number of those contexts.
INLINE int32_t add_contexts(const Model *m, Site *s, uint32_t place) {
  Learnt *l = m->learnt;
  Mixer *x = &s->mixer;
  int32_t hits = 0;
  for (int32_t k = 0; k < CONTEXTS; k++) {
    s->maps[k] = NULL;
    int32_t mapped = 0, direct = 0;
    if (k < s->contexts) {
      Counter *c = s->counters[k] = &s->lines[k]->counters[place];
      const int32_t n = visits(*c);
      if (n > 0) {
        const int32_t cell = (coarse_stretch(m, chance(*c)) + 16 * 256 + 128) >> 8;
        s->maps[k] = &l->maps[s->kind][k][visit_class(n)][cell];
        mapped = coarse_stretch(m, chance(*s->maps[k]));
        direct = (((int32_t)chance(*c) - ONE / 2) >> 11) * least(n, 32) >> 5;
        hits++;
      }
    }
    add_input(x, mapped);
    add_input(x, direct);
  }
  return hits;
}

// An input of each candidate whose bits so far are right.
INLINE void add_candidates(const Model *m, Site *s, int32_t bit, uint32_t node) {
  for (int32_t k = 0; k < CANDIDATES; k++) {
    const int32_t e = s->guesses.expected[k];
    s->candidates[k] = NULL;
    int32_t input = 0;
    if (e != NO_BYTE && (uint32_t)(e | 256) >> (8 - bit) == node) {
      s->candidates[k] = &s->guesses.counters[k][bit];
      input = coarse_stretch(m, chance(*s->candidates[k]));
      if ((e >> (7 - bit) & 1) == 0) input = -input;
    }
    add_input(&s->mixer, input);
  }
}

// The probability of a 1. `bit` counts from 0 at the highest; `node` is a 1 above the bits so far.
INLINE uint32_t probability(const Model *m, Site *s, int32_t bit, uint32_t node) {
  Learnt *l = m->learnt;
  Mixer *x = &s->mixer;
  const uint32_t above = 1u << (bit & 3);
  x->count = 0;
  add_input(x, 256);
  const int32_t hits = add_contexts(m, s, above | (node & (above - 1)));
  add_candidates(m, s, bit, node);
  const int32_t lowest = (int32_t)(node << (8 - bit)) & 255;
  for (int32_t k = 0; k < EXPERTS; k++)
    add_input(x, expert_input(m->f, &s->guesses, k, lowest, 256 >> bit));
  pad_inputs(x);
  const int32_t matched = s->candidates[0] ? 1 + (int32_t)(l->match_length + 1) / 4 : 0;
  const int32_t spanned = s->candidates[1] ? 1 + (l->history[s->kind][1] & 1) : 0;
  x->sets = SETS;
  x->weights[0] = l->weights[s->kind * 8 + bit];
  x->weights[1] = l->weights[KIND_VECTORS + second_vector(s, matched, spanned)];
  x->weights[2] = l->weights[KIND_VECTORS + MATCH_VECTORS + s->kind * (CONTEXTS + 1) + hits];
  x->final = l->finals[s->kind];
  x->rate = RATE;
  x->refinement = &l->refinements[s->kind];
  return mix(m->f, x);
}

INLINE void learn(const Model *m, Site *s, int32_t bit, int one) {
  const Functions *f = m->f;
  learn_mixing(f, &s->mixer, one);
  for (int32_t k = 0; k < s->contexts; k++) {
    if (s->maps[k]) learn_counter(f, s->maps[k], one, MAP_LIMIT);
    learn_counter(f, s->counters[k], one, VISITS);
  }
  for (int32_t k = 0; k < CANDIDATES; k++)
    if (s->candidates[k])
      learn_counter(
          f, s->candidates[k], one == (s->guesses.expected[k] >> (7 - bit) & 1), CANDIDATE_VISITS);
}

#endif
