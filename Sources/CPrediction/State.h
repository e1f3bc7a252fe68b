// The state of a tile's prediction.
#ifndef PRN_PREDICTION_STATE_H
#define PRN_PREDICTION_STATE_H

#include "CPrediction.h"
#include "CPlatform.h"

#define INLINE PRN_INLINE

// A static function of each version, for those that Version.h names.
#if defined(__x86_64__)
#define PRN_ALL_VERSIONS(name) {name##_portable, name##_avx2, name##_avx512}
#else
#define PRN_ALL_VERSIONS(name) {name##_portable}
#endif

// Diagonals between two fits.
#define PERIOD 4
// Own neighbours, those of two other colours and their values at the pixel itself, at most.
#define MOST_TERMS (14 + 2 * 8 + 2)
// With the target and room for groups of four behind them.
#define PADDED_TERMS (MOST_TERMS + 4)
// With the target behind the terms, rounded up to whole vectors.
#define MOST_ENTRIES 40
// Pairs of pixels of a band in a period.
#define PAIRS (PERIOD * PRN_BAND / 2)
// Fits of each band at most, which differ in their memory.
#define MOST_LOCALS 2
// Systems that are solved at the same time.
#define SYSTEMS 8
// Elements of a row of a system that is solved alone.
#define ONE_ROW MOST_ENTRIES
// Terms of the window fits, six of each colour and the values at the pixel itself, and the target;
// those of the first window fit; those that are kept of a pixel, and its target.
#define MOST_WINDOW_ENTRIES 21
#define MOST_FEW 12
#define MOST_KEPT 18
#define MOST_WINDOWS 2
// Terms of the pixels of a band in a period, and their targets: [pair][term][pixel of the pair].
typedef struct {
  int16_t terms[PAIRS][MOST_ENTRIES][2];
} Period;

// Sums of products, [term][term], the upper triangle.
typedef struct {
  int32_t products[MOST_ENTRIES][MOST_ENTRIES];
} Products;

typedef struct {
  // Sums over all bands.
  int64_t products[MOST_ENTRIES][MOST_ENTRIES];
  int16_t weights[MOST_ENTRIES];
} GlobalFit;

// A colour's second term is the negative of its first one: base is the sum of both values. These
// are the second terms in a list of terms, ascending.
typedef struct {
  int32_t count;
  int8_t at[3];
} Opposites;

// What the window fits of a colour look at.
typedef struct {
  // Terms of the last one, and which of the tile's they are.
  int32_t count;
  int8_t all[MOST_WINDOW_ENTRIES];
  // Those of them that the first one looks at.
  int32_t few_count;
  int8_t few[MOST_FEW];
  Opposites opposites;
  // All but the opposites: which of the tile's they are, and where they are among the terms, the
  // target last.
  int32_t kept_count;
  int8_t kept[MOST_KEPT], place[MOST_KEPT];
  // Those kept that are values at the pixel itself.
  int32_t here_count;
  int8_t here[2];
} WindowTerms;

struct prn_prediction {
  int32_t rows, columns, colours;
  // Neighbours of the own colour and of the others, fits of each band, and of each value.
  int32_t own, other, locals, windows;
  int32_t predictors;
  int32_t bands;
  // Of the code: see prn_supports.
  int version;
  int32_t stride;
  // [plane][ring][row], of 16 bits each: see PLANES.
  int16_t *rings;
  size_t ring_size;
  // [colour][band]
  Period *periods;
  // What the period adds: [colour][band].
  Products *added;
  // What is remembered: [local fit][colour][band].
  Products *local[MOST_LOCALS];
  // [local fit][colour][band][term], 12 fraction bits.
  int16_t *local_weights[MOST_LOCALS];
  GlobalFit global[3];
  WindowTerms chosen_terms[3];
  // The terms that are kept and the target, of the last pixels and those before them in their rows:
  // [colour][ring][term][row][pixel of the pair].
  int16_t *window_terms;
  int32_t window_entries;
  // Of the whole tile, what a window fit is pulled to: [window fit][colour][term].
  double window_origins[MOST_WINDOWS][3][MOST_WINDOW_ENTRIES];
};

