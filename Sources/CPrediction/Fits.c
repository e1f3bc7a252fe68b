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

// Whether a band's fits are solved together, or else those of SYSTEMS bands: the pixels of narrow
// and of low tiles are in one band or two.
static int are_few(int32_t first, int32_t end) { return end - first <= 2; }

int32_t prn_prediction_fits(const prn_prediction *p, int32_t t) {
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  if (end <= first) return 0;
  if (are_few(first, end)) return end - first;
  return p->locals * p->colours * ((end - first + SYSTEMS - 1) / SYSTEMS);
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
  const int has_pixels = row < end && row + PRN_BAND > first;
  if (has_pixels) prn_settle(p, t, p->colours - 1, band);
  for (int32_t c = 0; c < p->colours; c++) {
    const int32_t n = term_count(p, c);
    Period *period = &p->periods[c * p->bands + band];
    const int16_t *v = ring(p, c, VALUES) + cell(p, t, row);
    if (!has_pixels)
      memset(period->terms[start / 2], 0, PRN_BAND / 2 * sizeof *period->terms);
    for (int32_t i = 0; i < PRN_BAND && has_pixels; i++) {
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

static int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

static double local_ridge(int32_t k) { return LOCAL_RIDGES[k] * (1 << (7 - DECAYS[k])); }

static void keep_weights(
    prn_prediction *p, int32_t c, int32_t k, int32_t band, int32_t (*fitted)[SYSTEMS],
    int32_t system) {
  int16_t *weights = p->local_weights[k] + (size_t)(c * p->bands + band) * MOST_ENTRIES;
  const int32_t n = term_count(p, c);
  for (int32_t i = 0; i < n; i++) weights[i] = (int16_t)fitted[i][system];
}

// All local fits of one band, which differ in their colours and memories. Colours with fewer terms
// get further ones that are 0, and nothing else comes of it.
static void fit_band(prn_prediction *p, int32_t band) {
  const int32_t kinds = p->locals * p->colours, most = term_count(p, p->colours - 1);
  const Products *local[SYSTEMS], *above[SYSTEMS];
  int32_t sums[MOST_TERMS * LOCAL_STRIDE][SYSTEMS];
  double origins[MOST_TERMS][SYSTEMS], ridges[SYSTEMS];
  for (int32_t system = 0; system < SYSTEMS; system++) {
    const int32_t kind = smaller(system, kinds - 1), c = kind % p->colours, k = kind / p->colours;
    local[system] = &p->local[k][c * p->bands + band];
    above[system] = band == 0 ? local[system] : local[system] - 1;
    ridges[system] = local_ridge(k);
    const int32_t n = term_count(p, c);
    for (int32_t i = 0; i < most; i++)
      origins[i][system] = i < n ? p->global[c].weights[i] / 4096.0 : 0;
  }
  for (int32_t system = 0; system < SYSTEMS; system += 4)
    fill_systems(local + system, above + system, most, system, sums);
  for (int32_t system = 0; system < SYSTEMS; system++) {
    const int32_t n = term_count(p, smaller(system, kinds - 1) % p->colours);
    if (n == most) continue;
    for (int32_t i = 0; i < n; i++) {
      const int32_t target = sums[i * LOCAL_STRIDE + n][system];
      for (int32_t j = n; j < most; j++) sums[i * LOCAL_STRIDE + j][system] = 0;
      sums[i * LOCAL_STRIDE + most][system] = target;
    }
    for (int32_t i = n; i < most; i++)
      for (int32_t j = i; j <= most; j++) sums[i * LOCAL_STRIDE + j][system] = 0;
  }
  const System system = {
      .sums = (const int32_t(*)[SYSTEMS])sums, .count = most, .stride = LOCAL_STRIDE,
      .origins = origins, .ridges = ridges};
  int32_t fitted[MOST_TERMS][SYSTEMS];
  prn_fit(p->version, &system, NULL, fitted);
  for (int32_t kind = 0; kind < kinds; kind++)
    keep_weights(p, kind % p->colours, kind / p->colours, band, fitted, kind);
}

void prn_prediction_fit(prn_prediction *p, int32_t t, int32_t item) {
  int32_t begin, end;
  prn_prediction_active(p, t, &begin, &end);
  if (are_few(begin, end)) {
    fit_band(p, begin + item);
    return;
  }
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
      .ridge = local_ridge(k)};
  int32_t fitted[MOST_TERMS][SYSTEMS];
  prn_fit(p->version, &system, origin, fitted);
  for (int32_t band = first; band < first + SYSTEMS && band < end; band++)
    keep_weights(p, c, k, band, fitted, band - first);
}

void prn_prediction_end(prn_prediction *p, int32_t t) {
  int32_t first, end;
  prn_prediction_active(p, t, &first, &end);
  for (int32_t b = first; b < end; b++) prn_prediction_learn(p, t, b);
  if (!prn_prediction_is_due(t)) return;
  for (int32_t c = 0; c < p->colours; c++) prn_prediction_sum(p, t, c);
  for (int32_t i = 0; i < prn_prediction_fits(p, t); i++) prn_prediction_fit(p, t, i);
}
