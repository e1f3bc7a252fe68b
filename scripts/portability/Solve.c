#include "Fingerprint.h"
// Of CPrediction, not of its interface: the solver's own results have all of their bits.
#include "State.h"

// Systems of least squares, many of them close to singular: a single operation that is rounded
// otherwise changes the last bits of what solve_one leaves, and nearly all bits of some weights.

enum { CASES = 200, MOST_ROWS = 6 };

static uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  // What is no number has many forms.
  return x == x ? bits : 1;
}

// The products of a few rows of terms, fewer than there are terms, where `is_poor`.
static void draw_products(Random *r, int32_t n, bool is_poor, int32_t m[][MOST_TERMS + 1]) {
  int32_t terms[MOST_ROWS][MOST_TERMS + 1];
  const int32_t rows = is_poor ? 1 + (int32_t)below(r, MOST_ROWS) : MOST_ROWS;
  for (int32_t k = 0; k < rows; k++)
    for (int32_t i = 0; i <= n; i++) terms[k][i] = (int32_t)below(r, 1021) - 510;
  for (int32_t i = 0; i <= n; i++)
    for (int32_t j = 0; j <= n; j++) {
      m[i][j] = 0;
      for (int32_t k = 0; k < rows; k++) m[i][j] += terms[k][i] * terms[k][j];
      if (!is_poor && i == j) m[i][j] += 1 << 20;
    }
}

static void solve_one(Random *r, int version) {
  int32_t products[MOST_TERMS + 1][MOST_TERMS + 1];
  double m[MOST_TERMS][ONE_ROW] = {{0}};
  const int32_t n = 1 + (int32_t)below(r, MOST_TERMS);
  const double ridge = 1.0 / (1 << below(r, 12));
  draw_products(r, n, one_in(r, 2), products);
  for (int32_t i = 0; i < n; i++) {
    for (int32_t j = 0; j <= n; j++) m[i][j] = products[i][j];
    m[i][i] = m[i][i] + ridge;
  }
  prn_solve_one(version, n, m);
  for (int32_t i = 0; i < n; i++) take(bits_of(m[i][n]), 8);
}

static void solve_eight(Random *r, int version) {
  int32_t products[MOST_TERMS + 1][MOST_TERMS + 1];
  int32_t sums[MOST_TERMS * (MOST_TERMS + 1)][SYSTEMS], weights[MOST_TERMS][SYSTEMS];
  double origin[MOST_TERMS];
  const int32_t n = 1 + (int32_t)below(r, MOST_TERMS);
  for (int s = 0; s < SYSTEMS; s++) {
    draw_products(r, n, !one_in(r, 4), products);
    for (int32_t i = 0; i < n; i++)
      for (int32_t j = 0; j <= n; j++) sums[i * (n + 1) + j][s] = products[i][j];
  }
  for (int32_t i = 0; i < n; i++) origin[i] = ((int32_t)below(r, 8193) - 4096) / 4096.0;
  const System system = {
      .sums = (const int32_t(*)[SYSTEMS])sums,
      .count = n,
      .stride = n + 1,
      .ridge = 1.0 / (1 << below(r, 28))};
  prn_fit(version, &system, origin, weights);
  for (int32_t i = 0; i < n; i++)
    for (int s = 0; s < SYSTEMS; s++) take((uint32_t)weights[i][s], 4);
}

static void run(Random r, int version) {
  solve_one(&r, version);
  solve_eight(&r, version);
}

void print_solutions(void) {
  for (int number = 0; number < CASES; number++) print_versions("solve", number, run);
}
