// The contexts of a sample's decisions: small facts of its surroundings, in units of its error.
#ifndef PRN_DEEP_CONTEXTS_H
#define PRN_DEEP_CONTEXTS_H

#include "DeepPredict.h"
#include "DeepWalk.h"

// The logarithm of an error over that of the sample, in half octaves around 4: 0 to 7.
INLINE int32_t against(const Deep *d, uint32_t error, int32_t reference) {
  return clamp(((lg(d->functions, error + 4) - reference) >> 7) + 4, 0, 7);
}

// A logarithm with two fraction bits, as misses are: 0 to 7 in half octaves.
INLINE int32_t size_class(int32_t miss, int32_t reference) {
  return clamp((magnitude(miss) * 64 + 512 - reference + 512) >> 7, 0, 7);
}

// -3 to 3: small ones, those about as large as the error, larger ones.
INLINE int32_t signed_class(int32_t miss, int32_t reference) {
  const int32_t c = (size_class(miss, reference) >> 1);
  return miss < 0 ? -c : c;
}

// A difference in 64ths of a sample: -4 to 4.
INLINE int32_t position(int32_t difference, int32_t error) {
  const int32_t size = magnitude(difference) >> 2;
  const int32_t c = 2 * size < error ? 0 : size < error ? 1 : size < 2 * error ? 2
                    : size < 5 * error ? 3 : 4;
  return difference < 0 ? -c : c;
}

INLINE int32_t near_class(int32_t difference) { return clamp(difference, -3, 3) + 3; }

INLINE void select_contexts(const Deep *d, const Site *s, Walk *w) {
  const int32_t c = d->channel, error = s->error, column = s->column;
  const ptrdiff_t n = -d->stride;
  const uint16_t *v = d->samples[c] + s->cell;
  const int8_t *m = d->misses[c] + s->cell;
  const int32_t reference = lg(d->functions, (uint64_t)error);
  const int32_t scale = w->scale;
  const int32_t whole = (s->centre + 32) >> 6;
  const uint32_t *row = error_row(d, 0, PREDICTORS - 1) + column;
  const uint32_t *above = error_row(d, 1, PREDICTORS - 1) + column;
  const int32_t ew = against(d, row[-1], reference), en = against(d, above[0], reference);
  w->slots[0] = BY_ERRORS + (scale * 8 + ew) * 8 + en;
  w->slots[1] = BY_MISSES + ((signed_class(m[-1], reference) + 3) * 7
                + signed_class(m[n], reference) + 3) * 7 + signed_class(m[n + 1], reference) + 3;
  w->slots[2] = BY_NEIGHBOURS + ((position(64 * v[-1] - s->centre, error) + 4) * 9
                + position(64 * v[n] - s->centre, error) + 4) * 9
                + position(64 * v[n + 1] - s->centre, error) + 4;
  int32_t one = m[-2], two = m[n - 1], cross = size_class(m[n + n], reference);
  if (c > 0) {
    const int8_t *e = d->misses[c - 1] + s->cell;
    one = e[0];
    two = c > 1 ? d->misses[0][s->cell] : e[1];
    cross = size_class((magnitude(e[1]) + magnitude(e[-n]) + 1) >> 1, reference);
  }
  const int32_t first = size_class(one, reference);
  w->slots[3] = BY_EARLIER + ((one < 0 ? -first : first) + 7) * 15
                + clamp((two < 0 ? -1 : 1) * size_class(two, reference), -7, 7) + 7;
  w->slots[4] = BY_LEVEL + (whole >> (d->depth > 6 ? d->depth - 6 : 0)) * SCALES + scale;
  w->slots[5] = BY_CROSS + cross * 12 + scale;
  const int32_t equals = (v[-1] == v[n]) | (v[-1] == v[n - 1]) << 1 | (v[n] == v[n + 1]) << 2
                         | (v[-1] == v[-2]) << 3 | (v[n] == v[n + n]) << 4;
  w->slots[6] = BY_EQUALS + (equals * 7 + near_class(v[-1] - whole)) * 7 + near_class(v[n] - whole);
  const int32_t texture = (64 * v[-1] > s->centre) | (64 * v[n] > s->centre) << 1
                          | (64 * v[n - 1] > s->centre) << 2 | (64 * v[n + 1] > s->centre) << 3
                          | (64 * v[-2] > s->centre) << 4;
  const int32_t spread = clamp(
      ((lg(d->functions, (uint64_t)s->around) - reference + 256) >> 6), 0, SPREADS - 1);
  w->slots[7] = BY_TEXTURE + texture * SPREADS + spread;
  w->spread = spread;
  w->place = c > 0 ? 8 + first : ew;
}

#endif
