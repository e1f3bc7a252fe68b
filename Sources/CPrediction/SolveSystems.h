// The solve of SYSTEMS systems for one instruction set (VERSION). Each lane does the operations of
// FORMAT.md, section 3.5, on each element in their order. Elements are taken row by row: all that a
// row's elements become, one after the other, happens in registers.
#include "Version.h"

typedef double NAME(Doubles) __attribute__((vector_size(8 * DOUBLES)));
typedef int64_t NAME(Bits) __attribute__((vector_size(8 * DOUBLES)));
typedef int32_t NAME(Whole) __attribute__((vector_size(4 * DOUBLES)));

#define ROW (MOST_TERMS + 1)
#define PARTS (SYSTEMS / DOUBLES)

typedef struct {
  // What elimination leaves of the upper triangle; the targets are in the column behind the terms.
  NAME(Doubles) m[MOST_TERMS][ROW];
  NAME(Doubles) inverse[MOST_TERMS], solution[MOST_TERMS];
  // The origin's weights, and what they come to of the rows above.
  NAME(Doubles) origin[MOST_TERMS], moved[MOST_TERMS];
} NAME(Matrix);

TARGET PRN_INLINE NAME(Doubles) NAME(double_at)(const int32_t *source) {
  NAME(Whole) whole;
  __builtin_memcpy(&whole, source, sizeof whole);
  return __builtin_convertvector(whole, NAME(Doubles));
}

// `width` of a row's elements from `column` on, the last of which is the row's target where
// `is_last`. On the way to it, `own` gathers what the origin comes to: such sums are of multiples
// of 1 / 4096 below 2^40, exact in any order.
TARGET PRN_INLINE void NAME(eliminate)(
    NAME(Matrix) *matrix, int32_t row, int32_t column, const int32_t (*sums)[SYSTEMS],
    NAME(Doubles) ridge, NAME(Doubles) *own, int is_last, int width) {
  const int terms = is_last ? width - 1 : width;
  NAME(Doubles) x[BLOCK];
  const NAME(Doubles) weight = matrix->origin[row];
#pragma clang loop unroll(full)
  for (int i = 0; i < terms; i++) {
    x[i] = NAME(double_at)(sums[column + i]);
    *own = *own + x[i] * matrix->origin[column + i];
    matrix->moved[column + i] = matrix->moved[column + i] + x[i] * weight;
  }
  if (is_last) x[terms] = NAME(double_at)(sums[column + terms]) - *own;
  if (row == column) x[0] = x[0] + ridge;
  const NAME(Doubles) *above = &matrix->m[0][column];
  const ptrdiff_t to_row = row - column;
#pragma clang loop unroll_count(2)
  for (int32_t k = 0; k < row; k++) {
    const NAME(Doubles) factor = above[to_row] * matrix->inverse[k];
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++) x[i] = x[i] - factor * above[i];
    above += ROW;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++) matrix->m[row][column + i] = x[i];
  if (row == column) matrix->inverse[row] = 1.0 / x[0];
}

TARGET PRN_INLINE void NAME(eliminate_row)(
    NAME(Matrix) *matrix, int32_t n, int32_t row, const int32_t (*sums)[SYSTEMS],
    NAME(Doubles) ridge) {
  NAME(Doubles) own = matrix->moved[row];
  int32_t column = row;
  for (; n + 1 - column > BLOCK; column += BLOCK)
    NAME(eliminate)(matrix, row, column, sums, ridge, &own, 0, BLOCK);
  // The rest, with the target.
#define CASE(width) \
  case width: NAME(eliminate)(matrix, row, column, sums, ridge, &own, 1, width); break;
  switch (n + 1 - column) {
    CASE(12) CASE(11) CASE(10) CASE(9) CASE(8) CASE(7)
    CASE(6) CASE(5) CASE(4) CASE(3) CASE(2) CASE(1)
  }
#undef CASE
}

