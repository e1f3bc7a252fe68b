#include <string.h>

#include "State.h"

// As in Solve.c.
#pragma STDC FP_CONTRACT OFF

// How fast the local sums forget, in powers of two: in periods.
static const int32_t DECAYS[MOST_LOCALS] = {2, 4};
// Pulls the weights towards 0, or the local ones towards the global ones, where there is little to
// learn from.
static const double LOCAL_RIDGES[MOST_LOCALS] = {1000, 300}, GLOBAL_RIDGE = 120;

int prn_prediction_is_due(int32_t t) { return t % PERIOD == PERIOD - 1; }

void prn_prediction_active(const prn_prediction *p, int32_t t, int32_t *first, int32_t *end) {
  const int32_t start = t - t % PERIOD;
  *first = first_row(p, start) / PRN_BAND;
  *end = (end_row(p, start + PERIOD - 1) + PRN_BAND - 1) / PRN_BAND;
}

static int32_t batches(const prn_prediction *p, int32_t t) {
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  return end > first ? (end - first + SYSTEMS - 1) / SYSTEMS : 0;
}

int32_t prn_prediction_fits(const prn_prediction *p, int32_t t) {
  return p->locals * p->colours * batches(p, t);
}

static void fit_global(prn_prediction *p, int32_t colour) {
  GlobalFit *fit = &p->global[colour];
  const int32_t n = term_count(p, colour);
  double m[MOST_TERMS * MOST_TERMS][SYSTEMS];
  double y[MOST_TERMS][SYSTEMS];
  memset(y, 0, sizeof y);
  for (int32_t i = 0; i < n; i++) {
    for (int32_t j = i; j < n; j++)
      for (int32_t system = 0; system < SYSTEMS; system++)
        m[i * n + j][system] = (double)fit->products[i][j];
    for (int32_t system = 0; system < SYSTEMS; system++) {
      m[i * n + i][system] = m[i * n + i][system] + GLOBAL_RIDGE;
      y[i][system] = (double)fit->products[i][n];
    }
  }
  prn_solve(p->version, n, m, y);
  if (!is_usable(n, y, 0)) return;
  for (int32_t i = 0; i < n; i++) fit->weights[i] = rounded(y[i][0]);
}

void prn_prediction_sum(prn_prediction *p, int32_t t, int32_t colour) {
  GlobalFit *fit = &p->global[colour];
  const int32_t n = term_count(p, colour);
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  for (int32_t b = first; b < end; b++) {
    const Products *added = &p->added[colour * p->bands + b];
    for (int32_t i = 0; i <= n; i++)
      for (int32_t j = i; j <= n; j++) fit->products[i][j] += added->products[i][j];
  }
  fit_global(p, colour);
  prn_fit_window_globals(p, colour);
}

// A band's sums and half of those of the band above, as they are remembered; their unit is 2^(decay
// - 7).
static void fill_system(
    const Products *local, int32_t n, int is_first, int32_t system,
    double (*m)[SYSTEMS], double (*y)[SYSTEMS]) {
  const Products *above = is_first ? local : local - 1;
  for (int32_t i = 0; i < n; i++) {
    for (int32_t j = i; j < n; j++)
      m[i * n + j][system] =
          (double)((int64_t)local->products[i][j] + (above->products[i][j] >> 1));
    y[i][system] = (double)((int64_t)local->products[i][n] + (above->products[i][n] >> 1));
  }
}

// The period's products, into the local fits' sums.
static void add_period(prn_prediction *p, int32_t colour, int32_t band) {
  const int32_t n = term_count(p, colour);
  const size_t index = (size_t)(colour * p->bands + band);
  Products *added = &p->added[index];
  memset(added, 0, sizeof *added);
  prn_add_products(p->version, &p->periods[index], n + 1, added);
  for (int k = 0; k < p->locals; k++) {
    Products *local = &p->local[k][index];
    const int32_t decay = DECAYS[k], gain = 1 << (7 - decay);
    for (int32_t i = 0; i <= n; i++)
      for (int32_t j = i; j <= n; j++) {
        const int32_t x = local->products[i][j];
        local->products[i][j] = x + added->products[i][j] * gain - (x >> decay);
      }
  }
}

