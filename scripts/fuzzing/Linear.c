#include "CLinear.h"
#include "Planes.h"

_Static_assert(PRN_LINEAR_PLANES == MOST_PLANES, "planes of pictures");

// Planes alike, but for noise, or of their own.
static Picture draw(Random *r) {
  const Size size = draw_size(r, one_in(r, 200) ? 70000 : 3000);
  Picture p = blank(size, 1 + (int32_t)below(r, PRN_LINEAR_PLANES));
  uint16_t *plane = malloc(p.size * sizeof *plane);
  for (int32_t k = 0; k < p.planes; k++) {
    const uint32_t noise = 1 + below(r, 20);
    if (k == 0 || one_in(r, 2)) {
      draw_plane(r, plane, size, 256);
      for (size_t i = 0; i < p.size; i++) p.values[k][i] = (uint8_t)plane[i];
    } else {
      for (size_t i = 0; i < p.size; i++)
        p.values[k][i] = (uint8_t)(p.values[k - 1][i] + below(r, noise));
    }
  }
  free(plane);
  return p;
}

// The picture of an adversary: he has two tempers, which take turns, and each says how often of
// 256 a value is as far from those around it as can be. Any values have a stream, but random
// streams have those that the codec finds likely; these drive fits and histograms to their ends.
static void oppose(Random *r, Picture *p) {
  static const uint32_t levels[8] = {0, 4, 32, 128, 200, 250, 256, 256};
  const uint32_t often[2] = {levels[below(r, 8)], levels[below(r, 8)]};
  const size_t turn = 1 + below(r, one_in(r, 3) ? 20 : 3000), width = (size_t)p->width;
  for (int32_t k = 0; k < p->planes; k++) {
    uint8_t *v = p->values[k];
    for (size_t i = 0; i < p->size; i++) {
      const int west = i > 0 ? v[i - 1] : 128, north = i >= width ? v[i - width] : west;
      const int around = k > 0 && one_in(r, 2) ? 2 * p->values[k - 1][i] : west + north;
      const int is_contrary = below(r, 256) < often[i / turn % 2];
      v[i] = (uint8_t)(is_contrary ? around < 256 ? 255 : 0 : one_in(r, 2) ? west : around / 2);
    }
  }
}

static prn_linear_result encode_to(prn_range_encoder *encoder, const Picture *p, int version) {
  const uint8_t *const values[PRN_LINEAR_PLANES] = {p->values[0], p->values[1], p->values[2]};
  return prn_linear_encode(encoder, p->width, p->height, p->planes, values, version, NULL);
}

static Stream encode(const Picture *p, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  CHECK(encode_to(&encoder, p, version) == PRN_LINEAR_DONE);
  return finished(&encoder);
}

static prn_linear_result decode(Stream s, Picture *p, int version, prn_stream_check *end) {
  for (int32_t k = 0; k < p->planes; k++) memset(p->values[k], 0, p->size);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_linear_result result =
      prn_linear_decode(&decoder, p->width, p->height, p->planes, p->values, version, NULL);
  CHECK(peak_memory() <= prn_linear_memory(p->width, p->height, p->planes));
  CHECK(seconds() - start < 1 + 0.0004 * (double)p->size * p->planes);
  CHECK(result == PRN_LINEAR_DONE || result == PRN_LINEAR_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  return result;
}

static void decode_any(Stream s, Picture *first, Picture *second) {
  prn_stream_check end[2];
  note_stream(s);
  const prn_linear_result result = decode(s, first, 0, &end[0]);
  CHECK(decode(s, second, version_count() - 1, &end[1]) == result && end[0] == end[1]);
  check_equal(first, second);
}

static Stream round_trip(Random *r, const Picture *p, Picture *found) {
  Stream s = encode(p, 0);
  for (int version = 1; version < version_count(); version++) {
    Stream other = encode(p, version);
    CHECK(other.count == s.count && (s.count == 0 || memcmp(other.bytes, s.bytes, s.count) == 0));
    free_stream(&other);
  }
  prn_stream_check end;
  CHECK(decode(s, found, any_version(r), &end) == PRN_LINEAR_DONE && end == PRN_STREAM_IS_RIGHT);
  check_equal(p, found);
  return s;
}

void fuzz_linear(Random *r) {
  Picture p = draw(r);
  Picture first = blank((Size){p.width, p.height}, p.planes);
  Picture second = blank((Size){p.width, p.height}, p.planes);
  for (int turn = 0; turn < 2; turn++) {
    if (turn == 1) oppose(r, &p);
    Stream s = round_trip(r, &p, &first);
    for (int i = 0; i < DAMAGES; i++) {
      Stream other = damaged(r, s);
      decode_any(other, &first, &second);
      free_stream(&other);
    }
    // Another shape than the stream's.
    Picture third = draw(r), fourth = blank((Size){third.width, third.height}, third.planes);
    decode_any(s, &third, &fourth);
    free_stream(&s);
    free_picture(&third);
    free_picture(&fourth);
  }

  // Short memory.
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 14));
  const prn_linear_result result = encode_to(&encoder, &p, 0);
  CHECK(result == PRN_LINEAR_DONE || result == PRN_LINEAR_OUT_OF_MEMORY);
  fail_allocation(-1);
  prn_encoder_free(&encoder);
  free_picture(&p);
  free_picture(&first);
  free_picture(&second);
}

// Width - 1, height - 1, planes - 1.
void decode_linear(const uint8_t *bytes, size_t count) {
  if (count < 3) return;
  const Size size = {1 + bytes[0], 1 + bytes[1]};
  Picture first = blank(size, 1 + bytes[2] % PRN_LINEAR_PLANES);
  Picture second = blank(size, first.planes);
  decode_any((Stream){(uint8_t *)bytes + 3, count - 3}, &first, &second);
  free_picture(&first);
  free_picture(&second);
}
