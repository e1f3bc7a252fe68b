#include <string.h>

#include "State.h"

// (row, column) offsets in the order of distance.
static const int8_t OFFSETS[14][2] = {
    {0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2},  {-2, 0},  {-2, 1},
    {-2, -1}, {-1, 2}, {-1, -2}, {-2, 2}, {-2, -2}, {0, -3}, {-3, 0}};

// Neighbours of the band's pixels: consecutive cells.
INLINE const int16_t *neighbours(
    const prn_prediction *p, int32_t colour, int32_t plane, int32_t t, int32_t row, int32_t dr,
    int32_t dc) {
  return ring(p, colour, plane) + cell(p, t + PRN_SHEAR * dr + dc, row + dr);
}

// All as differences, doubled, from the mean of W and N of their colour: within +-510.
INLINE void fill_terms(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row,
    int16_t terms[MOST_TERMS][PRN_BAND], int32_t base[PRN_BAND]) {
  int32_t n = 0;
  for (int32_t step = 0; step < p->colours; step++) {
    // Its own colour first, the others in order.
    const int32_t d = step == 0 ? colour : step <= colour ? step - 1 : step;
    const int16_t *w = neighbours(p, d, VALUES, t, row, 0, -1);
    const int16_t *above = neighbours(p, d, VALUES, t, row, -1, 0);
    int16_t centre[PRN_BAND];
    EACH centre[i] = (int16_t)(w[i] + above[i]);
    if (d == colour) EACH base[i] = centre[i];
    const int32_t count = d == colour ? p->own : p->other;
    for (int32_t k = 0; k < count; k++) {
      const int16_t *v = neighbours(p, d, VALUES, t, row, OFFSETS[k][0], OFFSETS[k][1]);
      EACH terms[n][i] = (int16_t)(2 * v[i] - centre[i]);
      n++;
    }
    if (d < colour) {
      const int16_t *v = neighbours(p, d, VALUES, t, row, 0, 0);
      EACH terms[n][i] = (int16_t)(2 * v[i] - centre[i]);
      n++;
    }
  }
}

INLINE void fit_prediction(
    const int16_t *weights, int32_t n, const int16_t terms[MOST_TERMS][PRN_BAND],
    const int32_t base[PRN_BAND], int16_t *out) {
  int32_t sum[PRN_BAND] = {0};
  for (int32_t k = 0; k < n; k++) EACH sum[i] += (int32_t)weights[k] * terms[k][i];
  EACH {
    const int32_t value = ((base[i] * 4096 + sum[i]) + 64) >> 7;
    out[i] = (int16_t)(value < 0 ? 0 : value > 255 * 64 ? 255 * 64 : value);
  }
}

// The median edge detector and the plane through W, N and NW, of colour differences behind the
// first.
INLINE void fixed_predictions(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, int16_t *median,
    int16_t *plane) {
  int32_t w[PRN_BAND], n[PRN_BAND], nw[PRN_BAND], here[PRN_BAND];
  const int16_t *v[3] = {
      neighbours(p, colour, VALUES, t, row, 0, -1), neighbours(p, colour, VALUES, t, row, -1, 0),
      neighbours(p, colour, VALUES, t, row, -1, -1)};
  EACH w[i] = v[0][i], n[i] = v[1][i], nw[i] = v[2][i], here[i] = 0;
  if (colour > 0) {
    const int32_t d = colour - 1;
    const int16_t *u[4] = {
        neighbours(p, d, VALUES, t, row, 0, -1), neighbours(p, d, VALUES, t, row, -1, 0),
        neighbours(p, d, VALUES, t, row, -1, -1), neighbours(p, d, VALUES, t, row, 0, 0)};
    EACH w[i] -= u[0][i], n[i] -= u[1][i], nw[i] -= u[2][i], here[i] = u[3][i];
  }
  EACH {
    const int32_t low = w[i] < n[i] ? w[i] : n[i], high = w[i] < n[i] ? n[i] : w[i];
    const int32_t med = nw[i] >= high ? low : nw[i] <= low ? high : w[i] + n[i] - nw[i];
    median[i] = (int16_t)(64 * clamp(med + here[i], 0, 255));
    plane[i] =
        (int16_t)clamp(16 * (3 * w[i] + 3 * n[i] - 2 * nw[i]) + 64 * here[i], 0, 255 * 64);
  }
}

