// What the model of bytes has learnt (FORMAT.md, section 12).
#ifndef PRN_BYTES_STATE_H
#define PRN_BYTES_STATE_H

#include "BytesParser.h"
#include "CBytes.h"
#include "Mixer.h"

#define CONTEXTS 10
#define CANDIDATES 6
#define EXPERTS 5
#define INPUTS 32
#define SETS 3
// Vectors of the sets, one behind the other.
#define KIND_VECTORS (KINDS * 8)
#define MATCH_VECTORS (4 * 8 * 3)
#define HIT_VECTORS (KINDS * (CONTEXTS + 1))
#define VECTORS (KIND_VECTORS + MATCH_VECTORS + HIT_VECTORS)

#define CANDIDATE_BITS 11
#define TYPE_BITS 6
#define MAP_VISITS 8

// The counters of four bits of a byte in a context. Number 0 is a check of the context.
typedef struct {
  uint32_t counters[16];
} Line;

// An entry's data in the history.
typedef struct {
  uint32_t start, length;
} Span;

typedef struct {
  Parser parser;
  // Bytes passed, those of the dictionary included.
  uint32_t position;
  // The last eight bytes, the newest lowest.
  uint64_t last;
  // Where the match is now, and its length: 0 for none.
  uint32_t match, match_length;
  // The last PLTE of this file; and of each type, by a hash, the last data.
  Span palette;
  Span spans[1 << TYPE_BITS];
  uint32_t equal_bytes;
  uint8_t history[KINDS][CANDIDATES];
  // Mean distances of the experts' peaks, in 16ths, for each channel.
  int32_t distances[2][3][EXPERTS];
  Counter candidates[1 << CANDIDATE_BITS][8];
  Counter maps[KINDS][CONTEXTS][MAP_VISITS][CELLS];
  Refinement refinements[KINDS];
  int32_t finals[KINDS][SETS];
  int32_t weights[VECTORS][INPUTS] __attribute__((aligned(64)));
} Learnt;

typedef struct {
  const Functions *f;
  // Of the upper 12 bits of a probability.
  const int16_t *stretched;
  Learnt *learnt;
  Line *lines;
  uint32_t line_bits;
  // Positions by a hash of the bytes before.
  uint32_t *matches;
  uint32_t match_bits;
  // The bytes of the file so far.
  const uint8_t *bytes;
} Model;

extern const uint8_t prn_bytes_dictionary[];
extern const uint32_t prn_bytes_dictionary_size;

INLINE int32_t coarse_stretch(const Model *m, uint32_t p) { return m->stretched[p >> 10]; }

// A byte that has passed.
INLINE uint8_t passed(const Model *m, uint32_t position) {
  const uint32_t size = prn_bytes_dictionary_size;
  return position < size ? prn_bytes_dictionary[position] : m->bytes[position - size];
}

// The byte `back` ones ago, 1 to 8.
INLINE uint32_t ago(const Learnt *l, int back) {
  return (uint32_t)(l->last >> (8 * (back - 1))) & 255;
}

#endif
