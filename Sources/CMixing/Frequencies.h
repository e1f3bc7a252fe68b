// What the network says of a decision.
#ifndef PRN_MIXING_FREQUENCIES_H
#define PRN_MIXING_FREQUENCIES_H

#include "State.h"

static const Ints LANE = {0, 1, 2, 3, 4, 5, 6, 7};

// The sum of the first `count`, 0 to 8, of the network's frequencies from `symbol` on.
INLINE uint32_t few_frequencies(const prn_distribution *network, int32_t symbol, int32_t count) {
  // All eight are read, of which the last may be what lies behind the frequencies.
  _Static_assert(sizeof *network - offsetof(prn_distribution, total) >= 4 * LANES, "too near");
  Words eight;
  memcpy(
      &eight,
      (const char *)network + offsetof(prn_distribution, frequencies) + 4 * (size_t)symbol,
      sizeof eight);
  return (uint32_t)__builtin_reduce_add(eight & (Words)(LANE < count));
}

// The sum of those of the symbols below `symbol`, 0 to 256. Without branches on it: they could not
// be predicted.
INLINE uint32_t frequencies_below(const prn_distribution *network, int32_t symbol) {
  if (symbol == 256) return network->total;
  Words lower, upper;
  memcpy(&lower, network->frequencies + (symbol & ~15), sizeof lower);
  memcpy(&upper, network->frequencies + (symbol & ~15) + LANES, sizeof upper);
  lower &= (Words)(LANE < (symbol & 15));
  upper &= (Words)(LANE < (symbol & 15) - LANES);
  return network->starts[symbol >> 4] + (uint32_t)__builtin_reduce_add(lower + upper);
}

// The sum of those of `count` symbols, 1 or more, from `first` on. Most often there are few.
INLINE uint32_t frequencies_of(const prn_distribution *network, int32_t first, int32_t count) {
  if (count == 1) return network->frequencies[first];
  if (count <= LANES) return few_frequencies(network, first, count);
  return frequencies_below(network, first + count) - frequencies_below(network, first);
}

#endif
