#ifndef PRN_RUNS_CHAIN_H
#define PRN_RUNS_CHAIN_H

#include "Runs.h"

// Likely colours (section 18.3): is the pixel this one, or that one?

// What is the same for all candidates of a pixel.
typedef struct {
  // Which of the neighbours have the same colour: a bit for each two of them.
  uint32_t equalities;
  // Which of W, N, NE, NW were new colours: a bit each.
  int32_t kinds;
  History *history;
  uint16_t check;
  // How often the history has said right, 1 to HISTORY_CLASSES; 0 where it knows nothing.
  int32_t history_class;
  // The place of the wide neighbourhood.
  uint32_t *last;
} Surroundings;

INLINE uint32_t equalities(const Window *o) {
  const uint32_t around[6] = {o->w, o->n, o->ne, o->nw, o->ww, o->nn};
  uint32_t bits = 0;
  int32_t k = 0;
#pragma clang loop unroll(full)
  for (int32_t i = 0; i < 5; i++)
#pragma clang loop unroll(full)
    for (int32_t j = i + 1; j < 6; j++) bits |= (uint32_t)(around[i] == around[j]) << k++;
  return bits;
}

INLINE void find_surroundings(
    const Run *run, const Window *o, int32_t column, Surroundings *s) {
  const Runs *r = run->r;
  s->equalities = equalities(o);
  const uint8_t *kind = r->kinds + column + MARGIN;
  s->kinds = kind[-1] | kind[0] << 1 | kind[1] << 2 | run->kind_nw << 3;
  const uint32_t near = hashed(hashed(hashed(hashed(1, o->w), o->n), o->ne), o->nw);
  const uint32_t upper = scattered(near);
  s->history = r->histories + (upper >> (32 - r->history_bits));
  s->check = (uint16_t)upper;
  const int is_known = s->history->seen > 0 && s->history->check == s->check;
  s->history_class =
      is_known ? least(bit_length(s->history->seen), HISTORY_CLASSES) : 0;
  const uint32_t wide = hashed(
      hashed(hashed(hashed(near, o->ww), o->nn), o->here[-3]), (o->here - r->stride)[2]);
  s->last = r->matches + (scattered(wide) >> (32 - r->match_bits));
}

// Goes on with a match that was right, or looks where the wide neighbourhood stood last.
INLINE void find_match(Run *run, const Window *o, const Surroundings *s) {
  const Runs *r = run->r;
  if (run->match_length > 0) {
    run->match_class = least(5 + bit_length((uint32_t)run->match_length) / 2, MATCH_CLASSES - 1);
    return;
  }
  run->match = *s->last;
  if (!run->match) return;
  const uint32_t *there = r->colours + run->match, *above = there - r->stride;
  if (there[-1] != o->w || above[0] != o->n) {
    run->match = 0;
    return;
  }
  run->match_class = (above[1] == o->ne) + (above[-1] == o->nw) + (there[-2] == o->ww)
                     + ((above - r->stride)[0] == o->nn);
}

INLINE uint32_t match_colour(const Run *run) { return run->r->colours[run->match]; }

// Codes whether the pixel has the candidate's colour.
INLINE int code_candidate(
    Run *run, const Window *o, const Surroundings *s, int32_t rank, uint32_t colour, int decodes,
    int hit) {
  static const int32_t limits[COUNTERS] = {250, 250, 120, 60, 250};
  Runs *r = run->r;
  const Functions *f = r->f;
  const int32_t mask = (colour == o->w) | (colour == o->n) << 1 | (colour == o->ne) << 2
                       | (colour == o->nw) << 3 | (colour == o->ww) << 4 | (colour == o->nn) << 5;
  const int32_t match = !run->match ? 0
                        : match_colour(run) == colour
                            ? 1 + run->match_class
                            : MATCH_CLASSES + 1 + (run->match_class > 5);
  const int32_t history = !s->history_class ? 0
                          : s->history->colour == colour ? s->history_class
                                                         : HISTORY_CLASSES + 1;
  const uint32_t pattern = hashed(s->equalities, (uint32_t)(mask * RANKS + rank));
  const uint32_t pair = hashed(hashed(colour, (uint32_t)mask), o->w);
  Counter *used[COUNTERS] = {
      &r->by_match[rank][match][mask], &r->by_history[rank][history][mask],
      r->patterns + (scattered(pattern) >> (32 - r->pattern_bits)),
      r->pairs + (scattered(pair) >> (32 - r->pattern_bits)), &r->by_kinds[rank][s->kinds][mask]};
  int32_t inputs[INPUTS] = {0};
  for (int32_t i = 0; i < COUNTERS; i++) inputs[i] = stretch(f, chance(*used[i]));
  inputs[COUNTERS] = 256;
  int32_t *weights = r->weights[rank][match];
  const uint32_t p = squash(f, weighted_sum(weights, inputs, INPUTS, 0));
  hit = code_decision(f, &run->coder, decodes, p, hit);
  const int32_t error = ((hit ? ONE : 0) - (int32_t)p) >> 6;
  const int32_t gradient = (error * run->rate) >> 10;
  if (gradient) adjust(weights, inputs, INPUTS, gradient);
  for (int32_t i = 0; i < COUNTERS; i++) learn_counter(f, used[i], hit, limits[i]);
  return hit;
}

// Codes whether the pixel has a likely colour, which `colour` is then. N, if that is `excluded`, is
// known not to be it.
INLINE int code_chain(
    Run *run, const Window *o, const Surroundings *s, int excludes, int decodes,
    uint32_t *colour) {
  const uint32_t candidates[6] = {
      run->match ? match_colour(run) : o->w, s->history_class ? s->history->colour : o->w, o->w,
      o->n, o->ne, o->nw};
  uint32_t tried[RANKS + 1] = {o->n};
  int32_t count = excludes != 0;
  for (int32_t i = 0; i < 6 && count - excludes < RANKS; i++) {
    const uint32_t candidate = candidates[i];
    int is_new = 1;
    for (int32_t k = 0; k < count; k++) is_new &= tried[k] != candidate;
    if (!is_new) continue;
    if (code_candidate(run, o, s, count - excludes, candidate, decodes, *colour == candidate)) {
      *colour = candidate;
      return 1;
    }
    tried[count++] = candidate;
  }
  return 0;
}

// What is learnt of a pixel with candidates.
INLINE void learn_pixel(Run *run, const Window *o, const Surroundings *s, uint32_t colour) {
  History *history = s->history;
  const int is_known = s->history_class > 0;
  if (is_known && history->colour == colour)
    history->seen += history->seen < 1000;
  else if (is_known && history->seen > 2)
    history->seen >>= 1;
  else
    *history = (History){.colour = colour, .check = s->check, .seen = 1};
  *s->last = (uint32_t)(o->here - run->r->colours);
  if (!run->match) return;
  if (match_colour(run) == colour) {
    run->match++;
    run->match_length += run->match_length < 65535;
  } else {
    run->match = 0;
    run->match_length = 0;
  }
}

#endif
