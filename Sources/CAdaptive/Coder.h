// Either side of the range coder, so that encoder and decoder share their loops and cannot differ.
#ifndef PRN_ADAPTIVE_CODER_H
#define PRN_ADAPTIVE_CODER_H

#include "CEntropyCoding.h"
#include "Functions.h"

// What is not pointed at can be kept in registers: loops copy the coder that they are given.
typedef struct {
  prn_range_encoder encoder;
  prn_range_decoder decoder;
  // Bits of the decisions so far, with 8 fraction bits; only the encoder counts them.
  uint64_t cost;
} Coder;

// No decision is more certain than this.
#define LEAST_PROBABILITY 32

INLINE uint32_t bounded(uint32_t p) {
  return p < LEAST_PROBABILITY ? LEAST_PROBABILITY
                               : p > ONE - LEAST_PROBABILITY ? ONE - LEAST_PROBABILITY : p;
}

// Codes a decision whose probability of a 1 is p, of ONE. `bit` is the decision for the encoder;
// the decoder does not look at it. `decodes` is constant where this is inlined.
INLINE int code_decision(const Functions *f, Coder *coder, int decodes, uint32_t p, int bit) {
  p = bounded(p);
  if (decodes) return prn_decode_fine_bit(&coder->decoder, p);
  coder->cost += (uint64_t)(22 * 256 - lg(f, bit ? p : ONE - p));
  prn_encode_fine_bit(&coder->encoder, bit, p);
  return bit;
}

// Codes a decision if it is 1; else leaves all as it is.
INLINE int code_one(const Functions *f, Coder *coder, int decodes, uint32_t p, int bit) {
  if (decodes) return prn_decode_fine_one(&coder->decoder, bounded(p));
  return bit && code_decision(f, coder, 0, p, 1);
}

#endif
