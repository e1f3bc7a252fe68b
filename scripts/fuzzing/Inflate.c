#include <zlib.h>

#include "Fuzz.h"
#include "PNGStreams.h"

// Deflate streams, beside zlib's own decoder.

enum { MOST_BLOCKS = 4000 };

typedef struct {
  uint8_t *bytes;
  size_t count;
} Data;

// Rows of slopes, noise and repeats, as bytes.
static Data draw(Random *r) {
  const Size size = draw_size(r, one_in(r, 20) ? 120000 : 3000);
  Data d = {NULL, (size_t)size.width * (size_t)size.height};
  uint16_t *plane = malloc(d.count * sizeof *plane);
  draw_plane(r, plane, size, one_in(r, 3) ? 4 : 256);
  d.bytes = malloc(d.count);
  for (size_t i = 0; i < d.count; i++) d.bytes[i] = (uint8_t)plane[i];
  free(plane);
  return d;
}

// zlib's stream of data that it gets in pieces, with flushes between them.
static Stream deflated(Random *r, Data data) {
  static const int flushes[4] = {Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH};
  prn_deflater *deflater = prn_deflater_create(
      1 + (int)below(r, 9), 9 + (int)below(r, 7), 1 + (int)below(r, 9), (int)below(r, 5));
  CHECK(deflater);
  Stream s = {NULL, 0};
  uint8_t *piece = malloc(1 << 19);
  for (size_t given = 0, is_last = 0; !is_last;) {
    const size_t left = data.count - given;
    const size_t count = one_in(r, 2) ? left : below(r, (uint32_t)left + 1);
    is_last = count == left;
    prn_deflater_give(deflater, data.bytes + given, count);
    given += count;
    const int flush = is_last ? Z_FINISH : flushes[below(r, 4)];
    const size_t capacity = is_last && one_in(r, 2) ? 1 + below(r, 500) : 1 << 19;
    for (size_t taken = capacity; taken == capacity;) {
      taken = prn_deflater_take(deflater, flush, piece, capacity);
      if (taken == 0) break;
      s.bytes = realloc(s.bytes, s.count + taken);
      memcpy(s.bytes + s.count, piece, taken);
      s.count += taken;
    }
  }
  free(piece);
  prn_deflater_destroy(deflater);
  return s;
}

typedef struct {
  bool is_good;
  uint8_t *data;
  uint32_t *tokens;
  size_t token_count;
  prn_block *blocks;
  prn_inflated found;
} Result;

// What is written lies in memory of the exact size.
static Result inflated(Stream s, size_t data_count, size_t token_count, size_t block_count) {
  Result x = {.token_count = token_count};
  x.data = malloc(data_count);
  x.tokens = malloc(token_count * sizeof *x.tokens);
  x.blocks = malloc(block_count * sizeof *x.blocks);
  const double start = seconds();
  watch_memory();
  x.is_good = prn_inflate(
      s.bytes, s.count, x.data, data_count, x.tokens, token_count, x.blocks, block_count,
      &x.found);
  CHECK(peak_memory() == 0);
  // A block costs its tables.
  CHECK(seconds() - start < 0.2 + 1e-5 * (double)(s.count + data_count));
  return x;
}

static void discard(Result *x) {
  free(x->data);
  free(x->tokens);
  free(x->blocks);
}

// Whether tokens, blocks and sums say the same.
static void check_result(const Result *x, Stream s) {
  const prn_inflated *f = &x->found;
  CHECK(f->stream <= s.count && f->blocks >= 1 && f->shortest <= 258 && f->farthest <= 32768);
  size_t at = 0;
  for (size_t i = 0; i < f->blocks; i++) {
    CHECK(x->blocks[i].start == at && x->blocks[i].kind < 3);
    CHECK(x->blocks[i].kind != 0 || x->blocks[i].symbols == 0);
    at += x->blocks[i].count;
  }
  CHECK(at == f->data);
  const size_t count = f->data < x->token_count ? f->data : x->token_count;
  for (size_t i = 0; i < count; i++) {
    const uint32_t token = x->tokens[i];
    if (token >= PRN_TOKEN_STORED) continue;
    const size_t length = token >> 16, low = token & 0xffff, distance = low ? low : 32768;
    CHECK(length >= f->shortest && length <= 258 && distance <= f->farthest && distance <= i);
    for (size_t j = 0; j < length && i + j < f->data; j++) {
      CHECK(x->data[i + j] == x->data[i + j - distance]);
      if (j > 0 && i + j < count) CHECK(x->tokens[i + j] == PRN_TOKEN_INSIDE);
    }
  }
  CHECK(prn_tokens_agree(x->tokens, x->tokens, count));
}

