#include "State.h"

// Every machine rounds each operation alike: no fused multiply-add, no other order.
#pragma STDC FP_CONTRACT OFF

#define EACH_SYSTEM for (int32_t l = 0; l < SYSTEMS; l++)

// Gaussian elimination of symmetric systems, row by row, on their upper triangles.
INLINE void solve(int32_t n, double (*m)[SYSTEMS], double (*y)[SYSTEMS]) {
  for (int32_t k = 0; k < n; k++) {
    double inverse[SYSTEMS];
    EACH_SYSTEM inverse[l] = 1.0 / m[k * n + k][l];
    // From here on, that is what its place holds.
    EACH_SYSTEM m[k * n + k][l] = inverse[l];
    for (int32_t i = k + 1; i < n; i++) {
      double factor[SYSTEMS];
      EACH_SYSTEM factor[l] = m[k * n + i][l] * inverse[l];
      for (int32_t j = i; j < n; j++)
        EACH_SYSTEM m[i * n + j][l] = m[i * n + j][l] - factor[l] * m[k * n + j][l];
      EACH_SYSTEM y[i][l] = y[i][l] - factor[l] * y[k][l];
    }
  }
  for (int32_t i = n - 1; i >= 0; i--) {
    for (int32_t j = i + 1; j < n; j++) EACH_SYSTEM y[i][l] = y[i][l] - m[i * n + j][l] * y[j][l];
    EACH_SYSTEM y[i][l] = y[i][l] * m[i * n + i][l];
  }
}

PRN_DEFINE_VERSIONS(
    void, solve, (int32_t n, double (*m)[SYSTEMS], double (*y)[SYSTEMS]), (n, m, y))

void prn_solve(int version, int32_t n, double (*m)[SYSTEMS], double (*y)[SYSTEMS]) {
  solve_versions[version](n, m, y);
}
