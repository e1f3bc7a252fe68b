// Where in a sequence of entries the next byte stands (FORMAT.md, section 12.2).
#ifndef PRN_BYTES_PARSER_H
#define PRN_BYTES_PARSER_H

#include "Functions.h"

// Kinds of bytes, each with contexts of its own.
enum { STRUCTURE, TEXT, BINARY, PALETTE, ALPHA, DEFLATED, FILTERS, KINDS };

enum { IN_TYPE, IN_LENGTH, IN_DATA };

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

typedef struct {
  int32_t phase;
  // Bytes of the phase so far.
  uint32_t at;
  // The type, as far as it is known, first byte uppermost; and those of the entries before.
  uint32_t type, before, twice_before;
  uint32_t length, previous_length;
  // Zeros in the data, and the place of the first: they end a keyword.
  uint32_t zeros, first_zero;
  // Hashes: of the data so far; of the keyword; of the letters of this word; of the last entry;
  // of the types so far.
  uint32_t data, keyword, word, last_entry, types;
  uint32_t entries;
} Parser;

INLINE int32_t kind_of(const Parser *p) {
  if (p->phase != IN_DATA) return STRUCTURE;
  switch (p->type) {
    case TYPE('P', 'L', 'T', 'E'): return PALETTE;
    case TYPE('t', 'R', 'N', 'S'): return ALPHA;
    case TYPE('f', 'L', 'T', 'r'): return FILTERS;
    case TYPE('t', 'E', 'X', 't'):
    case TYPE('i', 'T', 'X', 't'): return TEXT;
    case TYPE('f', 'd', 'A', 'T'): return p->at < 4 ? BINARY : DEFLATED;
    case TYPE('i', 'C', 'C', 'P'):
    case TYPE('z', 'T', 'X', 't'):
      // The keyword, its zero, and the method.
      return p->zeros > 0 && p->at > p->first_zero + 1 ? DEFLATED : TEXT;
    default: return BINARY;
  }
}

INLINE void start_entry(Parser *p) {
  p->phase = IN_TYPE;
  p->at = 0;
  p->type = 0;
}

// Before the first entry of a file.
INLINE void start_file(Parser *p) { *p = (Parser){.phase = IN_TYPE}; }

INLINE void end_entry(Parser *p) {
  p->last_entry = hashed(p->data, p->type);
  p->twice_before = p->before;
  p->before = p->type;
  p->previous_length = p->length;
  p->types = hashed(p->types, p->type);
  p->entries++;
  start_entry(p);
}

INLINE void start_data(Parser *p) {
  p->phase = IN_DATA;
  p->at = p->zeros = p->first_zero = 0;
  p->data = p->keyword = p->word = 0;
  if (p->length == 0) end_entry(p);
}

INLINE int is_letter(uint8_t byte) {
  const uint8_t lower = byte | 32;
  return (lower >= 'a' && lower <= 'z') || byte >= 128;
}

INLINE void pass_data(Parser *p, uint8_t byte) {
  p->data = hashed(p->data, byte + 1u);
  p->word = is_letter(byte) ? hashed(p->word, byte | 32u) : 0;
  if (byte == 0) {
    if (p->zeros == 0) {
      p->first_zero = p->at;
      p->keyword = p->data;
    }
    p->zeros++;
  }
  p->at++;
  if (p->at == p->length) end_entry(p);
}

// 0 where the byte cannot stand there. A zero where a type would start ends the file.
INLINE int pass_byte(Parser *p, uint8_t byte) {
  switch (p->phase) {
    case IN_TYPE:
      p->type = p->type << 8 | byte;
      if (++p->at < 4) return 1;
      p->phase = IN_LENGTH;
      p->at = p->length = 0;
      return 1;
    case IN_LENGTH:
      if (p->at == 4 && byte > 7) return 0;
      if (p->at > 0 && byte == 0) return 0;
      p->length |= (uint32_t)(byte & 127) << (7 * p->at);
      p->at++;
      if (byte < 128) start_data(p);
      return 1;
    default: pass_data(p, byte); return 1;
  }
}

INLINE int is_end(const Parser *p, uint8_t byte) {
  return byte == 0 && p->phase == IN_TYPE && p->at == 0;
}

#endif
