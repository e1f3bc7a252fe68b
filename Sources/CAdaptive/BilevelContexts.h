// The contexts of a pixel: neighbourhoods of several sizes and shapes, as keys of slots.
#ifndef PRN_BILEVEL_CONTEXTS_H
#define PRN_BILEVEL_CONTEXTS_H

#include "BilevelMatch.h"

// By depth 1, 2, 4.
static const Span SPANS[3][SPANNED] = {
    {
        {3, {{-2, 2}, {-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {4, {{-3, 3}, {-2, 2}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {5, {{-4, 4}, {-3, 3}, {0, 0}, NONE, NONE, NONE, NONE, NONE}},
        {6, {{-5, 5}, {-3, 3}, {-2, 2}, {0, 0}, NONE, NONE, NONE, NONE}},
        {8, {{-7, 7}, {-5, 5}, {-3, 3}, {-1, 1}, NONE, NONE, NONE, NONE}},
        {12, {{-10, 10}, {-7, 7}, {-5, 5}, {-3, 3}, {-2, 2}, {-1, 1}, NONE, NONE}},
        {18, {{-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {1, {{-1, 1}, {-1, 1}, {-1, 1}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}}},
        {2, {{-4, 12}, {0, 0}, NONE, NONE, NONE, NONE, NONE, NONE}},
    },
    {
        {1, {{0, 0}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {1, {{-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {2, {{-1, 1}, {0, 0}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {3, {{-2, 2}, {-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {4, {{-3, 3}, {-2, 2}, {0, 0}, NONE, NONE, NONE, NONE, NONE}},
        {6, {{-5, 5}, {-3, 3}, {-2, 2}, {0, 0}, NONE, NONE, NONE, NONE}},
        {6, {{0, 0}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {1, {{0, 0}, {0, 0}, {0, 0}, {0, 0}, NONE, NONE, NONE, NONE}},
        {1, {{-1, 4}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
    },
    {
        {1, {{0, 0}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {1, {{0, 1}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {1, {{-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {2, {{-1, 1}, {0, 0}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {3, {{-2, 2}, {-1, 1}, NONE, NONE, NONE, NONE, NONE, NONE}},
        {5, {{-4, 3}, {-2, 2}, {-1, 1}, {0, 0}, NONE, NONE, NONE, NONE}},
        {4, {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
        {0, {{0, 0}, {0, 0}, {0, 0}, {0, 0}, NONE, NONE, NONE, NONE}},
        {0, {{0, 3}, NONE, NONE, NONE, NONE, NONE, NONE, NONE}},
    },
};
// The one that finds matches, and the one whose ones are counted.
enum { MATCH_SPAN = 4, DENSITY_SPAN = 5 };

static const uint64_t ROW_FACTORS[ROWS] = {
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
    0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB,
    0x8EBC6AF09C88C6E3, 0x589965CC75374CC3, 0x1D8E4E27C47D124F};

typedef struct {
  uint64_t masks[SPANNED][ROWS];
} Masks;

// What the decisions of a pixel share.
typedef struct {
  uint64_t keys[CONTEXTS];
  Slot *slots[CONTEXTS];
  uint8_t checks[CONTEXTS];
  uint32_t prior;
  // Which neighbours are alike or, of 1 bit, set; and the age of the column with the length of the
  // run to the left.
  int32_t neighbours, age;
} Site;

INLINE void find_span_keys(const Masks *masks, const Rows *r, uint64_t *keys) {
  for (int k = 0; k < SPANNED; k++) {
    uint64_t sum = 0;
    for (int i = 0; i < ROWS; i++) sum += (r->windows[i] & masks->masks[k][i]) * ROW_FACTORS[i];
    keys[k] = sum;
  }
}

// Pixels of a period of 4 or 8, as ordered dithering has; of more bits, a gradient, too.
INLINE void find_periodic_keys(const Rows *r, int depth, uint64_t *keys) {
  uint64_t b = near_pixel(r, 0, -4);
  b = b * 16 + near_pixel(r, 4, 0);
  b = b * 16 + near_pixel(r, 0, -8);
  b = b * 16 + near_pixel(r, 8, 0);
  if (depth == 1) {
    uint64_t a = ((uint64_t)((r->x & 7) * 8 + (r->y & 7)) * 16 + r->w) * 16 + r->n;
    a = a * 256 + r->ww * 16 + r->ne;
    keys[9] = a * 16 + r->nw * 8 + r->nn * 4 + near_pixel(r, 0, -4) * 2 + near_pixel(r, 4, 0);
    b = b * 16 + near_pixel(r, 4, -4);
    b = b * 16 + r->w + 2 * r->n + 4 * r->ne + 8 * r->nw;
    b = b * 16 + near_pixel(r, 4, 4) + 2 * near_pixel(r, 4, 1) + 4 * near_pixel(r, 4, -1)
        + 8 * r->ww;
    keys[10] = b * 4 + near_pixel(r, 0, -5) + 2 * near_pixel(r, 0, -3);
  } else {
    const int32_t w = (int32_t)r->w, n = (int32_t)r->n, nw = (int32_t)r->nw;
    const int32_t planar = w < n ? clamp(w + n - nw, w, n) : clamp(w + n - nw, n, w);
    keys[9] = (uint64_t)(planar * 16 + n - nw + 512);
    keys[10] = b * 256 + r->w * 16 + r->n;
  }
}

INLINE uint64_t tone_key(const Masks *masks, const Rows *r, int depth, int32_t neighbours) {
  if (depth == 1) {
    int32_t ones = 0;
    for (int i = 0; i < 4; i++)
      ones += __builtin_popcountll(r->windows[i] & masks->masks[DENSITY_SPAN][i]);
    return (uint64_t)(ones / 2 * 64 + neighbours);
  }
  const uint32_t sum = 2 * r->w + 2 * r->n + r->ne + r->nw + r->ww + r->nn;
  const int32_t slope = (int32_t)(r->w + r->ne) - (int32_t)(r->nw + r->n);
  return (uint64_t)sum * 64 + (uint64_t)(slope + 32);
}

// Runs to the left, and of the row above to both sides.
INLINE void find_run_key(const Bilevel *b, const Rows *r, int depth, Site *s) {
  const uint64_t here = r->windows[0] ^ everywhere(depth, r->w);
  const uint64_t above = r->windows[1] ^ everywhere(depth, r->n);
  const int32_t a = ahead(depth), most = breadth(depth);
  const int32_t left = run_of_zeros(here, depth, most);
  const int32_t above_left = run_of_zeros(above >> (depth * (a + 1)), depth, most - a - 1);
  const uint64_t right = above & (((uint64_t)1 << (depth * a)) - 1);
  const int32_t above_right = right == 0 ? a + 1 : a - floor_log2(right) / depth;
  uint64_t key = (uint64_t)(r->w * 16 + r->n);
  key = ((key * 64 + (uint64_t)left) * 64 + (uint64_t)above_left) * 64 + (uint64_t)above_right;
  s->keys[12] = key * 16 + b->ages[r->x];
  s->age = least(b->ages[r->x], 7) * 8 + bit_length((uint32_t)left);
}

INLINE uint64_t match_key(
    const Bilevel *b, const Match *m, const Known *known, const Rows *r, int depth) {
  uint64_t key = match_neighbours(b, m, known, r);
  key = key * 16 + (depth == 1 ? r->w + 2 * r->n + 4 * r->ne + 8 * r->nw : r->w);
  key *= 64;
  if (m->is_there)
    key += (uint64_t)(least((int32_t)m->verified, 3) * 16 + (m->length < 3 ? m->length : 3) * 4
                      + (m->errors & 3));
  return key;
}

INLINE void find_slots(Bilevel *b, int depth, Site *s) {
  for (int k = 0; k < CONTEXTS; k++) {
    uint64_t hash = s->keys[k];
    hash ^= hash >> 32;
    hash *= 0x9FB21C651E98DF25u;
    hash ^= hash >> 29;
    s->checks[k] = (uint8_t)hash;
    hash *= 0xD6E8FEB86659FD93u;
    const uint64_t nodes = depth == 1 ? 1 : (uint64_t)1 << depth;
    s->slots[k] = b->slots[k] + (hash >> (64 - b->slot_bits) & ~(nodes - 1));
    __builtin_prefetch(s->slots[k]);
  }
}

// The span keys are there already.
INLINE void find_site(
    Bilevel *b, const Masks *masks, const Rows *r, const Match *m, const Known *known, int depth,
    Site *s) {
  s->neighbours =
      depth == 1 ? (int32_t)(r->w + 2 * r->n + 4 * r->ne + 8 * r->nw + 16 * r->ww + 32 * r->nn)
                 : (r->w == r->n) + 2 * (r->w == r->nw) + 4 * (r->w == r->ne)
                       + 8 * (r->w == r->ww) + 16 * (r->n == r->nn);
  find_periodic_keys(r, depth, s->keys);
  s->keys[11] = tone_key(masks, r, depth, s->neighbours);
  find_run_key(b, r, depth, s);
  s->keys[13] = match_key(b, m, known, r, depth);
  find_slots(b, depth, s);
  if (depth == 1)
    s->prior = (uint32_t)(r->windows[0] & 7) | (uint32_t)(r->windows[1] >> 13 & 31) << 3
               | (uint32_t)(r->windows[2] >> 14 & 7) << 8;
}

#endif
