// Recursive least squares over the causal neighbourhood (FORMAT.md, section 7.3).
#ifndef PRN_LEAST_SQUARES_H
#define PRN_LEAST_SQUARES_H

#include <stdint.h>

#define MOST_FEATURES 48

typedef struct {
  int32_t features;
  // The memory is 2^decay values long.
  int32_t decay;
  // Values from solve to solve.
  int32_t period;
  int32_t since;
  // Decaying sums of products: [i][j], j <= i, and with the target.
  int32_t covariance[MOST_FEATURES][MOST_FEATURES];
  int32_t target[MOST_FEATURES];
  // 16 fraction bits.
  int32_t weights[MOST_FEATURES];
} LeastSquares;

void prn_least_squares_init(LeastSquares *fit, int32_t features, int32_t decay, int32_t period);

// The sum of weights * x, 16 fraction bits more than x. |x| <= 510.
int64_t prn_least_squares_predict(const LeastSquares *fit, const int32_t *x);

// Learns that y followed x; both within +-510.
void prn_least_squares_update(LeastSquares *fit, const int32_t *x, int32_t y);

#endif
