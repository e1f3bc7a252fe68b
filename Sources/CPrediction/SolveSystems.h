// The solve of SYSTEMS systems for one instruction set (VERSION). Each lane does the operations of
// FORMAT.md, section 3.5, on each element in their order. Elements are taken row by row: all that a
// row's elements become, one after the other, happens in registers.
#include "Version.h"

typedef double NAME(Doubles) __attribute__((vector_size(8 * DOUBLES)));
typedef int64_t NAME(Bits) __attribute__((vector_size(8 * DOUBLES)));
typedef int32_t NAME(Whole) __attribute__((vector_size(4 * DOUBLES)));
// What elimination leaves of the upper triangles; the targets are in the column behind the terms.
typedef struct {
  NAME(Doubles) m[MOST_TERMS][MOST_TERMS + 1], inverse[MOST_TERMS], solution[MOST_TERMS];
} NAME(Matrix);

TARGET PRN_INLINE NAME(Doubles) NAME(double_at)(const int32_t *source) {
  NAME(Whole) whole;
  __builtin_memcpy(&whole, source, sizeof whole);
  return __builtin_convertvector(whole, NAME(Doubles));
}

// `width` of a row's elements, the last of which may be its target.
TARGET PRN_INLINE void NAME(eliminate)(
    NAME(Matrix) *matrix, int32_t row, int32_t column, const int32_t (*sums)[SYSTEMS], double ridge,
    const double *target, int width) {
  NAME(Doubles) x[BLOCK];
  for (int i = 0; i < width; i++) {
    if (i == width - 1 && target)
      __builtin_memcpy(&x[i], target, sizeof x[i]);
    else
      x[i] = NAME(double_at)(sums[column + i]);
  }
  if (row == column) x[0] = x[0] + ridge;
  const NAME(Doubles) *above = &matrix->m[0][column];
  const ptrdiff_t to_row = row - column;
#pragma clang loop unroll_count(2)
  for (int32_t k = 0; k < row; k++) {
    const NAME(Doubles) factor = above[to_row] * matrix->inverse[k];
    for (int i = 0; i < width; i++) x[i] = x[i] - factor * above[i];
    above += MOST_TERMS + 1;
  }
  for (int i = 0; i < width; i++) matrix->m[row][column + i] = x[i];
}

TARGET static void NAME(solve)(const System *system, double (*y)[SYSTEMS]) {
  const int32_t n = system->count;
  const double ridge = system->ridge;
  NAME(Matrix) matrix;
  for (int32_t part = 0; part < SYSTEMS; part += DOUBLES) {
    for (int32_t row = 0; row < n; row++) {
      const int32_t (*sums)[SYSTEMS] =
          (const int32_t(*)[SYSTEMS])&system->sums[row * system->stride][part];
      int32_t column = row;
      for (; n + 1 - column > BLOCK; column += BLOCK)
        NAME(eliminate)(&matrix, row, column, sums, ridge, NULL, BLOCK);
      // The rest, with the target: 2 to BLOCK, or the target alone.
#define CASE(width) \
  case width: NAME(eliminate)(&matrix, row, column, sums, ridge, &y[row][part], width); break;
      switch (n + 1 - column) {
        CASE(12) CASE(11) CASE(10) CASE(9) CASE(8) CASE(7)
        CASE(6) CASE(5) CASE(4) CASE(3) CASE(2) CASE(1)
      }
#undef CASE
      matrix.inverse[row] = 1.0 / matrix.m[row][row];
    }
    for (int32_t row = n - 1; row >= 0; row--) {
      NAME(Doubles) x = matrix.m[row][n];
#pragma clang loop unroll_count(4)
      for (int32_t j = row + 1; j < n; j++) x = x - matrix.m[row][j] * matrix.solution[j];
      x = x * matrix.inverse[row];
      matrix.solution[row] = x;
      __builtin_memcpy(&y[row][part], &x, sizeof x);
    }
  }
}

// Subtracts from each target what the origin's weights come to. All numbers are multiples of
// 1 / 4096 below 2^40, so that the sums are exact in any order; and a term that is the negative of
// the one before it needs no sums of its own.
TARGET static void NAME(move_origin)(
    const System *system, const double *origin, double (*y)[SYSTEMS]) {
  const int32_t n = system->count;
  int32_t index[MOST_TERMS];
  NAME(Doubles) spread[MOST_TERMS];
  int32_t distinct = 0, opposite = 0;
  for (int32_t i = 0; i < n; i++) {
    if (opposite < system->opposites->count && system->opposites->at[opposite] == i) {
      spread[distinct - 1] = spread[distinct - 1] - origin[i];
      opposite++;
    } else {
      spread[distinct] = (NAME(Doubles)){0} + origin[i];
      index[distinct++] = i;
    }
  }
  for (int32_t part = 0; part < SYSTEMS; part += DOUBLES) {
#define AT(a, b) NAME(double_at)(&system->sums[(a) * system->stride + (b)][part])
    for (int32_t i = 0; i < distinct; i++) {
      const int32_t a = index[i];
      NAME(Doubles) x = AT(a, n);
      for (int32_t j = 0; j < i; j++) x = x - AT(index[j], a) * spread[j];
      for (int32_t j = i; j < distinct; j++) x = x - AT(a, index[j]) * spread[j];
      __builtin_memcpy(&y[a][part], &x, sizeof x);
    }
#undef AT
    for (int32_t i = 0; i < opposite; i++) {
      const int32_t a = system->opposites->at[i];
      for (int32_t l = 0; l < DOUBLES; l++) y[a][part + l] = -y[a - 1][part + l];
    }
  }
}

// Adds the origin, where a solution is usable, and rounds.
TARGET static void NAME(round_weights)(
    int32_t n, const double *origin, double (*y)[SYSTEMS], int32_t (*weights)[SYSTEMS]) {
  for (int32_t part = 0; part < SYSTEMS; part += DOUBLES) {
    // All ones in the lanes of systems that are usable.
    NAME(Bits) usable = (NAME(Bits)){0} - 1;
    for (int32_t i = 0; i < n; i++) {
      NAME(Doubles) x;
      __builtin_memcpy(&x, &y[i][part], sizeof x);
      usable &= (x > -8.0) & (x < 8.0);
    }
    for (int32_t i = 0; i < n; i++) {
      NAME(Doubles) x;
      __builtin_memcpy(&x, &y[i][part], sizeof x);
      // Without it, the origin comes out as it is.
      x = (NAME(Doubles))((NAME(Bits))x & usable);
      x = (origin[i] + x) * 4096.0;
      // Half, with the sign of x.
      const NAME(Doubles) half = {0};
      const NAME(Bits) sign = (NAME(Bits))x & INT64_MIN;
      x = x + (NAME(Doubles))((NAME(Bits))(half + 0.5) | sign);
      // Within +-2^16.
      NAME(Whole) whole = __builtin_convertvector(x, NAME(Whole));
      whole = __builtin_elementwise_min(whole, (NAME(Whole)){0} + 32767);
      whole = __builtin_elementwise_max(whole, (NAME(Whole)){0} - 32767);
      __builtin_memcpy(&weights[i][part], &whole, sizeof whole);
    }
  }
}

TARGET static void NAME(fit)(
    const System *system, const double *origin, int32_t (*weights)[SYSTEMS]) {
  double y[MOST_TERMS][SYSTEMS];
  NAME(move_origin)(system, origin, y);
  NAME(solve)(system, y);
  NAME(round_weights)(system->count, origin, y, weights);
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
