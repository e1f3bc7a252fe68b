#include "CBytes.h"
#include "Fuzz.h"

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} Entries;

static void put(Entries *e, const void *bytes, size_t count) {
  if (e->count + count > e->capacity) return;
  memcpy(e->bytes + e->count, bytes, count);
  e->count += count;
}

static void put_byte(Entries *e, uint32_t byte) {
  const uint8_t b = (uint8_t)byte;
  put(e, &b, 1);
}

static void put_length(Entries *e, uint32_t length) {
  for (; length >= 128; length >>= 7) put_byte(e, (length & 127) | 128);
  put_byte(e, length);
}

// Texts, tables of colours, small numbers, or anything.
static void put_data(Random *r, Entries *e, uint32_t length) {
  static const char words[] = "Comment\0Software\0Created with GIMP http://www.w3.org/ x\234 2020";
  const uint32_t kind = below(r, 5), first = below(r, 256), step = below(r, 40);
  for (uint32_t i = 0; i < length; i++)
    switch (kind) {
      case 0: put_byte(e, (uint8_t)words[(i + first) % sizeof words]); break;
      case 1: put_byte(e, first + i / 3 * step); break;
      case 2: put_byte(e, below(r, 5)); break;
      case 3: put_byte(e, one_in(r, 30) ? below(r, 256) : first); break;
      default: put_byte(e, below(r, 256));
    }
}

static Entries draw(Random *r) {
  static const char types[][5] = {"PLTE", "tRNS", "fLTr", "tEXt", "iTXt", "fdAT", "iCCP",
                                  "zTXt", "gAMA", "pHYs", "IDAT", "bKGD", "eXIf", "tIME"};
  const uint32_t most = one_in(r, 40) ? 70000 : one_in(r, 4) ? 6000 : 600;
  Entries e = {malloc((size_t)most + 16), 0, (size_t)most + 16};
  for (uint32_t i = below(r, 12); i > 0; i--) {
    const uint32_t length = one_in(r, 6) ? 0 : below(r, one_in(r, 3) ? most : 100);
    if (e.count + length + 9 > most) break;
    char type[4];
    memcpy(type, types[below(r, 14)], 4);
    if (one_in(r, 10)) type[below(r, 4)] = (char)(1 + below(r, 255));
    put(&e, type, 4);
    put_length(&e, length);
    put_data(r, &e, length);
  }
  // Of the exact size.
  uint8_t *exact = malloc(e.count);
  if (e.count > 0) memcpy(exact, e.bytes, e.count);
  free(e.bytes);
  e.bytes = exact;
  return e;
}

static Stream encode(const Entries *e, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  CHECK(prn_bytes_encode(&encoder, e->bytes, e->count, version) == PRN_BYTES_DONE);
  return finished(&encoder);
}

static prn_bytes_result decode(
    Stream s, size_t limit, int version, Entries *found, prn_stream_check *end) {
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_bytes_result result =
      prn_bytes_decode(&decoder, limit, version, &found->bytes, &found->count);
  CHECK(peak_memory() <= prn_bytes_memory(limit) + limit / 2);
  CHECK(seconds() - start < 2 + 0.001 * (double)limit);
  CHECK(result == PRN_BYTES_DONE || result == PRN_BYTES_CORRUPT || result == PRN_BYTES_OVER_LIMIT);
  CHECK(found->count <= limit && (result == PRN_BYTES_DONE) == (found->bytes != NULL));
  // A decoder that is corrupt may have ended its file: its last check finds it.
  if (result == PRN_BYTES_DONE) CHECK(prn_bytes_are_entries(found->bytes, found->count));
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  return result;
}

static bool are_equal(const Entries *a, const Entries *b) {
  return a->count == b->count && (a->count == 0 || memcmp(a->bytes, b->bytes, a->count) == 0);
}

static void round_trip(Random *r, const Entries *e, Stream *stream) {
  Stream s = encode(e, 0);
  for (int version = 1; version < version_count(); version++) {
    Stream other = encode(e, version);
    CHECK(other.count == s.count && (s.count == 0 || memcmp(other.bytes, s.bytes, s.count) == 0));
    free_stream(&other);
  }
  Entries found;
  prn_stream_check end;
  CHECK(decode(s, e->count + below(r, 2), any_version(r), &found, &end) == PRN_BYTES_DONE);
  CHECK(end == PRN_STREAM_IS_RIGHT && are_equal(&found, e));
  prn_bytes_free(found.bytes);
  *stream = s;
}

static void decode_any(Stream s, size_t limit) {
  Entries found[2];
  prn_stream_check end[2];
  note_stream(s);
  const prn_bytes_result result = decode(s, limit, 0, &found[0], &end[0]);
  CHECK(decode(s, limit, version_count() - 1, &found[1], &end[1]) == result && end[0] == end[1]);
  CHECK(are_equal(&found[0], &found[1]));
  for (int i = 0; i < 2; i++) prn_bytes_free(found[i].bytes);
}

void fuzz_bytes(Random *r) {
  Entries e = draw(r);
  Stream s;
  round_trip(r, &e, &s);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    decode_any(other, one_in(r, 4) ? below(r, (uint32_t)e.count + 1) : 2 * e.count + 300);
    free_stream(&other);
  }
  free_stream(&s);

  // The entries of an adversary.
  Entries found;
  prn_stream_check end;
  begin_contrary(r);
  const prn_bytes_result result =
      decode((Stream){0}, below(r, one_in(r, 8) ? 70000 : 5000), any_version(r), &found, &end);
  end_contrary();
  if (result == PRN_BYTES_DONE) {
    round_trip(r, &found, &s);
    free_stream(&s);
  }
  prn_bytes_free(found.bytes);

  // Bytes that may be no entries, and short memory.
  if (e.count > 0) e.bytes[below(r, (uint32_t)e.count)] = (uint8_t)next(r);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 4));
  const prn_bytes_result short_of = prn_bytes_encode(&encoder, e.bytes, e.count, 0);
  fail_allocation(-1);
  CHECK(short_of == PRN_BYTES_DONE || short_of == PRN_BYTES_OUT_OF_MEMORY
        || (short_of == PRN_BYTES_NOT_ENTRIES && !prn_bytes_are_entries(e.bytes, e.count)));
  prn_encoder_free(&encoder);
  free(e.bytes);
}

void decode_bytes(const uint8_t *bytes, size_t count) {
  if (count < 2) return;
  const size_t limit = (size_t)bytes[0] << (bytes[1] & 7);
  decode_any((Stream){(uint8_t *)bytes + 2, count - 2}, limit);
}