void prn_prediction_learn(prn_prediction *p, int32_t t, int32_t band) {
  const int32_t row = band * PRN_BAND;
  const int32_t first = first_row(p, t), end = end_row(p, t);
  const int32_t start = t % PERIOD * PRN_BAND;
  prn_settle(p, t, p->colours - 1, band);
  for (int32_t c = 0; c < p->colours; c++) {
    const int32_t n = term_count(p, c);
    Period *period = &p->periods[c * p->bands + band];
    const int16_t *v = ring(p, c, VALUES) + cell(p, t, row);
    for (int32_t i = 0; i < PRN_BAND; i++) {
      int16_t(*terms)[2] = period->terms[(start + i) / 2];
      // The base is there; the target takes its place.
      if (row + i >= first && row + i < end) {
        terms[n][i & 1] = (int16_t)(2 * v[i] - terms[n][i & 1]);
        if (p->windows > 0) prn_window_target(p, t, c, row + i, terms[n][i & 1]);
      } else
        for (int32_t k = 0; k <= n; k++) terms[k][i & 1] = 0;
    }
    if (prn_prediction_is_due(t)) add_period(p, c, band);
  }
}

void prn_prediction_fit(prn_prediction *p, int32_t t, int32_t item) {
  int32_t begin, end;
  prn_prediction_active(p, t, &begin, &end);
  const int32_t kind = item % (p->locals * p->colours);
  const int32_t first = begin + item / (p->locals * p->colours) * SYSTEMS;
  const int32_t c = kind % p->colours, k = kind / p->colours;
  const int32_t n = term_count(p, c);
  const GlobalFit *global = &p->global[c];
  double m[MOST_TERMS * MOST_TERMS][SYSTEMS];
  double y[MOST_TERMS][SYSTEMS];
  for (int32_t system = 0; system < SYSTEMS; system++) {
    // The last batch may be filled up with the last band.
    const int32_t band = first + system < end ? first + system : end - 1;
    fill_system(&p->local[k][c * p->bands + band], n, band == 0, system, m, y);
  }
  // Towards the global fit: its weights are the origin.
  for (int32_t i = 0; i < n; i++)
    for (int32_t j = 0; j < n; j++) {
      const double w = global->weights[j] / 4096.0;
      const int32_t entry = i <= j ? i * n + j : j * n + i;
      for (int32_t system = 0; system < SYSTEMS; system++)
        y[i][system] = y[i][system] - m[entry][system] * w;
    }
  const double ridge = LOCAL_RIDGES[k] * (1 << (7 - DECAYS[k]));
  for (int32_t i = 0; i < n; i++)
    for (int32_t system = 0; system < SYSTEMS; system++)
      m[i * n + i][system] = m[i * n + i][system] + ridge;
  prn_solve(p->version, n, m, y);
  for (int32_t system = 0; system < SYSTEMS && first + system < end; system++) {
    int16_t *weights =
        p->local_weights[k] + (size_t)(c * p->bands + first + system) * MOST_ENTRIES;
    const int usable = is_usable(n, y, system);
    for (int32_t i = 0; i < n; i++)
      weights[i] =
          usable ? rounded(global->weights[i] / 4096.0 + y[i][system]) : global->weights[i];
  }
}

void prn_prediction_end(prn_prediction *p, int32_t t) {
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  for (int32_t b = first; b < end; b++) prn_prediction_learn(p, t, b);
  if (!prn_prediction_is_due(t)) return;
  for (int32_t c = 0; c < p->colours; c++) prn_prediction_sum(p, t, c);
  for (int32_t i = 0; i < prn_prediction_fits(p, t); i++) prn_prediction_fit(p, t, i);
}
