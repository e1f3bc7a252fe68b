// The pixels that are known around the one to be coded, as windows of 64 bits on each row.
#ifndef PRN_BILEVEL_ROWS_H
#define PRN_BILEVEL_ROWS_H

#include <string.h>

#include "BilevelModel.h"

// Pixels of a window to the right of the current column; the rest is to its left.
INLINE int32_t ahead(int depth) { return 16 / depth - 1; }

// Pixels of a window.
INLINE int32_t breadth(int depth) { return 64 / depth; }

// A value in each pixel of a window.
INLINE uint64_t everywhere(int depth, uint32_t value) {
  return value * (depth == 1 ? ~(uint64_t)0
                             : depth == 2 ? 0x5555555555555555u : 0x1111111111111111u);
}

// windows[0] is the current row up to the pixel to the left, which is lowest; in the others the
// lowest is `ahead` pixels to the right of the current column.
typedef struct {
  int32_t x, y;
  uint8_t *rows[ROWS];
  uint64_t windows[ROWS];
  uint32_t w, n, nw, ne, ww, nn;
} Rows;

INLINE void start_row(Rows *r, const Bilevel *b, int depth, int32_t y) {
  const size_t length = (size_t)b->width + 2 * MARGIN;
  r->y = y;
  for (int32_t k = 0; k < ROWS; k++)
    r->rows[k] = b->ring + (size_t)((y + ROWS - k) % ROWS) * length + MARGIN;
  memset(r->rows[0] - MARGIN, 0, length);
  r->windows[0] = 0;
  for (int32_t k = 1; k < ROWS; k++) {
    uint64_t window = 0;
    for (int32_t x = 0; x < ahead(depth); x++) window = window << depth | r->rows[k][x];
    r->windows[k] = window;
  }
}

INLINE void next_pixel(Rows *r, int depth, int32_t x) {
  r->x = x;
  for (int32_t k = 1; k < ROWS; k++)
    r->windows[k] = r->windows[k] << depth | r->rows[k][x + ahead(depth)];
  r->w = r->rows[0][x - 1];
  r->ww = r->rows[0][x - 2];
  r->n = r->rows[1][x];
  r->nw = r->rows[1][x - 1];
  r->ne = r->rows[1][x + 1];
  r->nn = r->rows[2][x];
}

INLINE void put_pixel(Rows *r, int depth, uint32_t value) {
  r->rows[0][r->x] = (uint8_t)value;
  r->windows[0] = r->windows[0] << depth | value;
}

INLINE uint32_t near_pixel(const Rows *r, int32_t up, int32_t right) {
  return r->rows[up][r->x + right];
}

// Pixels to the left, and from `first` to `last` column of rows above, relative to the current one.
// A row with first > last has none.
typedef struct {
  int8_t left, rows[ROWS - 1][2];
} Span;

#define NONE {1, 0}

INLINE void find_masks(uint64_t masks[ROWS], const Span *span, int depth) {
  masks[0] = ((uint64_t)1 << (depth * span->left)) - 1;
  for (int32_t k = 1; k < ROWS; k++) {
    const int32_t first = span->rows[k - 1][0], last = span->rows[k - 1][1];
    const int32_t pixels = last < first ? 0 : last - first + 1;
    masks[k] = pixels == 0 ? 0
                           : (((uint64_t)1 << (depth * pixels)) - 1)
                                 << (depth * (ahead(depth) - last));
  }
}

// How many pixels from the lowest one on are 0 in a window, and at most `most`.
INLINE int32_t run_of_zeros(uint64_t window, int depth, int32_t most) {
  return window == 0 ? most : __builtin_ctzll(window) / depth;
}

#endif
