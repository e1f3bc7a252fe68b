// Fits to what lies around a pixel and looks like it: weighted sums of products over a window of
// earlier pixels, anew for each value.
#include "State.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// As in Solve.c.
#pragma STDC FP_CONTRACT OFF

static const double WINDOW_RIDGE = 300, WINDOW_GLOBAL_RIDGE = 120;

// Pairs of samples: (row, column) offsets of the first and of the second. Those of neighbours are
// the first ones. Samples in the rows above end where the code order does.
#define SAMPLE_PAIRS 19
#define NEIGHBOUR_PAIRS 16
static const int8_t WINDOW[SAMPLE_PAIRS][4] = {
    {0, -1, 0, -2},   {0, -3, 0, -4},   {-1, 3, -1, 2},   {-1, 1, -1, 0},   {-1, -1, -1, -2},
    {-1, -3, -1, -4}, {-2, 4, -2, 3},   {-2, 2, -2, 1},   {-2, 0, -2, -1},  {-2, -2, -2, -3},
    {-3, 3, -3, 2},   {-3, 1, -3, 0},   {-3, -1, -3, -2}, {-4, 2, -4, 1},   {-4, 0, -4, -1},
    {-5, 1, -5, 0},   {0, -5, -1, -5},  {-2, -4, -3, -3}, {-4, -2, -5, -1}};

// round(1024 * 0.7^distance) of them, distance = rows + columns.
static const int16_t PAIR_NEARNESS[SAMPLE_PAIRS][2] = {
    {717, 502}, {351, 246}, {246, 351}, {502, 717}, {502, 351}, {246, 172}, {120, 172},
    {246, 351}, {502, 351}, {246, 172}, {120, 172}, {246, 351}, {246, 172}, {120, 172},
    {246, 172}, {120, 172}, {172, 120}, {120, 120}, {120, 120}};

// Sums of products: [term][term][system], the upper triangle.
typedef int32_t Sums[MOST_WINDOW_ENTRIES][MOST_WINDOW_ENTRIES][PRN_BAND];
// Sums of a row that are added up at the same time: one register for each.
#define SUM_BLOCK 12

void prn_choose_window_terms(prn_prediction *p) {
  for (int32_t c = 0; c < p->colours; c++) {
    WindowTerms *chosen = &p->chosen_terms[c];
    int32_t n = 0, all = 0, kept = 0;
    for (int32_t step = 0; step < p->colours; step++) {
      const int32_t d = step == 0 ? c : step <= c ? step - 1 : step;
      const int32_t most = step == 0 ? 6 : p->windows == 2 ? 6 : 2;
      for (int32_t k = 0; k < most; k++) {
        if (k == 1) {
          chosen->opposites.at[step] = (int8_t)n;
        } else {
          chosen->place[kept] = (int8_t)n;
          chosen->kept[kept++] = (int8_t)(all + k);
        }
        if (step == 0 || k < 2) chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->all[n++] = (int8_t)(all + k);
      }
      all += step == 0 ? p->own : p->other;
      if (d < c) {
        chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->here[chosen->here_count++] = (int8_t)kept;
        chosen->place[kept] = (int8_t)n;
        chosen->kept[kept++] = (int8_t)all;
        chosen->all[n++] = (int8_t)all++;
      }
    }
    chosen->count = n;
    chosen->place[kept] = (int8_t)n;
    chosen->kept_count = kept;
    chosen->opposites.count = p->colours;
  }
}

void prn_window_target(prn_prediction *p, int32_t t, int32_t colour, int32_t row, int16_t target) {
  const int32_t entry = p->chosen_terms[colour].kept_count;
  terms_at(p, colour, t, entry)[2 * row] = target;
  terms_at(p, colour, t + 1, entry)[2 * row + 1] = target;
}

// The sums of the terms that are not kept.
INLINE void complete(const WindowTerms *chosen, Sums sums) {
  for (int32_t i = 0; i < chosen->opposites.count; i++) {
    const int32_t d = chosen->opposites.at[i];
    for (int32_t k = 0; chosen->place[k] < d; k++) {
      const int32_t a = chosen->place[k];
      EACH sums[a][d][i] = -sums[a][d - 1][i];
    }
  }
  for (int32_t i = 0; i < chosen->opposites.count; i++) {
    const int32_t d = chosen->opposites.at[i];
    for (int32_t b = d; b <= chosen->count; b++) EACH sums[d][b][i] = -sums[d - 1][b][i];
  }
}

// The system of some of the terms, around the weights that fit the whole tile.
INLINE void fit_window(
    const prn_prediction *p, int32_t colour, int32_t window, const Sums sums,
    int32_t weights[MOST_WINDOW_ENTRIES][PRN_BAND]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  System system = {
      .sums = sums[0],
      .count = chosen->count,
      .stride = MOST_WINDOW_ENTRIES,
      .ridge = WINDOW_RIDGE};
  int32_t some[MOST_FEW * (MOST_FEW + 1)][SYSTEMS];
  if (window == 0 && chosen->few_count < chosen->count) {
    const int32_t n = chosen->few_count;
    for (int32_t a = 0; a < n; a++) {
      const int32_t (*row)[PRN_BAND] = sums[chosen->few[a]];
      for (int32_t b = a; b < n; b++) EACH some[a * (n + 1) + b][i] = row[chosen->few[b]][i];
      EACH some[a * (n + 1) + n][i] = row[chosen->count][i];
    }
    system.sums = (const int32_t(*)[SYSTEMS])some;
    system.count = n;
    system.stride = n + 1;
  }
  prn_fit(p->version, &system, p->window_origins[window][colour], weights);
}

#define VERSION 0
#include "WindowSums.h"
#include "WindowPredict.h"
#undef VERSION
#if defined(__x86_64__)
#define VERSION 1
#include "WindowSums.h"
#include "WindowPredict.h"
#undef VERSION
#define VERSION 2
#include "WindowSums.h"
#include "WindowPredict.h"
#undef VERSION
#endif

void prn_predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[PADDED_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  static void (*const versions[PRN_VERSIONS])(
      const prn_prediction *, int32_t, int32_t, int32_t, const int16_t(*)[PRN_BAND],
      const int32_t *, int16_t *const *) = PRN_ALL_VERSIONS(predict_windows);
  versions[p->version](p, t, colour, band, terms, base, out);
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
    for (int32_t a = 0; a < n; a++)
      p->window_origins[k][colour][a] = rounded(m[a][n]) / 4096.0;
  }
}
