// Guesses of a byte, and distributions around them (FORMAT.md, section 12.5).
#ifndef PRN_BYTES_GUESSES_H
#define PRN_BYTES_GUESSES_H

#include "BytesContexts.h"

#define NO_BYTE 256
#define NO_PEAK INT32_MIN

// A match is no longer than that.
#define MATCH_LIMIT 15

// What is expected of a byte before its first bit.
typedef struct {
  int32_t expected[CANDIDATES];
  // The counters of each candidate.
  Counter *counters[CANDIDATES];
  int32_t peaks[EXPERTS];
  int32_t *distances;
  // 4096 by the mean distances.
  int32_t slopes[EXPERTS];
} Guesses;

INLINE Span *span_of(Learnt *l, uint32_t type) {
  return &l->spans[scattered(hashed(0, type)) >> (32 - TYPE_BITS)];
}

INLINE int32_t byte_clamped(int32_t x) { return clamp(x, 0, 255); }

// Entries that are searched for a near one.
#define SEARCHED 256

// The channel of the earlier entry that is nearest in the channels before, and as much more as
// this one has of those.
INLINE int32_t near_colour(const Model *m, int32_t channel) {
  const Learnt *l = m->learnt;
  const uint32_t entries = at_most(l->parser.at / 3, SEARCHED);
  const int32_t first = channel == 1 ? (int32_t)ago(l, 1) : (int32_t)ago(l, 2);
  const int32_t second = channel == 1 ? 0 : (int32_t)ago(l, 1);
  int32_t least = INT32_MAX, guess = 0;
  for (uint32_t j = 1; j <= entries; j++) {
    const uint32_t start = l->position - (uint32_t)channel - 3 * j;
    const int32_t one = first - passed(m, start);
    const int32_t two = channel == 1 ? one : second - passed(m, start + 1);
    const int32_t distance = magnitude(one) + magnitude(two);
    if (distance >= least) continue;
    least = distance;
    guess = passed(m, start + (uint32_t)channel) + ((one + two) >> 1);
  }
  return byte_clamped(guess);
}

// The alpha of the earlier entry whose colour is nearest.
INLINE int32_t near_alpha(const Model *m) {
  const Learnt *l = m->learnt;
  const uint32_t at = l->parser.at, palette = l->palette.start;
  const uint32_t entries = at_most(at, SEARCHED);
  if (at >= l->palette.length / 3) return (int32_t)ago(l, 1);
  int32_t least = INT32_MAX, guess = 255;
  for (uint32_t j = 1; j <= entries; j++) {
    int32_t distance = 0;
    for (uint32_t c = 0; c < 3; c++)
      distance += magnitude(
          passed(m, palette + 3 * at + c) - passed(m, palette + 3 * (at - j) + c));
    if (distance >= least) continue;
    least = distance;
    guess = passed(m, l->position - j);
  }
  return guess;
}

INLINE void palette_guesses(const Model *m, Guesses *g) {
  const Learnt *l = m->learnt;
  const int32_t channel = (int32_t)(l->parser.at % 3);
  const int32_t before = (int32_t)ago(l, 3), left = (int32_t)ago(l, 1);
  const int32_t step = channel > 0 ? left - (int32_t)ago(l, 4) : before - (int32_t)ago(l, 6);
  g->expected[2] = byte_clamped(before + step);
  g->expected[3] = byte_clamped(2 * before - (int32_t)ago(l, 6));
  g->expected[4] = channel > 0 ? left : before;
  g->peaks[0] = before;
  g->peaks[1] = g->expected[2];
  g->peaks[2] = channel > 0 ? (left + before) >> 1 : g->expected[3];
  g->peaks[3] = g->expected[4];
  if (channel == 0 || l->parser.at < 3) return;
  g->expected[5] = g->peaks[4] = near_colour(m, channel);
}

INLINE void alpha_guesses(const Model *m, Guesses *g) {
  const Learnt *l = m->learnt;
  const int32_t before = (int32_t)ago(l, 1);
  g->expected[2] = before;
  g->expected[3] = byte_clamped(2 * before - (int32_t)ago(l, 2));
  g->expected[4] = 255;
  g->peaks[0] = before;
  g->peaks[1] = g->expected[3];
  g->expected[5] = g->peaks[2] = near_alpha(m);
}