// Adds the origin, where a solution is usable, and rounds.
TARGET PRN_INLINE void NAME(round_weights)(
    const NAME(Matrix) *matrix, int32_t n, int32_t part, int32_t (*weights)[SYSTEMS]) {
  // All ones in the lanes of systems that are usable.
  NAME(Bits) usable = (NAME(Bits)){0} - 1;
  for (int32_t i = 0; i < n; i++)
    usable &= (matrix->solution[i] > -8.0) & (matrix->solution[i] < 8.0);
  for (int32_t i = 0; i < n; i++) {
    // Without a solution, the origin comes out as it is.
    NAME(Doubles) x = (NAME(Doubles))((NAME(Bits))matrix->solution[i] & usable);
    x = (matrix->origin[i] + x) * 4096.0;
    // Half, with the sign of x.
    const NAME(Doubles) half = (NAME(Doubles)){0} + 0.5;
    const NAME(Bits) sign = (NAME(Bits))x & INT64_MIN;
    x = x + (NAME(Doubles))((NAME(Bits))half | sign);
    // Within +-2^16.
    NAME(Whole) whole = __builtin_convertvector(x, NAME(Whole));
    whole = __builtin_elementwise_min(whole, (NAME(Whole)){0} + 32767);
    whole = __builtin_elementwise_max(whole, (NAME(Whole)){0} - 32767);
    __builtin_memcpy(&weights[i][part], &whole, sizeof whole);
  }
}

TARGET static void NAME(fit)(
    const System *system, const double *origin, int32_t (*weights)[SYSTEMS]) {
  const int32_t n = system->count;
  NAME(Matrix) matrices[PARTS];
  for (int32_t part = 0; part < PARTS; part++) {
    NAME(Matrix) *matrix = &matrices[part];
    NAME(Doubles) ridge = (NAME(Doubles)){0} + system->ridge;
    if (system->ridges) __builtin_memcpy(&ridge, system->ridges + part * DOUBLES, sizeof ridge);
    for (int32_t i = 0; i < n; i++) {
      NAME(Doubles) *at = &matrix->origin[i];
      if (system->origins)
        __builtin_memcpy(at, system->origins[i] + part * DOUBLES, sizeof *at);
      else
        *at = (NAME(Doubles)){0} + origin[i];
      matrix->moved[i] = (NAME(Doubles)){0};
    }
    const int32_t *sums = &system->sums[0][part * DOUBLES];
    for (int32_t row = 0; row < n; row++) {
      NAME(eliminate_row)(matrix, n, row, (const int32_t(*)[SYSTEMS])sums, ridge);
      sums += system->stride * SYSTEMS;
    }
  }
  for (int32_t row = n - 1; row >= 0; row--) {
    NAME(Doubles) x[PARTS];
    for (int32_t part = 0; part < PARTS; part++) x[part] = matrices[part].m[row][n];
#pragma clang loop unroll_count(2)
    for (int32_t j = row + 1; j < n; j++)
      for (int32_t part = 0; part < PARTS; part++)
        x[part] = x[part] - matrices[part].m[row][j] * matrices[part].solution[j];
    for (int32_t part = 0; part < PARTS; part++)
      matrices[part].solution[row] = x[part] * matrices[part].inverse[row];
  }
  for (int32_t part = 0; part < PARTS; part++)
    NAME(round_weights)(&matrices[part], n, part * DOUBLES, weights);
}

// One system, its rows cut into vectors. Below the diagonal is what does not matter.
TARGET static void NAME(solve_one)(int32_t n, double (*m)[ONE_ROW]) {
  for (int32_t k = 0; k < n; k++) {
    const double inverse = 1.0 / m[k][k];
    for (int32_t i = k + 1; i < n; i++) {
      const double factor = m[k][i] * inverse;
      for (int32_t j = i / DOUBLES * DOUBLES; j <= n; j += DOUBLES) {
        NAME(Doubles) x, above;
        __builtin_memcpy(&x, &m[i][j], sizeof x);
        __builtin_memcpy(&above, &m[k][j], sizeof above);
        x = x - factor * above;
        __builtin_memcpy(&m[i][j], &x, sizeof x);
      }
    }
    m[k][k] = inverse;
  }
  for (int32_t i = n - 1; i >= 0; i--) {
    double x = m[i][n];
    for (int32_t j = i + 1; j < n; j++) x = x - m[i][j] * m[j][n];
    m[i][n] = x * m[i][i];
  }
}

#undef ROW
#undef PARTS
