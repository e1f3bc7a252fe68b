#include "PNGStreams.h"

#include <string.h>

enum { FAST = 10, LONGEST = 15, LITERALS = 288, DISTANCES = 32 };

/// A canonical prefix code (RFC 1951, section 3.2.2).
typedef struct {
  /// By the next bits: symbol << 4 | length; 0 of codes that are longer, or that there are not.
  uint16_t fast[1 << FAST];
  /// Codes of each length; symbols in the order of their codes.
  uint16_t counts[LONGEST + 1], symbols[LITERALS];
} Code;

/// The state of the decoder.
typedef struct {
  const uint8_t *next, *end;
  /// The next bits, the first one lowest, and their number.
  uint64_t bits;
  unsigned held;
  /// Bits that were taken behind the end.
  bool failed;
} Bits;

/// Makes 32 bits or more ready: zeros behind the end.
static inline void fill(Bits *b) {
  while (b->held <= 56 && b->next < b->end) {
    b->bits |= (uint64_t)*b->next++ << b->held;
    b->held += 8;
  }
}

static inline unsigned peek(const Bits *b, unsigned n) {
  return (unsigned)(b->bits & ((1u << n) - 1));
}

static inline void skip(Bits *b, unsigned n) {
  if (n > b->held) {
    b->failed = true;
    n = b->held;
  }
  b->bits >>= n;
  b->held -= n;
}

/// The next `n` bits, up to 16.
static unsigned take(Bits *b, unsigned n) {
  fill(b);
  unsigned value = peek(b, n);
  skip(b, n);
  return value;
}

/// Makes a code of its lengths; false if there are more codes than bits have values.
static bool make_code(Code *code, const uint8_t *lengths, unsigned n) {
  memset(code, 0, sizeof *code);
  for (unsigned i = 0; i < n; i++) code->counts[lengths[i]]++;
  code->counts[0] = 0;
  unsigned places[LONGEST + 1], first[LONGEST + 1], place = 0, value = 0;
  for (unsigned length = 1; length <= LONGEST; length++) {
    value <<= 1;
    places[length] = place;
    first[length] = value;
    place += code->counts[length];
    value += code->counts[length];
    if (value > 1u << length) return false;
  }
  for (unsigned i = 0; i < n; i++) {
    unsigned length = lengths[i];
    if (!length) continue;
    code->symbols[places[length]++] = (uint16_t)i;
    unsigned bits = first[length]++, reversed = 0;
    if (length > FAST) continue;
    for (unsigned bit = 0; bit < length; bit++) reversed |= (bits >> bit & 1) << (length - 1 - bit);
    for (unsigned j = reversed; j < 1 << FAST; j += 1u << length)
      code->fast[j] = (uint16_t)(i << 4 | length);
  }
  return true;
}

/// The next symbol; the bits must be filled. Fails with one that is out of range.
static inline unsigned take_symbol(Bits *b, const Code *code) {
  unsigned entry = code->fast[peek(b, FAST)];
  if (entry) {
    skip(b, entry & 15);
    return entry >> 4;
  }
  unsigned value = 0, first = 0, place = 0;
  for (unsigned length = 1; length <= LONGEST; length++) {
    unsigned count = code->counts[length];
    value = value << 1 | (unsigned)(b->bits >> (length - 1) & 1);
    if (value - first < count) {
      skip(b, length);
      return code->symbols[place + value - first];
    }
    place += count;
    first = (first + count) << 1;
  }
  b->failed = true;
  return LITERALS;
}

static const uint16_t length_bases[29] = {3,  4,  5,  6,  7,  8,  9,  10,  11,  13,
                                          15, 17, 19, 23, 27, 31, 35, 43,  51,  59,
                                          67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_bits[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                        2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

static unsigned distance_bits(unsigned symbol) { return symbol < 4 ? 0 : symbol / 2 - 1; }

static unsigned distance_base(unsigned symbol) {
  return symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << distance_bits(symbol)) + 1;
}

/// Reads the codes of a block (RFC 1951, section 3.2.7).
static bool read_codes(Bits *b, Code *literals, Code *distances) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
  unsigned literal_count = take(b, 5) + 257, distance_count = take(b, 5) + 1;
  unsigned length_count = take(b, 4) + 4, total = literal_count + distance_count;
  uint8_t lengths[LITERALS + DISTANCES + 138] = {0};
  for (unsigned i = 0; i < length_count; i++) lengths[order[i]] = (uint8_t)take(b, 3);
  if (literal_count > 286 || b->failed || !make_code(literals, lengths, 19)) return false;
  memset(lengths, 0, sizeof lengths);
  for (unsigned i = 0; i < total;) {
    fill(b);
    unsigned symbol = take_symbol(b, literals), repeat = 1;
    uint8_t length = (uint8_t)symbol;
    if (symbol == 16) {
      if (!i) return false;
      length = lengths[i - 1];
      repeat = 3 + take(b, 2);
    } else if (symbol > 16) {
      length = 0;
      repeat = symbol == 17 ? 3 + take(b, 3) : 11 + take(b, 7);
    }
    if (b->failed || repeat > total - i) return false;
    memset(lengths + i, length, repeat);
    i += repeat;
  }
  return make_code(literals, lengths, literal_count) &&
         make_code(distances, lengths + literal_count, distance_count);
}

