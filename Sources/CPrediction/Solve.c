#include "State.h"

// Every machine rounds each operation alike: no fused multiply-add, no other order.
#pragma STDC FP_CONTRACT OFF

// Elements of a row that are eliminated at the same time: one register for each.
#define BLOCK 12

#define VERSION 0
#include "SolveSystems.h"
#undef VERSION
#if defined(__x86_64__)
#define VERSION 1
#include "SolveSystems.h"
#undef VERSION
#define VERSION 2
#include "SolveSystems.h"
#undef VERSION
#endif

void prn_fit(
    int version, const System *system, const double *origin, int32_t (*weights)[SYSTEMS]) {
  static void (*const versions[PRN_VERSIONS])(
      const System *, const double *, int32_t(*)[SYSTEMS]) = PRN_ALL_VERSIONS(fit);
  versions[version](system, origin, weights);
}

void prn_solve_one(int version, int32_t n, double (*m)[ONE_ROW]) {
  static void (*const versions[PRN_VERSIONS])(int32_t, double(*)[ONE_ROW]) =
      PRN_ALL_VERSIONS(solve_one);
  versions[version](n, m);
}