// Mean errors of a predictor around the pixels, in 16ths, with a margin.
INLINE void mean_errors(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t k, int32_t row, int16_t *out) {
  const int16_t *e[6];
  static const int8_t taps[6][2] = {{0, -1}, {-1, 0}, {-1, -1}, {-1, 1}, {0, -2}, {-2, 0}};
  for (int j = 0; j < 6; j++)
    e[j] = neighbours(p, colour, ERRORS + k, t, row, taps[j][0], taps[j][1]);
  int32_t error[PRN_BAND];
  EACH error[i] = (2 * (e[0][i] + e[1][i]) + e[2][i] + e[3][i] + e[4][i] + e[5][i]) >> 3;
  if (colour > 0) {
    const int16_t *before = neighbours(p, colour - 1, ERRORS + k, t, row, 0, 0);
    EACH error[i] = (12 * error[i] + 3 * before[i]) >> 4;
  }
  EACH out[i] = (int16_t)(error[i] + 5);
}

// Weights fall with the fourth power of the error.
INLINE void blend(
    const uint32_t *shares, int32_t predictors, int16_t *const predicted[PRN_PREDICTORS],
    int16_t *const errors[PRN_PREDICTORS], int16_t *out) {
  EACH {
    uint64_t total = 0, sum = 0;
    for (int32_t k = 0; k < predictors; k++) {
      const uint64_t q = shares[errors[k][i]];
      const uint64_t weight = q * q + 1;
      total += weight;
      sum += weight * (uint64_t)predicted[k][i];
    }
    out[i] = (int16_t)(sum / total);
  }
}

// Misses and errors of the band's pixels, whose values are recorded.
INLINE void settle(prn_prediction *p, int32_t t, int32_t colour, int32_t band) {
  const int32_t row = band * PRN_BAND;
  const int32_t first = first_row(p, t), end = end_row(p, t);
  // Cells outside of the tile are not those of pixels.
  const int32_t from = first > row ? first - row : 0;
  const int32_t to = end < row + PRN_BAND ? end - row : PRN_BAND;
  const ptrdiff_t here = cell(p, t, row);
  const int16_t *v = ring(p, colour, VALUES) + here;
  const int16_t *blended = ring(p, colour, BLEND) + here;
  int16_t *misses = ring(p, colour, MISSES) + here;
  for (int32_t i = from; i < to; i++)
    misses[i] = (int16_t)(v[i] - ((blended[i] + 32) >> 6));
  for (int32_t k = 0; k < p->predictors; k++) {
    int16_t *errors = ring(p, colour, ERRORS + k) + here;
    const int16_t *predicted = ring(p, colour, PREDICTED + k) + here;
    for (int32_t i = from; i < to; i++) {
      const int32_t error = 64 * v[i] - predicted[i];
      errors[i] = (int16_t)((error < 0 ? -error : error) >> 2);
    }
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
  const int32_t row = band * PRN_BAND;
  const ptrdiff_t first = cell(p, t, row);
  int16_t *predicted[PRN_PREDICTORS], *local_errors[PRN_PREDICTORS];
  for (int32_t k = 0; k < p->predictors; k++) {
    predicted[k] = ring(p, colour, PREDICTED + k) + first;
    local_errors[k] = ring(p, colour, LOCAL_ERRORS + k) + first;
    mean_errors(p, t, colour, k, row, local_errors[k]);
  }
  int16_t terms[MOST_TERMS][PRN_BAND];
  int32_t base[PRN_BAND];
  const int32_t n = term_count(p, colour);
  fixed_predictions(p, t, colour, row, predicted[0], predicted[1]);
  fill_terms(p, t, colour, row, terms, base);
  fit_prediction(p->global[colour].weights, n, terms, base, predicted[2]);
  for (int k = 0; k < p->locals; k++)
    fit_prediction(
        p->local_weights[k] + (size_t)(colour * p->bands + band) * MOST_ENTRIES, n, terms, base,
        predicted[3 + k]);
  if (p->windows > 0)
    prn_predict_windows(p, t, colour, band, terms, base, predicted + 3 + p->locals);
  blend(p->shares, p->predictors, predicted, local_errors, ring(p, colour, BLEND) + first);
  // For the fits; the targets follow with the values.
  Period *period = &p->periods[colour * p->bands + band];
  const int32_t start = t % PERIOD * PRN_BAND;
  for (int32_t k = 0; k < n; k++)
    EACH period->terms[(start + i) / 2][k][i & 1] = terms[k][i];
  EACH period->terms[(start + i) / 2][n][i & 1] = (int16_t)base[i];
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
