// A frequency from the distance of its logit below the largest: FORMAT.md, section 6.
#ifndef PRN_FREQUENCY_H
#define PRN_FREQUENCY_H

#include "CPlatform.h"

static inline uint32_t prn_exp2_frequency(uint32_t distance) {
  const uint32_t n = distance >> 6;
  if (n > 22) return 1;
  const uint32_t product =
      (uint32_t)PRN_EXP_A[(distance >> 3) & 7] * (uint32_t)PRN_EXP_B[distance & 7];
  return 1 + (product >> (8 + n));
}

#endif
