#include <math.h>

#include "CEntropyCoding.h"

// The code so far is a number of 8 * position bits, and an interval of 2^log2(range) of them is
// left: the difference has been told. A new decoder has told none.
__attribute__((cold)) void prn_costs_note(
    prn_costs *costs, size_t position, uint64_t range, int32_t k, int32_t row, int32_t column) {
  const double told = 8 * (double)position - log2((double)range);
  float *plane = costs->planes[k];
  if (plane) plane[row * costs->stride + column] += (float)(told - costs->before);
  costs->before = told;
}
