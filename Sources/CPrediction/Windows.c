#include "State.h"
#include "WindowSums.h"

// As in Solve.c.
#pragma STDC FP_CONTRACT OFF

static const double WINDOW_RIDGE = 300, WINDOW_GLOBAL_RIDGE = 120;

void prn_choose_window_terms(prn_prediction *p) {
  for (int32_t c = 0; c < p->colours; c++) {
    WindowTerms *chosen = &p->chosen_terms[c];
    int32_t n = 0, all = 0;
    for (int32_t step = 0; step < p->colours; step++) {
      const int32_t d = step == 0 ? c : step <= c ? step - 1 : step;
      const int32_t most = step == 0 ? 6 : p->windows == 2 ? 6 : 2;
      for (int32_t k = 0; k < most; k++) {
        if (step == 0 || k < 2) chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->all[n++] = (int8_t)(all + k);
      }
      all += step == 0 ? p->own : p->other;
      if (d < c) {
        chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->here[chosen->here_count++] = (int8_t)n;
        chosen->all[n++] = (int8_t)all++;
      }
    }
    chosen->count = n;
  }
}

void prn_window_target(prn_prediction *p, int32_t t, int32_t colour, int32_t row, int16_t target) {
  terms_at(p, colour, t, p->chosen_terms[colour].count)[row] = target;
}

// The system of some of the terms, around the weights that fit the whole tile.
INLINE void fit_window(
    const WindowTerms *chosen, int few, const int16_t *global, const Sums sums, int version,
    int32_t weights[MOST_WINDOW_ENTRIES][PRN_BAND]) {
  const int32_t n = few ? chosen->few_count : chosen->count;
  double origin[MOST_WINDOW_ENTRIES];
  for (int32_t k = 0; k < n; k++) origin[k] = global[k] / 4096.0;
  System system = {
      .sums = (const int32_t(*)[SYSTEMS])sums,
      .count = n,
      .stride = MOST_WINDOW_ENTRIES,
      .ridge = WINDOW_RIDGE};
  int32_t some[MOST_WINDOW_ENTRIES * MOST_WINDOW_ENTRIES][SYSTEMS];
  if (few) {
    for (int32_t a = 0; a < n; a++) {
      for (int32_t b = a; b < n; b++)
        memcpy(some[a * (n + 1) + b], sums[chosen->few[a]][chosen->few[b]], sizeof some[0]);
      memcpy(some[a * (n + 1) + n], sums[chosen->few[a]][chosen->count], sizeof some[0]);
    }
    system.sums = (const int32_t(*)[SYSTEMS])some;
    system.stride = n + 1;
  }
  prn_fit(version, &system, origin, weights);
}

INLINE void predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  const int32_t row = band * PRN_BAND, n = chosen->count;
  Terms here;
  for (int32_t k = 0; k < n; k++) {
    int16_t *kept = terms_at(p, colour, t, k) + row;
    EACH kept[i] = here[k][i] = terms[chosen->all[k]][i];
  }
  int16_t weights[SAMPLES][PRN_BAND];
  weigh(p, t, colour, row, here, weights);
  Quad plain[QUADS], weighted[QUADS];
  arrange(p, t, colour, row, weights, plain, weighted);
  Sums sums;
  add_up(p->version, n + 1, plain, weighted, sums);
  for (int32_t k = 0; k < p->windows; k++) {
    const int few = k == 0;
    const int32_t count = few ? chosen->few_count : n;
    int32_t fitted[MOST_WINDOW_ENTRIES][PRN_BAND];
    fit_window(chosen, few, p->window_global[k][colour], sums, p->version, fitted);
    int32_t sum[PRN_BAND] = {0};
    for (int32_t a = 0; a < count; a++) {
      const int32_t term = few ? chosen->few[a] : a;
      EACH sum[i] += fitted[a][i] * here[term][i];
    }
    EACH {
      const int32_t value = (base[i] * 4096 + sum[i] + 64) >> 7;
      out[k][i] = (int16_t)clamp(value, 0, 255 * 64);
    }
  }
}

#define PARAMETERS \
  (prn_prediction * p, int32_t t, int32_t colour, int32_t band, \
   const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND], \
   int16_t *const out[2])

PRN_DEFINE_VERSIONS(
    void, predict_windows, PARAMETERS, (p, t, colour, band, terms, base, out))

void prn_predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  predict_windows_versions[p->version](
      p, t, colour, band, terms, base, out);
}

void prn_fit_window_globals(prn_prediction *p, int32_t colour) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  const GlobalFit *fit = &p->global[colour];
  const int32_t target = term_count(p, colour);
  for (int32_t k = 0; k < p->windows; k++) {
    const int few = k == 0;
    const int32_t n = few ? chosen->few_count : chosen->count;
    double m[MOST_TERMS][ONE_ROW];
    for (int32_t a = 0; a < n; a++) {
      for (int32_t b = 0; b < ONE_ROW; b++) m[a][b] = 0;
      // The terms keep their order.
      const int32_t i = chosen->all[few ? chosen->few[a] : a];
      for (int32_t b = a; b < n; b++)
        m[a][b] = (double)fit->products[i][chosen->all[few ? chosen->few[b] : b]];
      m[a][a] = m[a][a] + WINDOW_GLOBAL_RIDGE;
      m[a][n] = (double)fit->products[i][target];
    }
    prn_solve_one(p->version, n, m);
    if (!is_usable(n, m)) continue;
    for (int32_t a = 0; a < n; a++) p->window_global[k][colour][a] = rounded(m[a][n]);
  }
}
