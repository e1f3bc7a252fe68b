#include <stdlib.h>
#include <string.h>

#include "State.h"

// What stands for the values, misses and errors that no pixel has.
static const int16_t OUTSIDE[BORDERED] = {128, 0, 48, 48, 48, 48, 48, 48, 48};

static int is_legal(int breadth, int32_t rows, int32_t columns, int32_t colours) {
  return breadth >= 0 && breadth < PRN_BREADTHS && rows >= 1 && columns >= 1
         && rows <= 65535 && columns <= 65535
         && (colours == 1 || colours == 3);
}

static int32_t band_count(int32_t rows) { return (rows + PRN_BAND - 1) / PRN_BAND; }

static size_t stride_of(int32_t rows) {
  return (size_t)band_count(rows) * PRN_BAND + 2 * PRN_PADDING;
}

static int32_t local_count(int breadth) { return breadth > 0 ? 2 : 1; }

// Terms that the window fits keep, at most, and the target.
static int32_t window_entries(int breadth, int32_t colours) {
  if (breadth == 0) return 0;
  return colours == 1 ? 6 : breadth == 1 ? 10 : MOST_KEPT;
}

static size_t window_size(int breadth, int32_t rows, int32_t colours) {
  return (size_t)colours * PRN_RING * (size_t)window_entries(breadth, colours) * 2
         * stride_of(rows);
}

size_t prn_prediction_memory(int breadth, int32_t rows, int32_t columns, int32_t colours) {
  if (!is_legal(breadth, rows, columns, colours)) return 0;
  const size_t fits = (size_t)band_count(rows) * (size_t)colours;
  const size_t locals = (size_t)local_count(breadth);
  return sizeof(prn_prediction) + (size_t)colours * PLANES * PRN_RING * stride_of(rows) * 2
         + fits * (sizeof(Period) + (1 + locals) * sizeof(Products) + locals * 2 * MOST_ENTRIES)
         + 2 * window_size(breadth, rows, colours);
}

prn_prediction *prn_prediction_create(
    int breadth, int32_t rows, int32_t columns, int32_t colours, int version) {
  if (!is_legal(breadth, rows, columns, colours) || !prn_supports(version)) return NULL;
  prn_prediction *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  p->rows = rows;
  p->columns = columns;
  p->colours = colours;
  p->own = breadth > 0 ? 14 : 8;
  p->other = breadth > 0 ? 8 : 4;
  p->locals = local_count(breadth);
  p->windows = breadth;
  p->window_entries = window_entries(breadth, colours);
  p->predictors = prn_prediction_predictors(breadth);
  prn_choose_window_terms(p);
  p->bands = band_count(rows);
  p->version = version;
  p->stride = (int32_t)stride_of(rows);
  p->ring_size = (size_t)PRN_RING * (size_t)p->stride;
  p->rings = calloc((size_t)colours * PLANES * p->ring_size, sizeof *p->rings);
  const size_t fits = (size_t)p->bands * (size_t)colours;
  p->periods = calloc(fits, sizeof *p->periods);
  p->added = calloc(fits, sizeof *p->added);
  if (p->windows > 0)
    p->window_terms = calloc(window_size(breadth, rows, colours), sizeof *p->window_terms);
  int missing = (p->windows > 0 && !p->window_terms) || !p->rings || !p->periods || !p->added;
  for (int k = 0; k < p->locals; k++) {
    p->local[k] = calloc(fits, sizeof *p->local[k]);
    p->local_weights[k] = calloc(fits * MOST_ENTRIES, sizeof *p->local_weights[k]);
    missing = missing || !p->local[k] || !p->local_weights[k];
  }
  if (missing) {
    prn_prediction_destroy(p);
    return NULL;
  }
  for (int32_t c = 0; c < colours; c++)
    for (int32_t plane = 0; plane < BORDERED; plane++)
      for (size_t i = 0; i < p->ring_size; i++) ring(p, c, plane)[i] = OUTSIDE[plane];
  return p;
}

void prn_prediction_destroy(prn_prediction *p) {
  if (!p) return;
  free(p->rings);
  free(p->periods);
  free(p->added);
  free(p->window_terms);
  for (int k = 0; k < MOST_LOCALS; k++) {
    free(p->local[k]);
    free(p->local_weights[k]);
  }
  free(p);
}

int32_t prn_prediction_predictors(int breadth) { return 3 + local_count(breadth) + breadth; }

int32_t prn_prediction_channels(int breadth) { return 2 + 2 * prn_prediction_predictors(breadth); }

int32_t prn_prediction_stride(const prn_prediction *p) { return p->stride; }

prn_colour_view prn_prediction_view(const prn_prediction *p, int32_t colour) {
  prn_colour_view view = {
      .blend = ring(p, colour, BLEND),
      .values = ring(p, colour, VALUES),
      .misses = ring(p, colour, MISSES)};
  for (int32_t k = 0; k < p->predictors; k++) {
    view.predictors[k] = ring(p, colour, PREDICTED + k);
    view.local_errors[k] = ring(p, colour, LOCAL_ERRORS + k);
  }
  return view;
}

// Three rows above the tile, and at most three cells on either side of it.
#define MOST_COPIES 9

typedef struct {
  ptrdiff_t target, source;
} Copy;

// What the cells of diagonal t, not the first, that lie outside of the tile and that some pixel
// looks at have the values of.
static int find_copies(const prn_prediction *p, int32_t t, Copy copies[MOST_COPIES]) {
  int n = 0;
  // Above the tile: the last pixel of row 0 so far.
  for (int32_t row = -3; row < 0; row++)
    copies[n++] = (Copy){cell(p, t, row), cell(p, t - 1, t <= p->columns ? 0 : row)};
  for (int32_t distance = 1; distance <= 3; distance++) {
    // Left of the tile: column 0 of the row above.
    if ((t + distance) % PRN_SHEAR == 0) {
      const int32_t row = (t + distance) / PRN_SHEAR;
      if (row >= 1 && row < p->rows)
        copies[n++] = (Copy){cell(p, t, row), cell(p, PRN_SHEAR * (row - 1), row - 1)};
    }
    // Right of the tile: the last column.
    const int32_t beyond = t - (p->columns - 1 + distance);
    if (beyond >= 0 && beyond % PRN_SHEAR == 0 && beyond / PRN_SHEAR < p->rows) {
      const int32_t row = beyond / PRN_SHEAR;
      copies[n++] = (Copy){cell(p, t, row), cell(p, t - 1, row)};
    }
  }
  return n;
}

void prn_prediction_begin(prn_prediction *p, int32_t t) {
  Copy copies[MOST_COPIES];
  const int n = find_copies(p, t, copies);
  for (int32_t c = 0; c < p->colours; c++)
    for (int32_t plane = 0; plane < BORDERED; plane++) {
      int16_t *r = ring(p, c, plane);
      for (int i = 0; i < n; i++) r[copies[i].target] = r[copies[i].source];
    }
}