// zlib takes no more than this decoder, which does not mind codes that are not complete.
static void compare_with_zlib(const Result *x, Stream s, size_t data_count) {
  uint8_t *data = malloc(data_count + 1);
  z_stream zlib = {.next_in = s.bytes, .avail_in = (uInt)s.count, .next_out = data};
  zlib.avail_out = (uInt)data_count + 1;
  CHECK(inflateInit2(&zlib, -15) == Z_OK);
  const int status = inflate(&zlib, Z_FINISH);
  if (status == Z_STREAM_END && zlib.total_out <= data_count) {
    CHECK(x->is_good || x->found.blocks == MOST_BLOCKS);
    if (x->is_good) {
      CHECK(x->found.data == zlib.total_out && x->found.stream == zlib.total_in);
      CHECK(zlib.total_out == 0 || memcmp(x->data, data, zlib.total_out) == 0);
    }
  }
  inflateEnd(&zlib);
  free(data);
}

static void decode_any(Stream s, size_t data_count, size_t token_count) {
  note_stream(s);
  Result x = inflated(s, data_count, token_count, MOST_BLOCKS);
  if (x.is_good) check_result(&x, s);
  compare_with_zlib(&x, s, data_count);
  // Without data, the same.
  prn_inflated found;
  CHECK(prn_inflate(
            s.bytes, s.count, NULL, data_count, NULL, 0, x.blocks, MOST_BLOCKS, &found)
        == x.is_good);
  CHECK(found.blocks == x.found.blocks && found.matches == x.found.matches
        && (!x.is_good || (found.data == x.found.data && found.stream == x.found.stream)));
  discard(&x);
}

// A stream of symbols and lengths of codes that are drawn: headers that zlib would not write.
static Stream drawn_stream(Random *r) {
  Stream s = {calloc(3000, 1), 0};
  size_t bits = 0;
  const size_t most = 8 * (1 + below(r, 2990));
  // First the end of the stream and the kind, then what may be a header, then anything.
  uint32_t value = one_in(r, 3) ? 4 | 1 : 4, count = 3;
  while (bits < most) {
    for (uint32_t j = 0; j < count; j++, bits++)
      s.bytes[bits / 8] |= (uint8_t)((value >> j & 1) << (bits % 8));
    // Lengths of codes up to 7 are more likely to be small sets.
    value = one_in(r, 3) ? (uint32_t)next(r) : below(r, 4);
    count = bits < 17 ? 5 : one_in(r, 2) ? 3 : 1 + below(r, 8);
  }
  s.count = (bits + 7) / 8;
  Stream exact = {memcpy(malloc(s.count), s.bytes, s.count), s.count};
  free(s.bytes);
  return exact;
}

void fuzz_inflate(Random *r) {
  const Data data = draw(r);
  Stream s = deflated(r, data);
  Result x = inflated(s, data.count, data.count, MOST_BLOCKS);
  CHECK(x.is_good || x.found.blocks == MOST_BLOCKS);
  if (x.is_good) {
    check_result(&x, s);
    CHECK(x.found.data == data.count && x.found.stream == s.count);
    CHECK(memcmp(x.data, data.bytes, data.count) == 0);
  }
  // One byte or block too few.
  Result less = inflated(s, data.count - 1, 0, MOST_BLOCKS);
  CHECK(!less.is_good);
  discard(&less);
  less = inflated(s, data.count, 0, x.found.blocks - 1);
  CHECK(!less.is_good);
  discard(&less);
  discard(&x);
  for (int i = 0; i < 4 * DAMAGES; i++) {
    Stream other = i % 4 == 3 ? drawn_stream(r) : damaged(r, s);
    const size_t most = data.count + below(r, 3000);
    decode_any(other, most, below(r, (uint32_t)most + 1));
    free_stream(&other);
  }
  free_stream(&s);
  free(data.bytes);
  fail_allocation(0);
  CHECK(!prn_deflater_create(6, 15, 8, 0));
  fail_allocation(-1);
}

void decode_inflate(const uint8_t *bytes, size_t count) {
  if (count > 0) decode_any((Stream){(uint8_t *)bytes + 1, count - 1}, 20000, 97 * bytes[0]);
}
