// One bit of a pixel: what each context says of it, mixed, and what is learnt from it.
#ifndef PRN_BILEVEL_DECISION_H
#define PRN_BILEVEL_DECISION_H

#include "BilevelContexts.h"

// Visits of counters.
#define SLOT_LIMIT 255
#define MAP_LIMIT 255
#define MATCH_LIMIT 1000
#define PRIOR_LIMIT 255
// Rates of the weights.
#define FIRST_RATE 1200
#define SLOWEST_RATE 200

typedef struct {
  Slot *slots[CONTEXTS];
  Counter *maps[CONTEXTS];
  // NULL where they say nothing.
  Counter *match, *prior;
  Mixer mixer;
} Decision;

// Adds the inputs of a context's slot, which is made fresh if it is another's.
INLINE void add_context(Bilevel *b, const Site *s, int k, int32_t node, Decision *d) {
  const Functions *f = b->functions;
  Slot *slot = s->slots[k] + node;
  if (slot->check != s->checks[k] || slot->counter == 0)
    *slot = (Slot){.counter = FRESH_COUNTER, .check = s->checks[k]};
  const uint32_t state =
      (count_class(slot->zeros) * 10 + count_class(slot->ones)) * 4 + (slot->recent & 3);
  d->slots[k] = slot;
  d->maps[k] = &b->maps[k][state];
  const int32_t n = visits(slot->counter);
  const int32_t p = (int32_t)chance(slot->counter);
  add_input(&d->mixer, n ? stretch(f, (uint32_t)p) : 0);
  add_input(&d->mixer, stretch(f, chance(*d->maps[k])));
  add_input(&d->mixer, (((p >> 6) - 32768) * least(n, 32)) >> 11);
}

// What the match says of the bit below the ones that are known, and how sure it is.
INLINE int32_t add_match(
    Bilevel *b, const Match *m, int depth, int32_t prefix, int32_t shift, Decision *d) {
  d->match = NULL;
  const uint32_t there = m->is_there ? *m->at ^ b->background : 0;
  if (!m->is_there || (uint32_t)prefix != (there | 1u << depth) >> (shift + 1)) {
    add_input(&d->mixer, 0);
    return 0;
  }
  const uint32_t bit = there >> shift & 1;
  const uint32_t length = m->length < 15 ? m->length : 15;
  d->match = &b->matches[length][m->verified / 2][bit];
  add_input(&d->mixer, stretch(b->functions, chance(*d->match)));
  const int32_t sureness =
      m->errors & 15 ? 1 : 1 + least(floor_log2((uint64_t)m->length + 1), 5);
  return sureness * 2 + (int32_t)bit;
}

// How many of the nested contexts are known, and whether the last of them is of one mind.
INLINE int32_t knowledge(const Decision *d) {
  int32_t result = 0;
  for (int32_t k = 0; k < NESTED; k++) {
    const Slot *slot = d->slots[k];
    if (slot->zeros + slot->ones == 0) continue;
    result = (k + 1) * 2 + (slot->zeros == 0 || slot->ones == 0);
  }
  return result;
}

// The probability that bit `shift` is 1. prefix: a 1, then the higher bits.
INLINE uint32_t predict_bit(
    Bilevel *b, const Site *s, const Match *m, int depth, int32_t prefix, int32_t shift,
    Decision *d) {
  const Functions *f = b->functions;
  const int32_t node = depth == 1 ? 0 : prefix;
  Mixer *x = &d->mixer;
  x->count = 0;
  for (int k = 0; k < CONTEXTS; k++) add_context(b, s, k, node, d);
  const int32_t by_match = add_match(b, m, depth, prefix, shift, d);
  d->prior = depth == 1 ? &b->priors[s->prior] : NULL;
  add_input(x, d->prior ? stretch(f, chance(*d->prior)) : 0);
  add_input(x, 256);
  pad_inputs(x);
  int32_t *weights = b->weights + node * CHOICES * INPUTS;
  x->sets = SETS;
  x->weights[0] = weights + INPUTS * by_match;
  x->weights[1] = weights + INPUTS * (BY_MATCH + s->neighbours);
  x->weights[2] = weights + INPUTS * (BY_MATCH + BY_NEIGHBOURS + knowledge(d));
  x->weights[3] = weights + INPUTS * (BY_MATCH + BY_NEIGHBOURS + BY_KNOWLEDGE + s->age);
  x->final = b->final + 8 * node;
  x->rate = mixing_rate(b->values, FIRST_RATE, SLOWEST_RATE);
  x->refinement = b->refinements + node * BY_NEIGHBOURS + s->neighbours;
  return mix(f, x);
}

// More than two of the other kind count half.
INLINE uint8_t discounted(uint8_t n) { return n > 2 ? n / 2 + 1 : n; }

INLINE void learn_bit(Bilevel *b, Decision *d, int bit) {
  const Functions *f = b->functions;
  for (int k = 0; k < CONTEXTS; k++) {
    Slot *slot = d->slots[k];
    learn_counter(f, &slot->counter, bit, SLOT_LIMIT);
    learn_counter(f, d->maps[k], bit, MAP_LIMIT);
    if (bit) {
      slot->ones += slot->ones < 255;
      slot->zeros = discounted(slot->zeros);
    } else {
      slot->zeros += slot->zeros < 255;
      slot->ones = discounted(slot->ones);
    }
    slot->recent = (uint8_t)((slot->recent << 1 | bit) & 3);
  }
  if (d->match) learn_counter(f, d->match, bit, MATCH_LIMIT);
  if (d->prior) learn_counter(f, d->prior, bit, PRIOR_LIMIT);
  learn_mixing(f, &d->mixer, bit);
}

#endif
