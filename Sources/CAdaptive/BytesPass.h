// A byte that is known passes: into the history, the match and the parser (FORMAT.md, section
// 12.6).
#ifndef PRN_BYTES_PASS_H
#define PRN_BYTES_PASS_H

#include "BytesModel.h"

// Where the bytes that came last were seen before.
INLINE void find_match(const Model *m) {
  Learnt *l = m->learnt;
  if (l->position < 4) return;
  uint32_t *slot = &m->matches[scattered(hashed(0, order(l, 4))) >> (32 - m->match_bits)];
  if (l->match_length == 0 && *slot > 0) {
    l->match = *slot;
    l->match_length = common_bytes(m, l->match, l->position);
  }
  *slot = l->position;
}

// The byte has been coded, or passed, and is in the history. 0: it cannot stand there.
INLINE int pass(const Model *m, const Site *s, uint8_t byte) {
  Learnt *l = m->learnt;
  Parser *p = &l->parser;
  learn_guesses(l, &s->guesses, s->kind, byte);
  if (l->match_length > 0) {
    if (s->guesses.expected[0] == byte) {
      l->match++;
      l->match_length += l->match_length < MATCH_LIMIT;
    } else {
      l->match_length = 0;
    }
  }
  l->equal_bytes = ago(l, 1) == byte ? l->equal_bytes + (l->equal_bytes < 255) : 0;
  l->last = l->last << 8 | byte;
  l->position++;
  if (p->phase == IN_DATA && p->at + 1 == p->length) {
    const Span span = {l->position - p->length, p->length};
    *span_of(l, p->type) = span;
    if (p->type == TYPE('P', 'L', 'T', 'E')) l->palette = span;
  }
  if (!pass_byte(p, byte)) return 0;
  // Data start with zeros before them, as palettes need.
  if (p->phase == IN_DATA && p->at == 0) {
    l->last = 0;
    l->equal_bytes = 0;
  }
  find_match(m);
  return 1;
}

#endif
