// Sample maps: what values a rank may stand for.
#ifndef PRN_DEEP_MAP_H
#define PRN_DEEP_MAP_H

#include "CDeep.h"
#include "Coder.h"
#include "Mixer.h"

// The sample of a number under a map without a list. SHIFTED: 1 to 15 bits; REPEATED: 8 to 15;
// SCALED: 2 to 15.
INLINE uint32_t mapped(int32_t kind, int32_t bits, uint32_t number) {
  const uint32_t most = (1u << bits) - 1;
  switch (kind) {
    case PRN_DEEP_MAP_SHIFTED: return number << (16 - bits);
    case PRN_DEEP_MAP_REPEATED: return number << (16 - bits) | number >> (2 * bits - 16);
    case PRN_DEEP_MAP_SCALED: return (number * 65535 + most / 2) / most;
    default: return number;
  }
}

// The only number that may give a sample.
INLINE uint32_t unmapped(int32_t kind, int32_t bits, uint32_t sample) {
  const uint32_t most = (1u << bits) - 1;
  switch (kind) {
    case PRN_DEEP_MAP_SHIFTED:
    case PRN_DEEP_MAP_REPEATED: return sample >> (16 - bits);
    case PRN_DEEP_MAP_SCALED: return (sample * most + 32767) / 65535;
    default: return sample;
  }
}

INLINE int32_t least_bits(int32_t kind) {
  return kind == PRN_DEEP_MAP_REPEATED ? 8 : kind == PRN_DEEP_MAP_SCALED ? 2 : 1;
}

// Adaptive counters of a list: by the length of the gap before, and of the bits of a gap.
typedef struct {
  Counter lengths[17][17];
  Counter bits[17][64];
} GapCounters;

INLINE void start_gaps(GapCounters *g) {
  Counter *all = g->lengths[0];
  for (int32_t i = 0; i < 17 * 17; i++) all[i] = counter(ONE / 2, 1);
  all = g->bits[0];
  for (int32_t i = 0; i < 17 * 64; i++) all[i] = counter(ONE / 2, 1);
}

INLINE int code_plain(Coder *coder, int decodes, Counter *c, int bit) {
  const Functions *f = prn_adaptive_functions();
  bit = code_decision(f, coder, decodes, chance(*c), bit);
  learn_counter(f, c, bit, 60);
  return bit;
}

// A gap between samples, 1 to 65535, behind one of `before` bits. Its length, then its bits from
// the top; only the first six of them are learnt.
INLINE uint32_t code_gap(
    Coder *coder, int decodes, GapCounters *g, int32_t before, uint32_t gap) {
  const int32_t known = bit_length(gap);
  int32_t length = 1;
  while (length < 16 && code_plain(coder, decodes, &g->lengths[before][length], known > length))
    length++;
  uint32_t found = 1;
  for (int32_t j = length - 2; j >= 0; j--) {
    const int bit = (gap >> j) & 1;
    if (found < 64)
      found = 2 * found + (uint32_t)code_plain(coder, decodes, &g->bits[length][found], bit);
    else
      found = 2 * found
              + (uint32_t)code_decision(prn_adaptive_functions(), coder, decodes, ONE / 2, bit);
  }
  return found;
}

INLINE uint32_t code_number(Coder *coder, int decodes, int32_t bits, uint32_t number) {
  uint32_t found = 0;
  for (int32_t j = bits - 1; j >= 0; j--)
    found = 2 * found
            + (uint32_t)code_decision(
                prn_adaptive_functions(), coder, decodes, ONE / 2, (number >> j) & 1);
  return found;
}

// The samples of a list behind the first; 0 where they leave the range.
INLINE int code_list(Coder *coder, int decodes, prn_deep_map *map) {
  GapCounters gaps;
  start_gaps(&gaps);
  uint32_t value = map->lowest, gap = 0;
  map->values[0] = (uint16_t)value;
  for (uint32_t i = 1; i < map->count; i++) {
    const int32_t before = bit_length(gap);
    gap = code_gap(coder, decodes, &gaps, before, decodes ? 0 : map->values[i] - value);
    value += gap;
    if (value > 65535) return 0;
    map->values[i] = (uint16_t)value;
  }
  return 1;
}

#endif
