#include "State.h"

// (row, column) offsets in the order of distance.
static const int8_t OFFSETS[16][2] = {
    {0, -1},  {-1, 0}, {-1, -1}, {-1, 1}, {0, -2},  {-2, 0},  {-2, 1}, {-2, -1},
    {-1, 2}, {-1, -2}, {-2, 2}, {-2, -2}, {0, -3}, {-3, 0}, {-1, 3}, {-3, 1}};

int32_t prn_neighbour(const prn_mixing *m, int32_t colour, int32_t dr, int32_t dc) {
  const uint8_t *plane = m->planes[colour];
  int32_t row = m->row + dr;
  int32_t column = m->column + dc;
  if (row < 0) {
    if (m->row == 0) {
      if (m->column == 0) return 128;
      return plane[clamp(column, 0, m->column - 1)];
    }
    row = 0;
  }
  if (column < 0) {
    if (row == m->row) {
      if (row == 0) return 128;
      row--;
    }
    column = 0;
  }
  if (column >= m->columns) column = m->columns - 1;
  return plane[pixel_index(m, row, column)];
}

// All as differences, doubled, from the mean of W and N of their colour: within +-510.
static void fill_features(prn_mixing *m) {
  const int32_t c = m->colour;
  int32_t n = 0;
  m->base = prn_neighbour(m, c, 0, -1) + prn_neighbour(m, c, -1, 0);
  for (int32_t k = 0; k < m->level.own_neighbours; k++)
    m->features[n++] = 2 * prn_neighbour(m, c, OFFSETS[k][0], OFFSETS[k][1]) - m->base;
  for (int32_t other = 0; other < 3; other++) {
    if (other == c) continue;
    const int32_t base = prn_neighbour(m, other, 0, -1) + prn_neighbour(m, other, -1, 0);
    for (int32_t k = 0; k < m->level.other_neighbours; k++)
      m->features[n++] = 2 * prn_neighbour(m, other, OFFSETS[k][0], OFFSETS[k][1]) - base;
    if (other < c)
      m->features[n++] = 2 * m->planes[other][pixel_index(m, m->row, m->column)] - base;
  }
}

// The mean error of predictor k around here, in 16ths, with a margin.
static int32_t local_error(const prn_mixing *m, int32_t k) {
  const size_t plane = (size_t)m->rows * (size_t)m->columns;
  const uint16_t *errors = m->errors + ((size_t)k * 3 + (size_t)m->colour) * plane;
  const size_t here = pixel_index(m, m->row, m->column);
  const size_t width = (size_t)m->columns;
  const int32_t outside = 48;
  const int left = m->column > 0, up = m->row > 0, right = m->column + 1 < m->columns;
  int32_t sum = 2 * (left ? errors[here - 1] : outside);
  sum += 2 * (up ? errors[here - width] : outside);
  sum += up && left ? errors[here - width - 1] : outside;
  sum += up && right ? errors[here - width + 1] : outside;
  sum += m->column > 1 ? errors[here - 2] : outside;
  sum += m->row > 1 ? errors[here - 2 * width] : outside;
  int32_t error = sum >> 3;
  if (m->colour > 0) {
    const uint16_t before = m->errors[((size_t)k * 3 + (size_t)m->colour - 1) * plane + here];
    error = (12 * error + 3 * before) >> 4;
  }
  return error + 5;
}

void prn_predict(prn_mixing *m, uint8_t network_centre) {
  const int32_t c = m->colour;
  fill_features(m);

  // The plane through W, N and NW, of colour differences behind the first colour.
  int32_t w = prn_neighbour(m, c, 0, -1), n = prn_neighbour(m, c, -1, 0);
  int32_t nw = prn_neighbour(m, c, -1, -1), here = 0;
  if (c > 0) {
    w -= prn_neighbour(m, c - 1, 0, -1);
    n -= prn_neighbour(m, c - 1, -1, 0);
    nw -= prn_neighbour(m, c - 1, -1, -1);
    here = m->planes[c - 1][pixel_index(m, m->row, m->column)];
  }
  m->experts[0].value = 64 * network_centre;
  m->experts[1].value = clamp(16 * (3 * w + 3 * n - 2 * nw) + 64 * here, 0, 255 * 64);
  for (int32_t k = 0; k < m->level.fits; k++) {
    const int64_t sum = prn_least_squares_predict(&m->fits[c][k], m->features);
    const int64_t value = (((int64_t)m->base << 16) + sum) >> 11;
    m->experts[2 + k].value = (int32_t)(value < 0 ? 0 : value > 255 * 64 ? 255 * 64 : value);
  }

  // Weights fall with the fourth power of the error.
  uint64_t total = 0, blend = 0;
  int32_t least = INT32_MAX;
  for (int32_t k = 0; k < m->predictors; k++) {
    Expert *expert = &m->experts[k];
    const int32_t error = local_error(m, k);
    least = error < least ? error : least;
    const uint64_t q = ((uint64_t)1 << 24) / (uint64_t)((int64_t)error * error);
    const uint64_t weight = q * q + 1;
    total += weight;
    blend += weight * (uint64_t)expert->value;
    expert->slope[0] = (205 << 16) / error;
    expert->slope[1] = (92 << 16) / error;
  }
  m->blend = (int32_t)(blend / total);
  m->centre = (m->blend + 32) >> 6;
  m->energy = clamp((log2_256(&m->tables, (uint64_t)least) - 3 * 256) >> 7, 0, ENERGIES - 1);
}
