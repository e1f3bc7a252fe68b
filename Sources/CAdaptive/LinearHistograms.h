// Histograms of distances from the centre, and how they are chosen, mixed and learnt.
#ifndef PRN_LINEAR_HISTOGRAMS_H
#define PRN_LINEAR_HISTOGRAMS_H

#include "LinearState.h"

// What every class has, whatever was learnt.
#define FLOOR 8
// What all classes have together that is learnt.
#define LEARNT ((1 << TOTAL_BITS) - FLOOR * CLASSES)

// Class 0 is the centre; 1 + 2 k and 2 + 2 k are magnitudes from LOWEST[k] on, above and below it.
static const int16_t LOWEST[17] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 40, 72, 256, 256};
// Classes from this one on have several distances.
#define FIRST_WIDE 19

// The distance of a class that is nearest to the centre.
INLINE int32_t nearest_of(int32_t class) {
  const int32_t lowest = class == 0 ? 0 : LOWEST[(class - 1) / 2];
  return class % 2 == 0 ? -lowest : lowest;
}

// How many distances a class has.
INLINE uint32_t distances_of(int32_t class) {
  const int32_t k = (class - 1) / 2;
  return class == 0 ? 1 : (uint32_t)(LOWEST[k + 1] - LOWEST[k]);
}

// The one of each kind that says what comes: for their mean, and to learn.
typedef struct {
  Histogram *histograms[3];
  uint8_t *uses[3];
} Choice;

// Which histogram of each kind.
typedef struct {
  uint16_t by_part, by_sides, by_split;
} Places;

// `gap`: of the median from the fit, turned.
INLINE Places places_of(
    const Linear *l, int32_t energy, int32_t part, int32_t sides, int32_t gap) {
  const int32_t e = l->energy_class[energy], half = e / 2, size = l->split[magnitude(gap) >> 5];
  const int32_t split = SPLITS / 2 + (gap < 0 ? -size : size);
  return (Places){
      (uint16_t)(e * PARTS + part), (uint16_t)(sides * (ENERGIES / 2) + half),
      (uint16_t)(split * (ENERGIES / 2) + half)};
}

INLINE Choice choose(Linear *l, Places at) {
  return (Choice){
      {&l->by_part[at.by_part], &l->by_sides[at.by_sides], &l->by_split[at.by_split]},
      {&l->uses_by_part[at.by_part], &l->uses_by_sides[at.by_sides],
       &l->uses_by_split[at.by_split]}};
}

// The frequencies below each class, of 2^TOTAL_BITS: the mean of the histograms, and the floors.
INLINE void average(const Linear *l, const Choice *choice, Below *bounds) {
  *bounds = (choice->histograms[0]->below >> 2) + (choice->histograms[1]->below >> 2)
            + (choice->histograms[2]->below >> 1) + l->floors;
}

// One of these, for an encoder: `class` is up to CLASSES.
INLINE int32_t frequency_below(const Linear *l, const Choice *choice, int32_t class) {
  if (class == CLASSES) return 1 << TOTAL_BITS;
  return (choice->histograms[0]->below[class] >> 2) + (choice->histograms[1]->below[class] >> 2)
         + (choice->histograms[2]->below[class] >> 1) + l->floors[class];
}

// Moves the histograms towards what came. What is shifted out is rounded up or down in turns, so
// that nothing is lost in the mean.
INLINE void learn(Linear *l, const Choice *choice, int32_t found) {
  Below target;
  __builtin_memcpy(&target, l->targets + CLASSES - 1 - found, sizeof target);
  const uint32_t phase = (l->count++ * 0x9E37u) & 0xFFFF;
  for (int i = 0; i < 3; i++) {
    uint8_t *uses = choice->uses[i];
    const int16_t shift = l->shift[*uses];
    *uses += *uses < MOST_USES;
    Below *below = &choice->histograms[i]->below;
    *below += (target - *below + (int16_t)(phase >> (16 - shift))) >> shift;
  }
}

// A logistic distribution around `part` 64ths, in classes. Its slope is over 2^16: z = distance *
// slope >> 16.
INLINE void start_histogram(const Linear *l, Histogram *histogram, int64_t slope, int32_t part) {
  int64_t masses[CLASSES], all = 0;
  for (int32_t k = 0; k < CLASSES; k++) {
    const int32_t first = k == 0 ? 0 : LOWEST[(k - 1) / 2];
    const int32_t behind = k == 0 ? 1 : LOWEST[(k - 1) / 2 + 1];
    const int is_below = k > 0 && k % 2 == 0;
    // From the centre's edge nearer to it to the farther one, in 64ths.
    const int64_t near = 64 * (int64_t)first - 32, far = 64 * (int64_t)behind - 32;
    const int64_t from = is_below ? near + part : near - part;
    const int64_t to = is_below ? far + part : far - part;
    const int64_t beyond = from < 0 ? ((int64_t)1 << 32)
                                          - (int64_t)tail(l->functions, (-from * slope) >> 16)
                                    : (int64_t)tail(l->functions, (from * slope) >> 16);
    masses[k] = beyond - (int64_t)tail(l->functions, (to * slope) >> 16);
    all += masses[k];
  }
  int64_t sum = 0;
  for (int32_t k = 0; k < CLASSES; k++) {
    histogram->below[k] = (int16_t)(sum * LEARNT / all);
    sum += masses[k];
  }
}

#endif
