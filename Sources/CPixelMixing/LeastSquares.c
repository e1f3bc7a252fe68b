#include "LeastSquares.h"

#include <string.h>

// Every machine rounds each operation of the solve alike: no fused multiply-add, no other order.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

// Pulls the weights towards 0 where there is little to learn from.
static const int32_t RIDGE = 120;

void prn_least_squares_init(LeastSquares *fit, int32_t features, int32_t decay, int32_t period) {
  memset(fit, 0, sizeof *fit);
  fit->features = features;
  fit->decay = decay;
  fit->period = period;
}

WIDE int64_t prn_least_squares_predict(const LeastSquares *fit, const int32_t *x) {
  int64_t sum = 0;
  for (int32_t i = 0; i < fit->features; i++) sum += (int64_t)fit->weights[i] * x[i];
  return sum;
}

// Gaussian elimination of the symmetric system, row by row, on its upper triangle.
WIDE static void solve(LeastSquares *fit) {
  double m[MOST_FEATURES][MOST_FEATURES];
  double y[MOST_FEATURES];
  const int32_t n = fit->features;
  const double ridge = (double)((int64_t)RIDGE << (11 - fit->decay));
  for (int32_t i = 0; i < n; i++) {
    for (int32_t j = i; j < n; j++) m[i][j] = (double)fit->covariance[j][i];
    m[i][i] = m[i][i] + ridge;
    y[i] = (double)fit->target[i];
  }
  for (int32_t k = 0; k < n; k++) {
    if (!(m[k][k] >= 1.0)) return;
    const double inverse = 1.0 / m[k][k];
    for (int32_t i = k + 1; i < n; i++) {
      const double factor = m[k][i] * inverse;
      for (int32_t j = i; j < n; j++) m[i][j] = m[i][j] - factor * m[k][j];
      y[i] = y[i] - factor * y[k];
    }
  }
  for (int32_t i = n - 1; i >= 0; i--) {
    double sum = y[i];
    for (int32_t j = i + 1; j < n; j++) sum = sum - m[i][j] * y[j];
    y[i] = sum / m[i][i];
  }
  for (int32_t i = 0; i < n; i++) {
    double w = y[i] * 65536.0;
    w = w < 1048576.0 ? w : 1048576.0;
    w = w > -1048576.0 ? w : -1048576.0;
    fit->weights[i] = w >= 0 ? (int32_t)(w + 0.5) : -(int32_t)(0.5 - w);
  }
}

WIDE static void accumulate(LeastSquares *fit, const int32_t *x, int32_t y) {
  const int32_t decay = fit->decay;
  const int32_t fraction = 11 - decay;
  const int32_t half = 1 << (decay - 1);
  for (int32_t i = 0; i < fit->features; i++) {
    int32_t *row = fit->covariance[i];
    const int32_t xi = x[i] * (1 << fraction);
    for (int32_t j = 0; j <= i; j++) row[j] += xi * x[j] - ((row[j] + half) >> decay);
    fit->target[i] += xi * y - ((fit->target[i] + half) >> decay);
  }
}

void prn_least_squares_update(LeastSquares *fit, const int32_t *x, int32_t y) {
  accumulate(fit, x, y);
  fit->since++;
  if (fit->since < fit->period) return;
  fit->since = 0;
  solve(fit);
}
