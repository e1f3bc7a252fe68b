// An earlier place whose neighbourhood was the same: what came there may come again.
#ifndef PRN_BILEVEL_MATCH_H
#define PRN_BILEVEL_MATCH_H

#include "BilevelRows.h"

// The image, as far as it is known.
typedef struct {
  const uint8_t *pixels;
  ptrdiff_t stride;
} Known;

// Rows above that agree in 8 columns to either side, up to 15.
INLINE uint32_t verified_rows(
    const Known *known, const Rows *r, int32_t row, int32_t column, int32_t width) {
  if (column < 8 || column + 8 >= width || r->x < 8 || r->x + 8 >= width) return UINT32_MAX;
  const int32_t most = least(row, 15);
  const uint8_t *there = known->pixels + row * known->stride + column - 8;
  const uint8_t *here = known->pixels + r->y * known->stride + r->x - 8;
  for (int32_t k = 1; k <= most; k++)
    if (memcmp(there - k * known->stride, here - k * known->stride, 16) != 0)
      return (uint32_t)(k - 1);
  return (uint32_t)most;
}

// Looks for a better place unless the present one has been right for long, and notes this one.
INLINE void find_match(
    const Bilevel *b, Match *m, const Known *known, const Rows *r, uint64_t hash) {
  hash ^= hash >> 29;
  hash *= 0xBF58476D1CE4E5B9u;
  uint32_t *entry = &b->positions[hash >> (64 - b->position_bits)];
  if (*entry != 0 && (!m->is_there || m->length < 16)) {
    const int32_t row = (int32_t)((*entry - 1) / (uint32_t)b->width);
    const int32_t column = (int32_t)((*entry - 1) % (uint32_t)b->width);
    const uint32_t verified = verified_rows(known, r, row, column, b->width);
    if (verified != UINT32_MAX && (!m->is_there || verified > m->verified))
      *m = (Match){.is_there = 1, .row = row, .column = column, .verified = verified,
                   .at = known->pixels + row * known->stride + column};
  }
  *entry = (uint32_t)r->y * (uint32_t)b->width + (uint32_t)r->x + 1;
}

// The pixel there, what is to its right and, where that is known for certain, below.
INLINE uint32_t match_neighbours(
    const Bilevel *b, const Match *m, const Known *known, const Rows *r) {
  if (!m->is_there) return 0;
  const uint8_t *at = m->at;
  const uint32_t background = b->background;
  const int32_t has_right = m->column + 1 < b->width;
  const int32_t is_earlier = m->row < r->y || m->column + 1 < r->x;
  const uint32_t right = has_right && is_earlier ? at[1] ^ background : 0;
  uint32_t below = 0;
  if (m->row + 1 < r->y && m->column > 0 && has_right) {
    const uint8_t *next = at + known->stride;
    below = ((next[-1] ^ background) * 16 + (next[0] ^ background)) * 16 + (next[1] ^ background);
  }
  return ((1 + (*at ^ background)) * 16 + right) * 4096 + below;
}

// Goes on to the right, until the row ends or more than 4 of 8 were wrong.
INLINE void advance_match(Match *m, int is_right, int32_t width) {
  if (!m->is_there) return;
  m->errors = (m->errors << 1 | !is_right) & 255;
  if (is_right) {
    m->length++;
  } else {
    m->length = 0;
    m->verified /= 2;
    if (__builtin_popcount(m->errors) > 4) m->is_there = 0;
  }
  m->at++;
  if (++m->column == width) m->is_there = 0;
}

#endif
