// Samples that came behind the same neighbours before: drawn images repeat themselves.
#ifndef PRN_DEEP_REPEATS_H
#define PRN_DEEP_REPEATS_H

#include "DeepPredict.h"

#define REPEAT_BITS 16
// A repeat is asked for where it has this chance.
#define WORTH_ASKING (ONE / 2)
// Where the predictors are this good, they know better.
#define EXACT_ERROR 16

struct Repeat {
  uint16_t sample;
  // Of the neighbours.
  uint8_t check;
  // How often it came, 1 to 15; 0 for none yet.
  uint8_t count;
};

typedef struct {
  Repeat *entry;
  uint8_t check;
  // The sample that came, -1 for none that counts.
  int32_t candidate;
  Counter *counter;
} Recall;

INLINE Recall recall(Deep *d, const Site *s) {
  const int32_t c = d->channel;
  const uint16_t *v = d->samples[c] + s->cell;
  const ptrdiff_t n = -d->stride;
  uint32_t hash = hashed((uint32_t)c, v[-1]);
  hash = hashed(hash, v[n]);
  hash = hashed(hash, v[n - 1]);
  hash = hashed(hash, v[n + 1]);
  if (c > 0) {
    hash = hashed(hash, d->samples[c - 1][s->cell]);
    hash = hashed(hash, d->samples[0][s->cell]);
  }
  Repeat *entry = &d->repeats[scattered(hash) >> (32 - REPEAT_BITS)];
  Recall r = {entry, (uint8_t)hash, -1, NULL};
  if (entry->count == 0 || entry->check != r.check || s->error < EXACT_ERROR) return r;
  r.candidate = least(entry->sample, d->largest);
  const int32_t like = (r.candidate == v[-1]) | (r.candidate == v[n]) << 1;
  r.counter = &d->repeated[entry->count][like];
  return r;
}

// The sample is known now.
INLINE void remember(const Deep *d, const Recall *r, int32_t sample) {
  Repeat *e = r->entry;
  if (r->counter) learn_counter(d->functions, r->counter, sample == r->candidate, 250);
  if (r->candidate == sample) {
    e->count = (uint8_t)least(e->count + 1, 15);
  } else if (r->candidate >= 0 && e->count > 3) {
    e->count >>= 1;
  } else {
    *e = (Repeat){(uint16_t)sample, r->check, 1};
  }
}

#endif
