#include "CBilevel.h"
#include "Fuzz.h"

typedef struct {
  int32_t width, height, depth;
  ptrdiff_t stride;
  size_t size;
  uint8_t *pixels;
} Picture;

enum { BETWEEN_ROWS = 0xA5 };

static Picture blank(Size size, int32_t depth, ptrdiff_t stride) {
  Picture p = {size.width, size.height, depth, stride, 0, NULL};
  p.size = (size_t)stride * (size_t)(size.height - 1) + (size_t)size.width;
  p.pixels = malloc(p.size);
  memset(p.pixels, BETWEEN_ROWS, p.size);
  return p;
}

static Picture draw(Random *r) {
  const Size size = draw_size(r, one_in(r, 200) ? 70000 : 3000);
  const int32_t depth = 1 << below(r, 3);
  Picture p = blank(size, depth, size.width + (one_in(r, 2) ? 0 : (int32_t)below(r, 20)));
  uint16_t *plane = malloc((size_t)size.width * (size_t)size.height * sizeof *plane);
  draw_plane(r, plane, size, 1u << depth);
  for (int32_t y = 0; y < size.height; y++)
    for (int32_t x = 0; x < size.width; x++)
      p.pixels[y * p.stride + x] = (uint8_t)plane[(ptrdiff_t)y * size.width + x];
  free(plane);
  return p;
}

static Stream encode(const Picture *p, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  CHECK(prn_bilevel_encode(
            &encoder, p->width, p->height, p->depth, p->pixels, p->stride, version, NULL)
        == PRN_BILEVEL_DONE);
  return finished(&encoder);
}

static prn_bilevel_result decode(Stream s, Picture *p, int version, prn_stream_check *end) {
  memset(p->pixels, BETWEEN_ROWS, p->size);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_bilevel_result result = prn_bilevel_decode(
      &decoder, p->width, p->height, p->depth, p->pixels, p->stride, version, NULL);
  CHECK(peak_memory() <= prn_bilevel_memory(p->width, p->height, p->depth));
  CHECK(seconds() - start < 1 + 0.0004 * p->width * p->height);
  CHECK(result == PRN_BILEVEL_DONE || result == PRN_BILEVEL_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  // Pixels are in range; of a corrupt stream, some rows may be as they were.
  for (size_t i = 0; i < p->size; i++)
    if ((ptrdiff_t)i % p->stride >= p->width)
      CHECK(p->pixels[i] == BETWEEN_ROWS);
    else
      CHECK(p->pixels[i] < 1 << p->depth || result == PRN_BILEVEL_CORRUPT);
  return result;
}

static void decode_any(Stream s, Picture *first, Picture *second) {
  prn_stream_check end[2];
  note_stream(s);
  const prn_bilevel_result result = decode(s, first, 0, &end[0]);
  CHECK(decode(s, second, version_count() - 1, &end[1]) == result && end[0] == end[1]);
  CHECK(memcmp(first->pixels, second->pixels, first->size) == 0);
}

static Stream round_trip(Random *r, const Picture *p, Picture *found) {
  Stream s = encode(p, 0);
  for (int version = 1; version < version_count(); version++) {
    Stream other = encode(p, version);
    CHECK(other.count == s.count && (s.count == 0 || memcmp(other.bytes, s.bytes, s.count) == 0));
    free_stream(&other);
  }
  prn_stream_check end;
  CHECK(decode(s, found, any_version(r), &end) == PRN_BILEVEL_DONE && end == PRN_STREAM_IS_RIGHT);
  CHECK(memcmp(found->pixels, p->pixels, p->size) == 0);
  return s;
}

void fuzz_bilevel(Random *r) {
  Picture p = draw(r);
  Picture first = blank((Size){p.width, p.height}, p.depth, p.stride);
  Picture second = blank((Size){p.width, p.height}, p.depth, p.stride);
  Stream s = round_trip(r, &p, &first);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    decode_any(other, &first, &second);
    free_stream(&other);
  }
  free_stream(&s);

  // The picture of an adversary.
  prn_stream_check end;
  begin_contrary(r);
  decode((Stream){0}, &first, any_version(r), &end);
  end_contrary();
  s = round_trip(r, &first, &second);

  // Another shape than the stream's, and short memory.
  Picture third = draw(r);
  Picture fourth = blank((Size){third.width, third.height}, third.depth, third.stride);
  decode_any(s, &third, &fourth);
  free_stream(&s);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 8));
  const prn_bilevel_result result =
      prn_bilevel_encode(&encoder, p.width, p.height, p.depth, p.pixels, p.stride, 0, NULL);
  CHECK(result == PRN_BILEVEL_DONE || result == PRN_BILEVEL_OUT_OF_MEMORY);
  fail_allocation(-1);
  prn_encoder_free(&encoder);
  free(p.pixels);
  free(first.pixels);
  free(second.pixels);
  free(third.pixels);
  free(fourth.pixels);
}

void decode_bilevel(const uint8_t *bytes, size_t count) {
  if (count < 3) return;
  const Size size = {1 + bytes[0], 1 + bytes[1]};
  const int32_t depth = 1 << bytes[2] % 3;
  Picture first = blank(size, depth, size.width + (bytes[2] >> 4));
  Picture second = blank(size, depth, first.stride);
  decode_any((Stream){(uint8_t *)bytes + 3, count - 3}, &first, &second);
  free(first.pixels);
  free(second.pixels);
}
