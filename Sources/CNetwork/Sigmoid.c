// The two symbols of a 1-bit value: one logit against 0.
#include <string.h>

#include "CNetwork.h"
#include "Frequency.h"

typedef struct {
  uint32_t zero, one;
} pair;

static pair frequencies(int32_t accumulator, int32_t shift) {
  const int32_t logit = accumulator >> shift;
  // Unsigned: the distance of INT32_MIN fits, too.
  const uint32_t distance = logit < 0 ? 0u - (uint32_t)logit : (uint32_t)logit;
  const uint32_t larger = prn_exp2_frequency(0), smaller = prn_exp2_frequency(distance);
  return logit < 0 ? (pair){larger, smaller} : (pair){smaller, larger};
}

void prn_sigmoid_distribution(int32_t accumulator, int32_t shift, prn_distribution *result) {
  const pair both = frequencies(accumulator, shift);
  memset(result, 0, sizeof *result);
  result->frequencies[0] = both.zero;
  result->frequencies[1] = both.one;
  result->total = both.zero + both.one;
  for (int block = 1; block < 16; block++) result->starts[block] = result->total;
}

prn_event prn_sigmoid_event(int32_t accumulator, int32_t shift, uint8_t symbol) {
  const pair both = frequencies(accumulator, shift);
  const uint32_t total = both.zero + both.one;
  return symbol ? (prn_event){both.zero, both.one, total} : (prn_event){0, both.zero, total};
}
