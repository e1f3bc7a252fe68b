// What the model has learnt of the dictionary (FORMAT.md, section 12.7).
#ifndef PRN_BYTES_PRIME_H
#define PRN_BYTES_PRIME_H

#include "BytesState.h"

// Of the smallest tables.
#define PRIMED_LINE_BITS 15
#define PRIMED_MATCH_BITS 12

// Teaches the dictionary to a model, whose lines and matches are zero: ten milliseconds.
void prn_bytes_prime(const Model *m);

// The same for the smallest tables, learnt beforehand: a Learnt, the lines and the matches. It is
// memory of a machine whose numbers begin with their low bytes.
#define HAS_PRIMED (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define PRIMED_SIZE \
  (sizeof(Learnt) + (sizeof(Line) << PRIMED_LINE_BITS) + (sizeof(uint32_t) << PRIMED_MATCH_BITS))
extern const uint8_t prn_bytes_primed[];

#endif
