// From the frequencies of classes to those of symbols; included by every version.
#ifndef PRN_NETWORK_CLASSES_H
#define PRN_NETWORK_CLASSES_H

#include <string.h>

#include "CNetwork.h"
#include "prn_classes.h"

/// The frequencies of classes, as a version computes them.
static void class_frequencies(const int32_t *accumulators, int32_t shift, uint32_t *classes);

/// Gives each symbol the frequency of its class.
static inline __attribute__((always_inline)) void expand_classes(
    const uint32_t *classes, prn_distribution *result) {
  uint32_t *frequencies = result->frequencies;
  memcpy(frequencies, classes, 4 * PRN_ONES);
  memcpy(frequencies + 240, classes + PRN_CLASSES - PRN_ONES, 4 * PRN_ONES);
  for (int k = 0; k < PRN_FOURS; k++)
    for (int i = 0; i < 4; i++) {
      frequencies[16 + 4 * k + i] = classes[16 + k];
      frequencies[224 + 4 * k + i] = classes[44 + k];
    }
  for (int k = 0; k < 2 * PRN_EIGHTS; k++)
    for (int i = 0; i < 8; i++) frequencies[32 + 8 * k + i] = classes[20 + k];
  uint32_t sums[16] = {0};
  for (int k = 0; k < PRN_ONES; k++) {
    sums[0] += classes[k];
    sums[15] += classes[48 + k];
  }
  for (int k = 0; k < PRN_FOURS; k++) {
    sums[1] += 4 * classes[16 + k];
    sums[14] += 4 * classes[44 + k];
  }
  for (int k = 0; k < PRN_EIGHTS; k++)
    sums[2 + k] = 8 * (classes[20 + 2 * k] + classes[21 + 2 * k]);
  uint32_t sum = 0;
  for (int i = 0; i < 16; i++) {
    result->starts[i] = sum;
    sum += sums[i];
  }
  result->total = sum;
}

/// The same frequencies, summed up for one known symbol.
static inline __attribute__((always_inline)) prn_event event_of_classes(
    const uint32_t *classes, uint8_t symbol) {
  const int own = prn_class_of(symbol);
  uint32_t below = 0, total = 0, symbols = 0;
  for (int k = 0; k < PRN_CLASSES; k++) {
    const uint32_t sum = classes[k] << prn_class_shift(k);
    total += sum;
    below += k < own ? sum : 0;
    symbols += k < own ? 1u << prn_class_shift(k) : 0;
  }
  const prn_event result = {below + (symbol - symbols) * classes[own], classes[own], total};
  return result;
}

static void class_distribution(
    const int32_t *accumulators, int32_t shift, prn_distribution *result) {
  uint32_t classes[PRN_CLASSES];
  class_frequencies(accumulators, shift, classes);
  expand_classes(classes, result);
}

static prn_event class_event(const int32_t *accumulators, int32_t shift, uint8_t symbol) {
  uint32_t classes[PRN_CLASSES];
  class_frequencies(accumulators, shift, classes);
  return event_of_classes(classes, symbol);
}

#endif