// Planes of the rings, for each colour. Those before BORDERED have cells outside of the tile.
enum {
  VALUES,
  MISSES,
  ERRORS,
  BORDERED = ERRORS + PRN_PREDICTORS,
  BLEND = BORDERED,
  PREDICTED,
  LOCAL_ERRORS = PREDICTED + PRN_PREDICTORS,
  PLANES = LOCAL_ERRORS + PRN_PREDICTORS
};

// Terms of a colour's fit without the target.
INLINE int32_t term_count(const prn_prediction *p, int32_t colour) {
  return p->own + (p->colours - 1) * p->other + colour;
}

INLINE int16_t *ring(const prn_prediction *p, int32_t colour, int32_t plane) {
  return p->rings + (size_t)(colour * PLANES + plane) * p->ring_size;
}

INLINE ptrdiff_t cell(const prn_prediction *p, int32_t t, int32_t row) {
  return prn_prediction_cell(p->stride, t, row);
}

// What the window fits keep of a term on diagonal t, [row][pixel of the pair].
INLINE int16_t *terms_at(const prn_prediction *p, int32_t colour, int32_t t, int32_t term) {
  const size_t slot = (size_t)(colour * PRN_RING) + (uint32_t)t % PRN_RING;
  return p->window_terms
         + 2 * ((slot * (size_t)p->window_entries + (size_t)term) * (size_t)p->stride
                + PRN_PADDING);
}

#define EACH for (int32_t i = 0; i < PRN_BAND; i++)

INLINE int32_t clamp(int32_t x, int32_t a, int32_t b) { return x < a ? a : x > b ? b : x; }

// Rows of diagonal t inside of the tile.
INLINE int32_t first_row(const prn_prediction *p, int32_t t) {
  return t < p->columns ? 0 : (t - p->columns) / PRN_SHEAR + 1;
}
INLINE int32_t end_row(const prn_prediction *p, int32_t t) {
  const int32_t end = t / PRN_SHEAR + 1;
  return end < p->rows ? end : p->rows;
}

// Misses and errors of a band's pixels on diagonal t, whose values are recorded.
void prn_settle(prn_prediction *p, int32_t t, int32_t colour, int32_t band);

// The sums of the products of the period's terms.
void prn_sum_products(int version, const Period *period, int32_t terms, Products *sums);

// SYSTEMS systems of `count` equations: sums of products, [term][term][system] of the upper
// triangle, rows `stride` entries apart, the targets in the column behind the terms.
typedef struct {
  const int32_t (*sums)[SYSTEMS];
  int32_t count, stride;
  double ridge;
  // Where systems differ in them: origins, [term][system], and ridges. NULL: they do not.
  const double (*origins)[SYSTEMS], *ridges;
} System;

// Solves systems around an origin, theirs or the one that is given for all of them, with a ridge:
// weights [term][system], 12 fraction bits. Where a solution is not usable, the origin is it. Sums
// are within +-1.5 * 2^30, and origins hold 4096ths within +-8.
void prn_fit(
    int version, const System *system, const double *origin, int32_t (*weights)[SYSTEMS]);

// Solves one system, the upper triangle of m, with the targets in column n; x is left there. What
// lies below the diagonal is destroyed, and what is right of column n is defined. Where the system
// is singular, x is not finite or large.
void prn_solve_one(int version, int32_t n, double (*m)[ONE_ROW]);

// Whether all of a solution is small enough.
INLINE int is_usable(int32_t n, double (*m)[ONE_ROW]) {
  for (int32_t i = 0; i < n; i++)
    if (!(m[i][n] > -8.0 && m[i][n] < 8.0)) return 0;
  return 1;
}

// A weight with 12 fraction bits.
INLINE int16_t rounded(double weight) {
  double w = weight * 4096.0;
  w = w > -32767.0 ? w : -32767.0;
  w = w < 32767.0 ? w : 32767.0;
  return (int16_t)(int32_t)(w + (w >= 0 ? 0.5 : -0.5));
}

void prn_choose_window_terms(prn_prediction *p);

// The window fits' predictions of a band, one array of PRN_BAND for each.
void prn_predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[PADDED_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]);

// What the value came to: its distance, doubled, from the mean of W and N.
void prn_window_target(prn_prediction *p, int32_t t, int32_t colour, int32_t row, int16_t target);

// The weights that fit the whole tile.
void prn_fit_window_globals(prn_prediction *p, int32_t colour);

#endif
