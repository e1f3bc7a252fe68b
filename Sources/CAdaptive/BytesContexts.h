// The contexts of a byte (FORMAT.md, section 12.4): hashes of what surrounds it.
#ifndef PRN_BYTES_CONTEXTS_H
#define PRN_BYTES_CONTEXTS_H

#include "BytesState.h"

INLINE uint32_t hash2(uint32_t a, uint32_t b) { return hashed(hashed(0, a), b); }

INLINE uint32_t hash3(uint32_t a, uint32_t b, uint32_t c) { return hashed(hash2(a, b), c); }

// The last n bytes, 0 to 4.
INLINE uint32_t order(const Learnt *l, int n) {
  return n == 0 ? 0 : (uint32_t)l->last << (32 - 8 * n) >> (32 - 8 * n);
}

INLINE uint32_t order6(const Learnt *l) {
  return hash2((uint32_t)l->last, (uint32_t)(l->last >> 32) & 0xFFFF);
}

INLINE uint32_t at_most(uint32_t x, uint32_t most) { return x < most ? x : most; }

INLINE void structure_contexts(const Learnt *l, uint32_t *c) {
  const Parser *p = &l->parser;
  uint32_t here = hash3((uint32_t)p->phase, p->at, p->type);
  if (p->phase == IN_LENGTH) here = hashed(here, p->length);
  c[0] = hash2(here, p->before);
  c[1] = hash3(here, p->before, p->twice_before);
  c[2] = hash2(here, p->types);
  c[3] = hash3(here, p->before, p->previous_length);
  c[4] = here;
  c[5] = order(l, 2);
  c[6] = order(l, 4);
  c[7] = hash3(here, p->before, order(l, 1));
  c[8] = hash2(here, p->last_entry);
  c[9] = hash2(here, p->entries);
}

INLINE void text_contexts(const Learnt *l, uint32_t *c) {
  const Parser *p = &l->parser;
  c[0] = order(l, 1);
  c[1] = order(l, 2);
  c[2] = order(l, 3);
  c[3] = order(l, 4);
  c[4] = order6(l);
  c[5] = hash3(p->type, p->keyword, at_most(p->at - p->first_zero, 255));
  c[6] = hash2(p->word, order(l, 1));
  c[7] = hash2(p->keyword, order(l, 2));
  c[8] = hash2(p->type, order(l, 0));
  c[9] = hash2(p->type, p->data);
}

INLINE void binary_contexts(const Learnt *l, uint32_t *c) {
  const Parser *p = &l->parser;
  const uint32_t at = hash2(p->type, at_most(p->at, 255));
  c[0] = order(l, 1);
  c[1] = order(l, 2);
  c[2] = order(l, 3);
  c[3] = order(l, 4);
  c[4] = order6(l);
  c[5] = at;
  c[6] = hash2(at, order(l, 1));
  c[7] = hash3(p->type, p->at & 3, ago(l, 4));
  c[8] = hash3(p->type, p->length, at_most(p->at, 255));
  c[9] = hash2(p->type, p->data);
}

INLINE void palette_contexts(const Learnt *l, uint32_t near, uint32_t *c) {
  const Parser *p = &l->parser;
  const uint32_t channel = p->at % 3;
  const uint32_t step = channel == 0 ? 0 : (ago(l, 1) - ago(l, 4)) & 255;
  const uint32_t two_steps = channel < 2 ? step : step << 8 | ((ago(l, 2) - ago(l, 5)) & 255);
  c[0] = hash2(channel, ago(l, 3));
  c[1] = hash2(channel, ago(l, 1));
  c[2] = hash3(channel, ago(l, 3), channel == 0 ? ago(l, 6) : ago(l, 1));
  c[3] = hash3(channel, ago(l, 3), ago(l, 6));
  c[4] = hash3(channel, ago(l, 1) >> 4, ago(l, 3) >> 4);
  c[5] = p->at;
  c[6] = hash2(channel, near);
  c[7] = order6(l);
  c[8] = hash3(channel, two_steps, ago(l, 3));
  c[9] = channel;
}

INLINE void alpha_contexts(const Model *m, uint32_t *c) {
  const Learnt *l = m->learnt;
  const Parser *p = &l->parser;
  uint32_t red = 0, green = 0, blue = 0;
  if (p->at < l->palette.length / 3) {
    red = passed(m, l->palette.start + 3 * p->at);
    green = passed(m, l->palette.start + 3 * p->at + 1);
    blue = passed(m, l->palette.start + 3 * p->at + 2);
  }
  const uint32_t gray = red == green && green == blue;
  const uint32_t level = (2 * red + 5 * green + blue) >> 8;
  c[0] = order(l, 1);
  c[1] = order(l, 2);
  c[2] = order(l, 3);
  c[3] = hash2(p->at, p->length);
  c[4] = hash3(gray, level, ago(l, 1));
  c[5] = hash3(red, green, blue);
  c[6] = hash2(gray, level);
  c[7] = order6(l);
  c[8] = hash3(at_most(l->equal_bytes, 8), ago(l, 1), p->at + 1 == p->length);
  c[9] = 0;
}

INLINE void filter_contexts(const Learnt *l, uint32_t *c) {
  c[0] = order(l, 1);
  c[1] = order(l, 2);
  c[2] = order(l, 3);
  c[3] = order(l, 4);
  c[4] = order6(l);
  c[5] = hash2((uint32_t)l->last, (uint32_t)(l->last >> 32));
  c[6] = hash2(at_most(l->equal_bytes, 30), ago(l, 1));
  c[7] = 0;
}

INLINE void deflated_contexts(const Learnt *l, uint32_t *c) {
  const Parser *p = &l->parser;
  const uint32_t at = at_most(p->at - p->first_zero, 20);
  c[0] = hash2(p->type, at);
  c[1] = hash3(p->type, at, order(l, 1));
  c[2] = hash2(p->type, p->data);
}

// How many contexts the byte has: their hashes are in c.
INLINE int32_t find_contexts(const Model *m, int32_t kind, int32_t near, uint32_t *c) {
  switch (kind) {
    case STRUCTURE: structure_contexts(m->learnt, c); return 10;
    case TEXT: text_contexts(m->learnt, c); return 10;
    case BINARY: binary_contexts(m->learnt, c); return 10;
    case PALETTE: palette_contexts(m->learnt, (uint32_t)near, c); return 10;
    case ALPHA: alpha_contexts(m, c); return 10;
    case DEFLATED: deflated_contexts(m->learnt, c); return 3;
    default: filter_contexts(m->learnt, c); return 8;
  }
}

#endif