// The bytes before `match` that are those before the position.
INLINE uint32_t common_bytes(const Model *m, uint32_t match, uint32_t position) {
  uint32_t n = 0;
  while (n < MATCH_LIMIT && n < match && passed(m, match - n - 1) == passed(m, position - n - 1))
    n++;
  return n;
}

INLINE void find_guesses(const Model *m, int32_t kind, Guesses *g) {
  Learnt *l = m->learnt;
  const Parser *p = &l->parser;
  for (int32_t k = 0; k < CANDIDATES; k++) g->expected[k] = NO_BYTE;
  for (int32_t k = 0; k < EXPERTS; k++) g->peaks[k] = NO_PEAK;
  if (l->match_length > 0) g->expected[0] = passed(m, l->match);
  uint32_t at = 0;
  if (p->phase == IN_DATA) {
    const Span *s = span_of(l, p->type);
    if (p->at < s->length) g->expected[1] = passed(m, s->start + p->at);
    at = kind == PALETTE ? p->at % 3 : kind == BINARY ? hash2(p->type, at_most(p->at, 32)) : 0;
  }
  switch (kind) {
    case PALETTE: palette_guesses(m, g); break;
    case ALPHA: alpha_guesses(m, g); break;
    case BINARY:
      g->expected[2] = (int32_t)ago(l, 4);
      g->expected[3] = (int32_t)ago(l, 2);
      g->expected[4] = (int32_t)ago(l, 1);
      break;
    default: break;
  }
  for (int32_t k = 0; k < CANDIDATES; k++) {
    const uint32_t history = k == 0 ? l->match_length : l->history[kind][k] & 15;
    const uint32_t hash = hash3((uint32_t)(kind * CANDIDATES + k), history, at);
    g->counters[k] = l->candidates[scattered(hash) >> (32 - CANDIDATE_BITS)];
  }
  g->distances = l->distances[kind == ALPHA][kind == PALETTE ? p->at % 3 : 0];
  for (int32_t k = 0; k < EXPERTS; k++)
    g->slopes[k] = g->peaks[k] == NO_PEAK ? 0 : 4096 / (g->distances[k] < 2 ? 2 : g->distances[k]);
}

// The mass below a byte, of 2^32.
INLINE uint64_t mass_below(const Functions *f, int32_t byte, int32_t peak, int32_t slope) {
  if (byte == 0) return 0;
  if (byte == 256) return (uint64_t)1 << 32;
  const int32_t distance = 2 * (byte - peak) - 1;
  const uint64_t beyond = tail(f, (int64_t)magnitude(distance) * slope);
  return distance < 0 ? beyond : ((uint64_t)1 << 32) - beyond;
}

// What an expert says of the next bit: bytes from `lowest` on, `size` of them, are left.
INLINE int32_t expert_input(
    const Functions *f, const Guesses *g, int32_t k, int32_t lowest, int32_t size) {
  if (g->peaks[k] == NO_PEAK) return 0;
  const uint64_t low = mass_below(f, lowest, g->peaks[k], g->slopes[k]);
  const uint64_t middle = mass_below(f, lowest + size / 2, g->peaks[k], g->slopes[k]);
  const uint64_t high = mass_below(f, lowest + size, g->peaks[k], g->slopes[k]);
  return clamp(lg(f, high - middle + 4096) - lg(f, middle - low + 4096), -2047, 2047);
}

INLINE void learn_guesses(Learnt *l, const Guesses *g, int32_t kind, uint8_t byte) {
  for (int32_t k = 1; k < CANDIDATES; k++)
    if (g->expected[k] != NO_BYTE)
      l->history[kind][k] = (uint8_t)(l->history[kind][k] << 1 | (g->expected[k] == byte));
  for (int32_t k = 0; k < EXPERTS; k++)
    if (g->peaks[k] != NO_PEAK)
      g->distances[k] += (16 * magnitude(byte - g->peaks[k]) - g->distances[k]) >> 3;
}

#endif
