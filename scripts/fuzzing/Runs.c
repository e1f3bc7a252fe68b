#include "CRuns.h"
#include "Fuzz.h"

typedef struct {
  prn_runs_shape shape;
  size_t pixels;
  uint8_t *planes[PRN_RUNS_CHANNELS];
} Picture;

static Picture blank(const prn_runs_shape *shape) {
  Picture p = {.shape = *shape, .pixels = (size_t)shape->rows * (size_t)shape->columns};
  for (int32_t c = 0; c < shape->channels; c++) p.planes[c] = calloc(p.pixels, 1);
  return p;
}

static void discard(Picture *p) {
  for (int32_t c = 0; c < p->shape.channels; c++) free(p->planes[c]);
}

static prn_runs_shape draw_shape(Random *r) {
  const Size size = draw_size(r, one_in(r, 200) ? 70000 : 3000);
  prn_runs_shape s = {size.height, size.width, 1 + (int32_t)below(r, PRN_RUNS_CHANNELS), 0, 0};
  s.has_alpha = one_in(r, 3);
  if (one_in(r, 3)) {
    s.channels = 1;
    s.colours = one_in(r, 3) ? 256 : 1 + (int32_t)below(r, one_in(r, 2) ? 256 : 20);
  }
  return s;
}

// Channels alike, or of their own.
static Picture draw(Random *r, const prn_runs_shape *shape) {
  Picture p = blank(shape);
  uint16_t *plane = malloc(p.pixels * sizeof *plane);
  for (int32_t c = 0; c < shape->channels; c++) {
    if (c == 0 || one_in(r, 2))
      draw_plane(
          r, plane, (Size){shape->columns, shape->rows},
          shape->colours ? (uint32_t)shape->colours : 256);
    for (size_t i = 0; i < p.pixels; i++) p.planes[c][i] = (uint8_t)plane[i];
  }
  free(plane);
  return p;
}

static prn_runs_result decode(Stream s, Picture *found, prn_stream_check *end) {
  for (int32_t c = 0; c < found->shape.channels; c++) memset(found->planes[c], 0, found->pixels);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_runs_result result = prn_runs_decode(&decoder, &found->shape, found->planes, NULL);
  CHECK(peak_memory() <= prn_runs_memory(&found->shape));
  CHECK(seconds() - start < 1 + 0.0004 * (double)found->pixels * found->shape.channels);
  CHECK(result == PRN_RUNS_DONE || result == PRN_RUNS_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  return result;
}

// Any stream: it gives no number that the bits of a number do not hold.
static void decode_any(Stream s, Picture *found) {
  prn_stream_check end;
  note_stream(s);
  decode(s, found, &end);
  int32_t most = 1;
  while (most < found->shape.colours) most *= 2;
  for (size_t i = 0; found->shape.colours && i < found->pixels; i++)
    CHECK(found->planes[0][i] < most);
}

static prn_runs_result encode_to(prn_range_encoder *encoder, const Picture *p) {
  return prn_runs_encode(encoder, &p->shape, (const uint8_t *const *)p->planes, NULL);
}

static Stream round_trip(const Picture *p, Picture *found) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  CHECK(encode_to(&encoder, p) == PRN_RUNS_DONE);
  Stream s = finished(&encoder);
  prn_stream_check end;
  CHECK(decode(s, found, &end) == PRN_RUNS_DONE && end == PRN_STREAM_IS_RIGHT);
  for (int32_t c = 0; c < p->shape.channels; c++)
    CHECK(memcmp(found->planes[c], p->planes[c], p->pixels) == 0);
  return s;
}

// One allocation fails, of the encoder's and of the decoder's.
static void starve(Random *r, Stream s, Picture *p) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 16));
  prn_runs_result result = encode_to(&encoder, p);
  fail_allocation(-1);
  CHECK(result == PRN_RUNS_DONE || result == PRN_RUNS_OUT_OF_MEMORY);
  prn_encoder_free(&encoder);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  fail_allocation(below(r, 16));
  result = prn_runs_decode(&decoder, &p->shape, p->planes, NULL);
  fail_allocation(-1);
  CHECK(result == PRN_RUNS_DONE || result == PRN_RUNS_OUT_OF_MEMORY);
  prn_decoder_free(&decoder);
}

void fuzz_runs(Random *r) {
  const prn_runs_shape shape = draw_shape(r);
  Picture p = draw(r, &shape), found = blank(&shape);
  Stream s = round_trip(&p, &found);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    decode_any(other, &found);
    free_stream(&other);
  }
  free_stream(&s);

  // The picture of an adversary, as far as it is legal; numbers beyond the colours count as others.
  prn_stream_check end;
  begin_contrary(r);
  decode((Stream){0}, &p, &end);
  end_contrary();
  for (size_t i = 0; shape.colours && i < p.pixels; i++)
    p.planes[0][i] = (uint8_t)(p.planes[0][i] % shape.colours);
  s = round_trip(&p, &found);

  // Another shape than the stream's, and short memory.
  const prn_runs_shape another = draw_shape(r);
  Picture third = blank(&another);
  decode_any(s, &third);
  starve(r, s, &p);
  free_stream(&s);
  discard(&p);
  discard(&found);
  discard(&third);
}

// Rows - 1, columns - 1, channels - 1 with bit 2 of alpha, and colours.
void decode_runs(const uint8_t *bytes, size_t count) {
  if (count < 4) return;
  prn_runs_shape shape = {1 + bytes[0], 1 + bytes[1], 1 + bytes[2] % 4, bytes[2] >> 2 & 1, 0};
  if (shape.channels == 1) shape.colours = bytes[3];
  Picture found = blank(&shape);
  decode_any((Stream){(uint8_t *)bytes + 4, count - 4}, &found);
  discard(&found);
}