static void fixed_codes(Code *literals, Code *distances) {
  uint8_t lengths[LITERALS];
  for (unsigned i = 0; i < LITERALS; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  make_code(literals, lengths, LITERALS);
  memset(lengths, 5, DISTANCES);
  make_code(distances, lengths, DISTANCES);
}

/// What is being written.
typedef struct {
  uint8_t *data;
  size_t count, capacity;
  uint32_t *tokens;
  size_t token_count;
} Output;

/// A stored block.
static bool copy_stored(Bits *b, Output *out) {
  skip(b, b->held % 8);
  unsigned count = take(b, 16), check = take(b, 16);
  // What the bits hold goes back to the bytes.
  b->next -= b->held / 8;
  b->bits = b->held = 0;
  if (b->failed || (count ^ check) != 0xffff) return false;
  if (count > (size_t)(b->end - b->next) || count > out->capacity - out->count) return false;
  if (out->data) memcpy(out->data + out->count, b->next, count);
  for (size_t i = out->count; i < out->count + count && i < out->token_count; i++)
    out->tokens[i] = PRN_TOKEN_STORED;
  b->next += count;
  out->count += count;
  return true;
}

static inline void put_token(Output *out, size_t length, uint32_t token) {
  size_t end = out->count + length < out->token_count ? out->count + length : out->token_count;
  for (size_t i = out->count; i < end; i++)
    out->tokens[i] = i == out->count ? token : PRN_TOKEN_INSIDE;
}

/// The literals and matches of a block.
static bool copy_symbols(
    Bits *b, Output *out, const Code *literals, const Code *distances, prn_block *block,
    prn_inflated *result) {
  for (;; block->symbols++) {
    fill(b);
    unsigned symbol = take_symbol(b, literals);
    if (b->failed) return false;
    if (symbol < 256) {
      if (out->count == out->capacity) return false;
      put_token(out, 1, PRN_TOKEN_LITERAL);
      if (out->data) out->data[out->count] = (uint8_t)symbol;
      out->count++;
      continue;
    }
    if (symbol == 256) return true;
    if (symbol > 285) return false;
    symbol -= 257;
    size_t length = length_bases[symbol] + take(b, length_bits[symbol]);
    fill(b);
    unsigned far = take_symbol(b, distances);
    if (far > 29) return false;
    size_t distance = distance_base(far) + take(b, distance_bits(far));
    if (b->failed || distance > out->count || length > out->capacity - out->count) return false;
    put_token(out, length, (uint32_t)(length << 16 | (distance & 0x7fff)));
    if (out->data) {
      uint8_t *to = out->data + out->count;
      if (distance >= length)
        memcpy(to, to - distance, length);
      else
        for (size_t i = 0; i < length; i++) to[i] = to[(ptrdiff_t)i - (ptrdiff_t)distance];
    }
    out->count += length;
    result->matches++;
    if (length < result->shortest) result->shortest = length;
    if (distance > result->farthest) result->farthest = distance;
  }
}

bool prn_inflate(
    const uint8_t *stream, size_t count, uint8_t *data, size_t data_count, uint32_t *tokens,
    size_t token_count, prn_block *blocks, size_t block_count, prn_inflated *result) {
  Bits b = {stream, stream + count, 0, 0, false};
  Output out = {data, 0, data_count, tokens, token_count};
  *result = (prn_inflated){.shortest = 258};
  Code literals, distances;
  bool last = false;
  while (!last) {
    if (result->blocks == block_count) return false;
    last = take(&b, 1);
    prn_block *block = &blocks[result->blocks++];
    *block = (prn_block){.start = out.count, .kind = (uint8_t)take(&b, 2)};
    bool good = block->kind < 3 && !b.failed;
    if (good && block->kind == 0) {
      good = copy_stored(&b, &out);
    } else if (good) {
      if (block->kind == 1)
        fixed_codes(&literals, &distances);
      else
        good = read_codes(&b, &literals, &distances);
      good = good && copy_symbols(&b, &out, &literals, &distances, block, result);
    }
    if (!good) return false;
    block->count = out.count - block->start;
  }
  result->stream = (size_t)(b.next - stream) - b.held / 8;
  result->data = out.count;
  return true;
}

bool prn_tokens_agree(const uint32_t *a, const uint32_t *b, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (a[i] != b[i] && a[i] != PRN_TOKEN_STORED && b[i] != PRN_TOKEN_STORED) return false;
  return true;
}
