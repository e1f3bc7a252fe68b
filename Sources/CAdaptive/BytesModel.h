// The probability of a bit of a byte, and what is learnt from it (FORMAT.md, section 11.6).
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

// `bit` counts from 0 at the highest; `node` is a 1 above the bits so far.
INLINE uint32_t probability(const Model *m, Site *s, int32_t bit, uint32_t node) {
  const Functions *f = m->f;
  Learnt *l = m->learnt;
  Mixer *x = &s->mixer;
  const uint32_t above = 1u << (bit & 3);
  const uint32_t place = above | (node & (above - 1));
  int32_t hits = 0;
  x->count = 0;
  add_input(x, 256);
  for (int32_t k = 0; k < CONTEXTS; k++) {
    if (k >= s->contexts) {
      add_input(x, 0);
      add_input(x, 0);
      continue;
    }
    Counter *c = &s->lines[k]->counters[place];
    s->counters[k] = c;
    const int32_t n = visits(*c);
    if (n == 0) {
      s->maps[k] = NULL;
      add_input(x, 0);
      add_input(x, 0);
      continue;
    }
    hits++;
    const int32_t cell = (coarse_stretch(m, chance(*c)) + 16 * 256 + 128) >> 8;
    s->maps[k] = &l->maps[s->kind][k][visit_class(n)][cell];
    add_input(x, coarse_stretch(m, chance(*s->maps[k])));
    add_input(x, (((int32_t)chance(*c) - ONE / 2) >> 11) * least(n, 32) >> 5);
  }
  const int32_t size = 256 >> bit, lowest = (int32_t)(node << (8 - bit)) & 255;
  int32_t agreed = 0;
  for (int32_t k = 0; k < CANDIDATES; k++) {
    const int32_t e = s->guesses.expected[k];
    s->candidates[k] = NULL;
    if (e == NO_BYTE || ((e | 256) >> (8 - bit)) != (int32_t)node) {
      add_input(x, 0);
      continue;
    }
    s->candidates[k] = &s->guesses.counters[k][bit];
    const int32_t is_one = e >> (7 - bit) & 1;
    const int32_t stretched = coarse_stretch(m, chance(*s->candidates[k]));
    if (k < 2) agreed = 2 * agreed + 1;
    add_input(x, is_one ? stretched : -stretched);
  }
  for (int32_t k = 0; k < EXPERTS; k++) add_input(x, expert_input(f, &s->guesses, k, lowest, size));
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
  return mix(f, x);
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

// Where the bytes that came last were seen before.
INLINE void find_match(const Model *m) {
  Learnt *l = m->learnt;
  if (l->position < 4) return;
  uint32_t *slot = &m->matches[scattered(hashed(0, order(l, 4))) >> (32 - m->match_bits)];
  if (l->match_length == 0 && *slot > 0) {
    l->match = *slot;
    l->match_length = common_bytes(m, l->match, l->position);
  }
  *slot = l->position;
}

// The byte has been coded, or passed, and is in the history. 0: it cannot stand there.
INLINE int pass(const Model *m, const Site *s, uint8_t byte) {
  Learnt *l = m->learnt;
  Parser *p = &l->parser;
  learn_guesses(l, &s->guesses, s->kind, byte);
  if (l->match_length > 0) {
    if (s->guesses.expected[0] == byte) {
      l->match++;
      l->match_length += l->match_length < MATCH_LIMIT;
    } else {
      l->match_length = 0;
    }
  }
  l->equal_bytes = ago(l, 1) == byte ? l->equal_bytes + (l->equal_bytes < 255) : 0;
  l->last = l->last << 8 | byte;
  l->position++;
  const uint32_t type = p->type, at = p->at, was = (uint32_t)p->phase;
  if (was == IN_DATA) {
    // The new one covers the old one only at its end.
    if (at + 1 == p->length) {
      const Span span = {l->position - p->length, p->length};
      *span_of(l, type) = span;
      if (type == TYPE('P', 'L', 'T', 'E')) l->palette = span;
    }
  }
  if (!pass_byte(p, byte)) return 0;
  // Palettes are counted from zeros.
  if (p->phase == IN_DATA && p->at == 0) {
    l->last = 0;
    l->equal_bytes = 0;
  }
  find_match(m);
  return 1;
}

#endif
