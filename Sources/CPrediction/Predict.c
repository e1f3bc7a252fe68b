#include <string.h>

#include "Eight.h"
#include "State.h"

// (row, column) offsets in the order of distance.
static const int8_t OFFSETS[14][2] = {
    {0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2},  {-2, 0},  {-2, 1},
    {-2, -1}, {-1, 2}, {-1, -2}, {-2, 2}, {-2, -2}, {0, -3}, {-3, 0}};

// Where the cells of a band's pixels and of their neighbours begin, in the order of OFFSETS.
typedef struct {
  ptrdiff_t here, at[14];
} Cells;

INLINE void find_cells(const prn_prediction *p, int32_t t, int32_t row, Cells *cells) {
  cells->here = cell(p, t, row);
  for (int32_t k = 0; k < p->own; k++)
    cells->at[k] = cell(p, t + PRN_SHEAR * OFFSETS[k][0] + OFFSETS[k][1], row + OFFSETS[k][0]);
}

// All as differences, doubled, from the mean of W and N of their colour: within +-510. Behind them
// is the sum of W and N of the own colour.
INLINE void fill_terms(
    const prn_prediction *p, int32_t colour, const Cells *cells,
    int16_t terms[PADDED_TERMS][PRN_BAND]) {
  int16_t *to = terms[0];
  Eight base = {0};
  for (int32_t step = 0; step < p->colours; step++) {
    // Its own colour first, the others in order.
    const int32_t d = step == 0 ? colour : step <= colour ? step - 1 : step;
    const int16_t *values = ring(p, d, VALUES);
    const Eight centre = eight_at(values + cells->at[0]) + eight_at(values + cells->at[1]);
    if (step == 0) base = centre;
    const int32_t count = step == 0 ? p->own : p->other;
    for (int32_t k = 0; k < count; k++) {
      const Eight v = eight_at(values + cells->at[k]);
      store_eight(to, v + v - centre);
      to += PRN_BAND;
    }
    if (d < colour) {
      const Eight v = eight_at(values + cells->here);
      store_eight(to, v + v - centre);
      to += PRN_BAND;
    }
  }
  store_eight(to, base);
  for (int32_t k = 1; k < 4; k++) store_eight(to + k * PRN_BAND, (Eight){0});
}

INLINE void fit_prediction(
    const int16_t *weights, int32_t n, const int16_t terms[PADDED_TERMS][PRN_BAND],
    const int32_t base[PRN_BAND], int16_t *out) {
  Four low = four_at(base) * 4096 + 64, high = four_at(base + 4) * 4096 + 64;
  // What is behind the last one weighs nothing.
  for (int32_t k = 0; k < n; k += 2) {
    const Eight a = eight_at(terms[k]), b = eight_at(terms[k + 1]);
    int32_t both;
    memcpy(&both, weights + k, sizeof both);
    const Eight w = (Eight)((Four){0} + both);
    low += pair_products(low_pairs(a, b), w);
    high += pair_products(high_pairs(a, b), w);
  }
  // Within +-2^20.
  int32_t sums[PRN_BAND];
  store_four(sums, low >> 7);
  store_four(sums + 4, high >> 7);
  EACH out[i] = (int16_t)clamp(sums[i], 0, 255 * 64);
}

// The median edge detector and the plane through W, N and NW, of colour differences behind the
// first.
INLINE void fixed_predictions(
    const prn_prediction *p, int32_t colour, const Cells *cells, int16_t *median, int16_t *plane) {
  const int16_t *values = ring(p, colour, VALUES);
  Eight w = eight_at(values + cells->at[0]), n = eight_at(values + cells->at[1]);
  Eight nw = eight_at(values + cells->at[2]), here = {0};
  if (colour > 0) {
    const int16_t *before = ring(p, colour - 1, VALUES);
    w -= eight_at(before + cells->at[0]);
    n -= eight_at(before + cells->at[1]);
    nw -= eight_at(before + cells->at[2]);
    here = eight_at(before + cells->here);
  }
  const Eight zero = {0};
  Eight med = __builtin_elementwise_min(w + n - nw, __builtin_elementwise_max(w, n));
  med = __builtin_elementwise_max(med, __builtin_elementwise_min(w, n)) + here;
  med = __builtin_elementwise_max(__builtin_elementwise_min(med, zero + 255), zero);
  store_eight(median, 64 * med);
  // In quarters.
  Eight level = 3 * w + 3 * n - 2 * nw + 4 * here;
  level = __builtin_elementwise_max(__builtin_elementwise_min(level, zero + 255 * 4), zero);
  store_eight(plane, 16 * level);
}

