// The frequencies of a value's symbols.
#ifndef PRN_DISTRIBUTION_H
#define PRN_DISTRIBUTION_H

#include <stdint.h>

/// What a range coder needs to know of one symbol: frequency >= 1,
/// cumulative + frequency <= total < 2^31.
typedef struct {
  uint32_t cumulative;
  uint32_t frequency;
  uint32_t total;
} prn_event;

/// 256 frequencies with the sums that find a symbol fast. starts[b] is the cumulative frequency of
/// symbol 16 b.
typedef struct {
  uint32_t starts[16];
  uint32_t frequencies[256];
  uint32_t total;
  uint32_t unused[15];
} prn_distribution;

/// The symbol with cumulative <= target < cumulative + frequency.
static inline uint8_t prn_find_symbol(
    const prn_distribution *distribution, uint32_t target, uint32_t *cumulative,
    uint32_t *frequency) {
  int32_t sixteen = -1;
  for (int i = 0; i < 16; i++) sixteen += distribution->starts[i] <= target;
  sixteen &= 15;
  // No branches on the target: they could not be predicted.
  const uint32_t *frequencies = distribution->frequencies + 16 * sixteen;
  uint32_t sum = distribution->starts[sixteen];
  uint32_t below = sum;
  int32_t index = 0;
  for (int i = 0; i < 15; i++) {
    sum += frequencies[i];
    index += sum <= target;
    below = sum <= target ? sum : below;
  }
  *cumulative = below;
  *frequency = frequencies[index];
  return (uint8_t)(16 * sixteen + index);
}

#endif
