#include "CSparse.h"
#include "Planes.h"

_Static_assert(PRN_SPARSE_PLANES == MOST_PLANES, "planes of pictures");

static Picture draw(Random *r) {
  const Size size = draw_size(r, one_in(r, 200) ? 70000 : 3000);
  Picture p = blank(size, 1 + (int32_t)below(r, PRN_SPARSE_PLANES));
  const uint32_t gap = 1 + below(r, one_in(r, 2) ? 3 : 300);
  uint16_t *plane = malloc(p.size * sizeof *plane);
  for (int32_t k = 0; k < p.planes; k++) {
    draw_plane(r, plane, size, 256);
    for (size_t i = 0; i < p.size; i++) p.values[k][i] = one_in(r, gap) ? (uint8_t)plane[i] : 0;
  }
  free(plane);
  return p;
}

static Stream encode(const Picture *p) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  const uint8_t *const values[PRN_SPARSE_PLANES] = {p->values[0], p->values[1], p->values[2]};
  CHECK(prn_sparse_encode(&encoder, p->width, p->height, p->planes, values, NULL)
        == PRN_SPARSE_DONE);
  return finished(&encoder);
}

static prn_sparse_result decode(Stream s, Picture *p, prn_stream_check *end) {
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_sparse_result result =
      prn_sparse_decode(&decoder, p->width, p->height, p->planes, p->values, NULL);
  CHECK(peak_memory() <= prn_sparse_memory(p->width, p->height, p->planes));
  CHECK(seconds() - start < 1 + 0.0004 * p->width * p->height);
  CHECK(result == PRN_SPARSE_DONE || result == PRN_SPARSE_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  return result;
}

static Stream round_trip(const Picture *p, Picture *found) {
  Stream s = encode(p);
  prn_stream_check end;
  CHECK(decode(s, found, &end) == PRN_SPARSE_DONE && end == PRN_STREAM_IS_RIGHT);
  check_equal(p, found);
  return s;
}

void fuzz_sparse(Random *r) {
  Picture p = draw(r), found = blank((Size){p.width, p.height}, p.planes);
  prn_stream_check end;
  Stream s = round_trip(&p, &found);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    note_stream(other);
    decode(other, &found, &end);
    free_stream(&other);
  }
  free_stream(&s);

  // The picture of an adversary.
  begin_contrary(r);
  decode((Stream){0}, &found, &end);
  end_contrary();
  Picture again = blank((Size){p.width, p.height}, p.planes);
  s = round_trip(&found, &again);

  // Another shape than the stream's, and short memory.
  Picture third = draw(r);
  decode(s, &third, &end);
  free_stream(&s);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 4));
  const uint8_t *const values[PRN_SPARSE_PLANES] = {p.values[0], p.values[1], p.values[2]};
  const prn_sparse_result result =
      prn_sparse_encode(&encoder, p.width, p.height, p.planes, values, NULL);
  CHECK(result == PRN_SPARSE_DONE || result == PRN_SPARSE_OUT_OF_MEMORY);
  fail_allocation(-1);
  prn_encoder_free(&encoder);
  free_picture(&p);
  free_picture(&found);
  free_picture(&again);
  free_picture(&third);
}

void decode_sparse(const uint8_t *bytes, size_t count) {
  if (count < 3) return;
  Picture p = blank((Size){1 + bytes[0], 1 + bytes[1]}, 1 + bytes[2] % PRN_SPARSE_PLANES);
  prn_stream_check end;
  decode((Stream){(uint8_t *)bytes + 3, count - 3}, &p, &end);
  free_picture(&p);
}
