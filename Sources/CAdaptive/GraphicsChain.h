#ifndef PRN_GRAPHICS_CHAIN_H
#define PRN_GRAPHICS_CHAIN_H

#include "CounterVectors.h"
#include "GraphicsMatch.h"

// The chain (section 11.6): is the pixel this colour, or that one? Likely colours first.

typedef struct {
  uint32_t colours[MOST_CANDIDATES];
  int32_t count;
} Candidates;

INLINE void propose(Candidates *c, uint32_t colour, int excludes, uint32_t excluded) {
  if (c->count == MOST_CANDIDATES || (excludes && colour == excluded)) return;
  for (int32_t i = 0; i < c->count; i++)
    if (c->colours[i] == colour) return;
  c->colours[c->count++] = colour;
}

// The candidates of a pixel; not N, if that was asked for already.
INLINE void find_candidates(
    const Run *run, const Window *o, const Histories *h, int excludes, Candidates *c) {
  static const int order[5] = {4, 3, 2, 6, 1};
  c->count = 0;
  if (run->match) propose(c, match_colour(run), excludes, o->n);
  for (int i = 0; i < 5; i++)
    if (is_known(h, order[i])) propose(c, h->of[order[i]]->colours[0], excludes, o->n);
  propose(c, o->w, excludes, o->n);
  propose(c, o->n, excludes, o->n);
  for (int i = 0; i < 5; i++)
    if (is_known(h, order[i]) && h->of[order[i]]->count > 1)
      propose(c, h->of[order[i]]->colours[1], excludes, o->n);
  propose(c, o->ne, excludes, o->n);
  propose(c, o->nw, excludes, o->n);
  propose(c, o->ww, excludes, o->n);
  propose(c, o->nn, excludes, o->n);
}

// What is the same for all candidates of a pixel.
typedef struct {
  // Which of the neighbours have the same colour: numbered partitions of 6 and of 10.
  uint32_t partition6, partition10;
  // Which of W, N, NE, WW, NW, NEE are literals or known, a bit each.
  int32_t literals_around;
  int32_t match;
  // The widest history that is known (1 and up; 0 for none), and how many colours it has.
  int32_t widest_known, widest_count;
} Surroundings;

INLINE void find_surroundings(
    const Run *run, const Window *o, const Histories *h, int32_t column, Surroundings *s) {
  const uint32_t around[10] = {o->w,  o->n,   o->ne,  o->nw,  o->ww,
                               o->nn, o->nee, o->nne, o->nww, o->nnw};
  uint32_t partition = 0;
  for (uint32_t i = 0; i < 10; i++) {
    uint32_t first = i;
    for (uint32_t j = i; j-- > 0;) first = around[j] == around[i] ? j : first;
    partition = partition * 11 + first;
    if (i == 5) s->partition6 = partition;
  }
  s->partition10 = partition;
  const uint8_t *k = run->g->kinds + column + MARGIN;
  s->literals_around =
      k[-1] | k[0] << 1 | k[1] << 2 | k[-2] << 3 | run->kind_nw << 4 | k[2] << 5;
  s->match = match_class(run);
  s->widest_known = 0;
  for (int i = 0; i < 5; i++)
    if (is_known(h, i)) s->widest_known = i + 1;
  s->widest_count = s->widest_known ? h->of[s->widest_known - 1]->count : 0;
}

INLINE Counter *pattern(const prn_graphics *g, int k, uint32_t hash) {
  return g->patterns[k] + (scattered(hash) >> (32 - g->pattern_bits));
}

// Codes whether the pixel has the candidate's colour.
INLINE int code_candidate(
    Run *run, const Window *o, const Histories *h, const Surroundings *s, int32_t rank,
    uint32_t colour, int decodes, int hit) {
  prn_graphics *g = run->g;
  Mixer *m = &run->mixer;
  const int32_t mask = (colour == o->w) | (colour == o->n) << 1 | (colour == o->ne) << 2
                       | (colour == o->nw) << 3 | (colour == o->ww) << 4 | (colour == o->nn) << 5;
  Counter *used[CHAIN_COUNTERS];
  int32_t count = 0, firsts = 0;
  for (int k = 0; k < HISTORIES; k++)
    used[count++] = &g->states[k][rank][colour_state(h, k, colour)];
  used[count++] =
      &g->literal_masks[rank][s->literals_around * 8 + (mask & 3) * 2 + ((mask & 60) != 0)];
  used[count++] = &g->masks[rank][mask];
  const int32_t match = match_state(run, s->match, colour);
  used[count++] = &g->match_states[rank][match];
  const uint32_t r = (uint32_t)rank;
  const int32_t wide = mask | (colour == o->nee) << 6 | (colour == o->nne) << 7
                       | (colour == o->nww) << 8 | (colour == o->nnw) << 9;
  used[count++] = pattern(g, 0, hashed(hashed(s->partition6, (uint32_t)mask), r));
  used[count++] = pattern(g, 1, hashed(hashed(s->partition10, (uint32_t)wide), r));
  used[count++] = pattern(g, 2, hashed(hashed(hashed(colour, (uint32_t)mask), o->w), r));
  Counters counters = gathered(used, count);
  Lanes inputs = stretched_chances(g->f, &counters) & (visits_of(&counters) != 0);
  inputs[CHAIN_COUNTERS] = 256;
  put_inputs(m, 0, inputs);
  m->count = CHAIN_INPUTS;
  for (int k = 1; k < 5; k++)
    firsts |= (is_known(h, k) && h->of[k]->colours[0] == colour) << (k - 1);
  m->sets = CHAIN_SETS;
  m->weights[0] = g->by_mask[rank][mask];
  m->weights[1] = g->by_match[rank][match];
  m->weights[2] =
      g->by_history[rank][(s->widest_known * 4 + s->widest_count) * 16 + firsts];
  m->weights[3] = g->by_literals[rank][s->literals_around];
  m->final = g->chain_final[rank];
  m->refinement = &g->chain_refinements[rank][mask];
  hit = code_decision(g->f, &run->coder, decodes, mix(g->f, m), hit);
  begin(&counters, m->mixed);
  learn_counters(g->f, &counters, hit, 255);
  scatter(&counters, used, count);
  learn_mixing(g->f, m, hit);
  return hit;
}

// Codes whether the pixel has the colour of a candidate; returns that. `colour` is the pixel's for
// the encoder; the decoder finds it.
INLINE int code_chain(
    Run *run, const Window *o, const Histories *h, int32_t column, int excludes, int decodes,
    uint32_t *colour) {
  Candidates c;
  find_candidates(run, o, h, excludes, &c);
  Surroundings s;
  find_surroundings(run, o, h, column, &s);
  // Among literals few candidates are worth their decisions.
  const int32_t literals = __builtin_popcount((unsigned)s.literals_around & 31);
  if (literals >= 4) c.count = least(c.count, literals == 5 ? 1 : 2);
  run->mixer.rate = mixing_rate(run->g->chains, 1800, 200);
  if (run->g->chains < UINT32_MAX) run->g->chains++;
  for (int32_t i = 0; i < c.count; i++) {
    int32_t rank = least(i, RANKS - 1);
    if (excludes && rank == 0) rank = 1;
    const int hit =
        code_candidate(run, o, h, &s, rank, c.colours[i], decodes, *colour == c.colours[i]);
    if (hit) {
      *colour = c.colours[i];
      return 1;
    }
  }
  return 0;
}

#endif
