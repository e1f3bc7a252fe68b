#include <string.h>

#include "Eight.h"
#include "State.h"

// As in Solve.c.
#pragma STDC FP_CONTRACT OFF

// How fast the local sums forget, in powers of two: in periods.
static const int32_t DECAYS[MOST_LOCALS] = {2, 4};
// Pulls the weights towards 0, or the local ones towards the global ones, where there is little to
// learn from.
static const double LOCAL_RIDGES[MOST_LOCALS] = {1000, 300}, GLOBAL_RIDGE = 120;

// Columns of a row of a local fit's system: the terms and the target, rounded up.
#define LOCAL_STRIDE 36

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
  double m[MOST_TERMS][ONE_ROW];
  for (int32_t i = 0; i < n; i++) {
    // What is to the left and to the right of them does not matter.
    for (int32_t j = 0; j < ONE_ROW; j++) m[i][j] = (double)fit->products[i][j];
    m[i][i] = m[i][i] + GLOBAL_RIDGE;
  }
  prn_solve_one(p->version, n, m);
  if (!is_usable(n, m)) return;
  for (int32_t i = 0; i < n; i++) fit->weights[i] = rounded(m[i][n]);
}

// Four columns at a time; the first ones of a row may lie below the diagonal.
INLINE void add_to(GlobalFit *fit, const Products *added, int32_t n) {
  typedef int64_t Longs __attribute__((vector_size(32)));
  for (int32_t i = 0; i <= n; i++)
    for (int32_t j = i & ~3; j <= n; j += 4) {
      Longs sum;
      memcpy(&sum, &fit->products[i][j], sizeof sum);
      sum += __builtin_convertvector(four_at(&added->products[i][j]), Longs);
      memcpy(&fit->products[i][j], &sum, sizeof sum);
    }
}

PRN_DEFINE_VERSIONS(
    void, add_to, (GlobalFit * fit, const Products *added, int32_t n), (fit, added, n))

void prn_prediction_sum(prn_prediction *p, int32_t t, int32_t colour) {
  GlobalFit *fit = &p->global[colour];
  const int32_t n = term_count(p, colour);
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  for (int32_t b = first; b < end; b++)
    add_to_versions[p->version](fit, &p->added[colour * p->bands + b], n);
  fit_global(p, colour);
  prn_fit_window_globals(p, colour);
}

// Bands' sums and half of those of the bands above, as they are remembered; their unit is
// 2^(decay - 7). Four systems from `system` on, four columns at a time; the first columns of a row
// may lie below the diagonal.
static void fill_systems(
    const Products *const local[4], const Products *const above[4], int32_t n, int32_t system,
    int32_t (*sums)[SYSTEMS]) {
  for (int32_t i = 0; i < n; i++)
    for (int32_t j = i & ~3; j <= n; j += 4) {
      Four x[4];
      for (int k = 0; k < 4; k++)
        x[k] = four_at(&local[k]->products[i][j]) + (four_at(&above[k]->products[i][j]) >> 1);
      transpose(x);
      for (int k = 0; k < 4; k++) store_four(&sums[i * LOCAL_STRIDE + j + k][system], x[k]);
    }
}

// The period's products, into the local fits' sums.
static void add_period(prn_prediction *p, int32_t colour, int32_t band) {
  const int32_t n = term_count(p, colour);
  const size_t index = (size_t)(colour * p->bands + band);
  Products *added = &p->added[index];
  prn_sum_products(p->version, &p->periods[index], n + 1, added);
  for (int k = 0; k < p->locals; k++) {
    Products *local = &p->local[k][index];
    const int32_t decay = DECAYS[k], gain = 7 - decay;
    for (int32_t i = 0; i <= n; i++)
      for (int32_t j = i & ~3; j <= n; j += 4) {
        const Four x = four_at(&local->products[i][j]);
        const Four more = (Four)((FourNaturals)four_at(&added->products[i][j]) << gain);
        store_four(&local->products[i][j], x + more - (x >> decay));
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
  const int16_t *global = p->global[c].weights;
  int32_t sums[MOST_TERMS * LOCAL_STRIDE][SYSTEMS];
  for (int32_t system = 0; system < SYSTEMS; system += 4) {
    const Products *local[4], *above[4];
    for (int32_t i = 0; i < 4; i++) {
      // The last batch may be filled up with the last band.
      const int32_t band = first + system + i < end ? first + system + i : end - 1;
      local[i] = &p->local[k][c * p->bands + band];
      above[i] = band == 0 ? local[i] : local[i] - 1;
    }
    fill_systems(local, above, n, system, sums);
  }
  // Towards the global fit: its weights are the origin.
  double origin[MOST_TERMS];
  for (int32_t i = 0; i < n; i++) origin[i] = global[i] / 4096.0;
  const System system = {
      .sums = (const int32_t(*)[SYSTEMS])sums,
      .count = n,
      .stride = LOCAL_STRIDE,
      .ridge = LOCAL_RIDGES[k] * (1 << (7 - DECAYS[k]))};
  int32_t fitted[MOST_TERMS][SYSTEMS];
  prn_fit(p->version, &system, origin, fitted);
  for (int32_t band = first; band < first + SYSTEMS && band < end; band++) {
    int16_t *weights = p->local_weights[k] + (size_t)(c * p->bands + band) * MOST_ENTRIES;
    for (int32_t i = 0; i < n; i++) weights[i] = (int16_t)fitted[i][band - first];
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