// Mean errors of a predictor around the pixels, in 16ths, with a margin. Errors are at most 4080.
INLINE void mean_errors(
    const prn_prediction *p, int32_t colour, int32_t k, const Cells *cells, int16_t *out) {
  const int16_t *errors = ring(p, colour, ERRORS + k);
  Eight e = eight_at(errors + cells->at[0]) + eight_at(errors + cells->at[1]);
  e = e + e;
  for (int32_t j = 2; j < 6; j++) e += eight_at(errors + cells->at[j]);
  e = e >> 3;
  if (colour > 0) {
    const Eight before = eight_at(ring(p, colour - 1, ERRORS + k) + cells->here);
    e = (Eight)((EightNaturals)(12 * e + 3 * before) >> 4);
  }
  store_eight(out, e + 5);
}

// Weights fall with the fourth power of the error. Squares of errors are below 2^24, so that floats
// hold them, and their quotients come out as those of integers do: one that is none is further from
// the next integer than a float's rounding goes.
INLINE void blend(
    int32_t predictors, int16_t *const predicted[PRN_PREDICTORS],
    int16_t *const errors[PRN_PREDICTORS], int16_t *out) {
  typedef int32_t Ints __attribute__((vector_size(32)));
  typedef uint32_t Naturals __attribute__((vector_size(32)));
  typedef float Floats __attribute__((vector_size(32)));
  typedef uint64_t Longs __attribute__((vector_size(64)));
  Longs total = {0}, sum = {0};
  for (int32_t k = 0; k < predictors; k++) {
    const Floats e = __builtin_convertvector(eight_at(errors[k]), Floats);
    const Ints share = __builtin_convertvector(16777216.0f / (e * e), Ints);
    const Longs q = __builtin_convertvector((Naturals)share, Longs);
    const Longs guess =
        __builtin_convertvector((EightNaturals)eight_at(predicted[k]), Longs);
    const Longs weight = q * q + 1;
    total += weight;
    sum += weight * guess;
  }
  uint64_t totals[PRN_BAND], sums[PRN_BAND];
  memcpy(totals, &total, sizeof total);
  memcpy(sums, &sum, sizeof sum);
  EACH out[i] = (int16_t)(sums[i] / totals[i]);
}

// Cells outside of the tile are not those of pixels: only `from` ..< `to` are.
INLINE void store_some(int16_t *target, Eight x, int32_t from, int32_t to) {
  if (from == 0 && to == PRN_BAND)
    store_eight(target, x);
  else
    for (int32_t i = from; i < to; i++) target[i] = x[i];
}

// Misses and errors of the band's pixels, whose values are recorded.
INLINE void settle(prn_prediction *p, int32_t t, int32_t colour, int32_t band) {
  const int32_t row = band * PRN_BAND;
  const int32_t first = first_row(p, t), end = end_row(p, t);
  const int32_t from = first > row ? first - row : 0;
  const int32_t to = end < row + PRN_BAND ? end - row : PRN_BAND;
  const ptrdiff_t here = cell(p, t, row);
  const Eight v = eight_at(ring(p, colour, VALUES) + here);
  const Eight centre = (eight_at(ring(p, colour, BLEND) + here) + 32) >> 6;
  store_some(ring(p, colour, MISSES) + here, v - centre, from, to);
  for (int32_t k = 0; k < p->predictors; k++) {
    const Eight error = 64 * v - eight_at(ring(p, colour, PREDICTED + k) + here);
    store_some(
        ring(p, colour, ERRORS + k) + here, __builtin_elementwise_abs(error) >> 2, from, to);
  }
}

