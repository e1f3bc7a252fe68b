// One byte: its eight decisions (FORMAT.md, section 12.6).
#ifndef PRN_BYTES_BYTE_H
#define PRN_BYTES_BYTE_H

#include "BytesPass.h"
#include "Coder.h"

enum { PRIMES, ENCODES, DECODES };

// 0: it ended the file.
INLINE int code_byte(const Model *m, Site *s, Coder *coder, int mode, uint8_t *byte) {
  const int is_start = m->learnt->parser.phase == IN_TYPE && m->learnt->parser.at == 0;
  uint32_t node = 1;
  start_site(m, s);
  for (int32_t bit = 0; bit < 8; bit++) {
    if ((bit & 3) == 0) find_lines(m, s, node);
    const uint32_t p = probability(m, s, bit, node);
    int one = mode == DECODES ? 0 : *byte >> (7 - bit) & 1;
    if (mode != PRIMES) one = code_decision(m->f, coder, mode == DECODES, p, one);
    learn(m, s, bit, one);
    node = 2 * node + (uint32_t)one;
  }
  *byte = (uint8_t)node;
  return !(is_start && *byte == 0);
}

#endif
