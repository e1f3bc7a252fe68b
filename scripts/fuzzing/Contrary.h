// Included before every file of CAdaptive: a decoder whose decisions come from elsewhere. Any
// sequence of decisions has a stream, but random streams say what the model finds likely; those of
// an adversary drive counters and weights to their ends.
#ifndef CONTRARY_H
#define CONTRARY_H

#include "CEntropyCoding.h"
#include "Mixer.h"

/// Whether decisions come from `contrary_decision`.
extern int is_contrary;

/// A decision whose probability of a 1 is p, of 2^22.
int contrary_decision(uint32_t p);

/// Looks at what is mixed for the next decision: `count` inputs, and `sets` vectors of weights.
void watch_mixing(const int32_t *inputs, int32_t count, int32_t *const *weights, int32_t sets);

static inline int decode_fine_bit_or_contrary(prn_range_decoder *decoder, uint32_t p) {
  if (!is_contrary) return prn_decode_fine_bit(decoder, p);
  // A codec that has bent what is illegal goes on.
  decoder->is_corrupt = 0;
  return contrary_decision(p);
}

INLINE uint32_t watch_and_mix(const Functions *f, Mixer *m, int are_wide) {
  if (is_contrary) watch_mixing(m->inputs, m->count, m->weights, m->sets);
  return are_wide ? mix_wide(f, m) : mix(f, m);
}

INLINE int32_t watch_and_sum(int32_t *weights, const int32_t *inputs, int32_t n, int are_wide) {
  if (is_contrary) watch_mixing(inputs, n, &weights, 1);
  return weighted_sum(weights, inputs, n, are_wide);
}

#define prn_decode_fine_bit decode_fine_bit_or_contrary
#define mix(f, m) watch_and_mix(f, m, 0)
#define mix_wide(f, m) watch_and_mix(f, m, 1)
#define weighted_sum watch_and_sum

#endif