PRN_DEFINE_VERSIONS(
    void, settle, (prn_prediction * p, int32_t t, int32_t colour, int32_t band),
    (p, t, colour, band))

void prn_settle(prn_prediction *p, int32_t t, int32_t colour, int32_t band) {
  settle_versions[p->version](p, t, colour, band);
}

INLINE void predict_band(prn_prediction *p, int32_t t, int32_t colour, int32_t band) {
  if (colour > 0) settle(p, t, colour - 1, band);
  Cells cells;
  find_cells(p, t, band * PRN_BAND, &cells);
  int16_t *predicted[PRN_PREDICTORS], *local_errors[PRN_PREDICTORS];
  for (int32_t k = 0; k < p->predictors; k++) {
    predicted[k] = ring(p, colour, PREDICTED + k) + cells.here;
    local_errors[k] = ring(p, colour, LOCAL_ERRORS + k) + cells.here;
    mean_errors(p, colour, k, &cells, local_errors[k]);
  }
  int16_t terms[PADDED_TERMS][PRN_BAND];
  int32_t base[PRN_BAND];
  const int32_t n = term_count(p, colour);
  fixed_predictions(p, colour, &cells, predicted[0], predicted[1]);
  fill_terms(p, colour, &cells, terms);
  EACH base[i] = terms[n][i];
  fit_prediction(p->global[colour].weights, n, terms, base, predicted[2]);
  for (int k = 0; k < p->locals; k++)
    fit_prediction(
        p->local_weights[k] + (size_t)(colour * p->bands + band) * MOST_ENTRIES, n, terms, base,
        predicted[3 + k]);
  if (p->windows > 0)
    prn_predict_windows(p, t, colour, band, terms, base, predicted + 3 + p->locals);
  blend(p->predictors, predicted, local_errors, ring(p, colour, BLEND) + cells.here);
  // For the fits; the targets follow with the values.
  int16_t(*pairs)[MOST_ENTRIES][2] =
      p->periods[colour * p->bands + band].terms + t % PERIOD * (PRN_BAND / 2);
  for (int32_t k = 0; k <= n; k += 4) {
    Four x[4];
    for (int32_t i = 0; i < 4; i++) x[i] = (Four)eight_at(terms[k + i]);
    transpose(x);
    for (int32_t i = 0; i < 4; i++) store_four(pairs[i][k], x[i]);
  }
}

PRN_DEFINE_VERSIONS(
    void, predict_band, (prn_prediction * p, int32_t t, int32_t colour, int32_t band),
    (p, t, colour, band))

void prn_prediction_predict(prn_prediction *p, int32_t t, int32_t colour, int32_t band) {
  predict_band_versions[p->version](p, t, colour, band);
}

// log2(x) with 8 fraction bits, between powers of two a straight line.
INLINE int32_t logarithm(uint32_t x) {
  const int32_t n = 31 - __builtin_clz(x);
  return 256 * n + (int32_t)((x << 8) >> n) - 256;
}

void prn_prediction_inputs(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, int32_t count,
    int16_t *inputs, ptrdiff_t stride) {
  const ptrdiff_t first = cell(p, t, row);
  const int16_t *blended = ring(p, colour, BLEND) + first;
  for (int32_t i = 0; i < count; i++) {
    int16_t *out = inputs + i * stride;
    const int32_t b = blended[i];
    *out++ = (int16_t)((b >> 2) - 2048);
    *out++ = (int16_t)((b - 64 * ((b + 32) >> 6)) * 32);
    for (int32_t k = 0; k < p->predictors; k++)
      *out++ = (int16_t)clamp(ring(p, colour, PREDICTED + k)[first + i] - b, -2047, 2047);
    for (int32_t k = 0; k < p->predictors; k++)
      *out++ = (int16_t)(logarithm((uint32_t)ring(p, colour, LOCAL_ERRORS + k)[first + i]) - 1536);
  }
}
