#include "CIntegerKernels.h"

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

// The negative logarithm, to base 2 with 8 fraction bits, of a logistic density: a parabola, then a line.
WIDE void prn_add_prior(int32_t *accumulators, int32_t shift, int32_t fraction, int32_t slope) {
  for (int32_t s = 0; s < 256; s++) {
    const int32_t distance = 64 * (s < 128 ? s : s - 256) - fraction;
    const int32_t z = ((distance < 0 ? -distance : distance) * slope) >> 8;
    const int32_t limited = z < 32767 ? z : 32767;
    const int32_t h = limited < 1024 ? (limited * limited) >> 11 : limited - 512;
    const int32_t quarter = h >> 2;
    accumulators[s] -= (quarter < PRN_PRIOR_LIMIT ? quarter : PRN_PRIOR_LIMIT) * (1 << shift);
  }
}
