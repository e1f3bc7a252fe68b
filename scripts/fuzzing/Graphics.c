#include "CGraphics.h"
#include "Fuzz.h"

typedef struct {
  prn_graphics_shape shape;
  size_t pixels;
  uint8_t *planes[PRN_GRAPHICS_CHANNELS];
  // NULL, or what the decoder knows.
  uint8_t *known;
} Picture;

static Picture blank(const prn_graphics_shape *shape, const uint8_t *known) {
  Picture p = {.shape = *shape, .pixels = (size_t)shape->rows * (size_t)shape->columns};
  for (int32_t c = 0; c < shape->channels; c++) p.planes[c] = calloc(p.pixels, 1);
  if (known) p.known = memcpy(malloc(p.pixels), known, p.pixels);
  return p;
}

static void discard(Picture *p) {
  for (int32_t c = 0; c < p->shape.channels; c++) free(p->planes[c]);
  free(p->known);
}

static prn_graphics_shape draw_shape(Random *r) {
  const Size size = draw_size(r, one_in(r, 200) ? 70000 : 1500);
  prn_graphics_shape s = {size.height, size.width, 1 + (int32_t)below(r, 4), 0, 0};
  s.has_alpha = (s.channels & 1) == 0 && one_in(r, 2);
  if (one_in(r, 3)) {
    s.channels = 1;
    s.has_alpha = 0;
    s.colours = one_in(r, 3) ? 256 : 1 + (int32_t)below(r, one_in(r, 2) ? 256 : 20);
  }
  return s;
}

static Picture draw(Random *r, const prn_graphics_shape *shape) {
  Picture p = blank(shape, NULL);
  const Size size = {shape->columns, shape->rows};
  uint16_t *plane = malloc(p.pixels * sizeof *plane);
  for (int32_t c = 0; c < shape->channels; c++) {
    if (c == 0 || one_in(r, 2))
      draw_plane(r, plane, size, shape->colours ? (uint32_t)shape->colours : 256);
    for (size_t i = 0; i < p.pixels; i++) p.planes[c][i] = (uint8_t)plane[i];
  }
  if (one_in(r, 3)) {
    draw_plane(r, plane, size, one_in(r, 2) ? 2 : 200);
    p.known = malloc(p.pixels);
    for (size_t i = 0; i < p.pixels; i++) p.known[i] = (uint8_t)plane[i];
  }
  free(plane);
  return p;
}

// Decodes; what is known is that of `original`, if not NULL. Gives the status, and of the stream
// whether it is right to its end.
static int decode(
    Stream s, Picture *found, const Picture *original, int version, prn_stream_check *end) {
  for (int32_t c = 0; c < found->shape.channels; c++)
    for (size_t i = 0; i < found->pixels; i++)
      found->planes[c][i] =
          original && found->known && found->known[i] ? original->planes[c][i] : 0;
  const size_t most = prn_graphics_memory(&found->shape);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  prn_graphics *g = prn_graphics_create(&found->shape, version);
  CHECK(g);
  const int status = prn_graphics_decode(g, &decoder, found->planes, found->known, NULL);
  prn_graphics_destroy(g);
  CHECK(peak_memory() <= most);
  CHECK(seconds() - start < 1 + 0.0004 * (double)found->pixels * found->shape.channels);
  CHECK(status == PRN_GRAPHICS_DONE || status == PRN_GRAPHICS_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  return status;
}

static bool are_equal(const Picture *a, const Picture *b) {
  for (int32_t c = 0; c < a->shape.channels; c++)
    if (memcmp(a->planes[c], b->planes[c], a->pixels) != 0) return false;
  return true;
}

// Any stream: every version finds the same.
static void decode_any(Stream s, Picture *first, Picture *second, const Picture *original) {
  prn_stream_check end[2];
  note_stream(s);
  const int version = version_count() - 1;
  const int status = decode(s, first, original, 0, &end[0]);
  CHECK(decode(s, second, original, version, &end[1]) == status && end[0] == end[1]);
  CHECK(are_equal(first, second));
}

static Stream encode(const Picture *p, int version) {
  prn_graphics *g = prn_graphics_create(&p->shape, version);
  CHECK(g);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  const size_t side = PRN_GRAPHICS_BLOCK;
  const size_t blocks = ((size_t)p->shape.rows + side - 1) / side
                        * (((size_t)p->shape.columns + side - 1) / side);
  uint64_t *costs = calloc(blocks, sizeof *costs);
  prn_graphics_encode(g, &encoder, (const uint8_t *const *)p->planes, p->known, costs, NULL);
  prn_graphics_destroy(g);
  free(costs);
  return finished(&encoder);
}

// Every version writes the same, and finds it again.
static Stream round_trip(Random *r, const Picture *p, Picture *found) {
  Stream s = encode(p, 0);
  for (int version = 1; version < version_count(); version++) {
    Stream other = encode(p, version);
    CHECK(other.count == s.count && (s.count == 0 || memcmp(other.bytes, s.bytes, s.count) == 0));
    free_stream(&other);
  }
  prn_stream_check end;
  CHECK(decode(s, found, p, any_version(r), &end) == PRN_GRAPHICS_DONE);
  CHECK(end == PRN_STREAM_IS_RIGHT && are_equal(found, p));
  return s;
}

void fuzz_graphics(Random *r) {
  const prn_graphics_shape shape = draw_shape(r);
  Picture p = draw(r, &shape);
  Picture first = blank(&shape, p.known), second = blank(&shape, p.known);
  Stream s = round_trip(r, &p, &first);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    decode_any(other, &first, &second, &p);
    free_stream(&other);
  }
  free_stream(&s);

  // The picture of an adversary; numbers beyond the colours count as others.
  prn_stream_check end;
  begin_contrary(r);
  decode((Stream){0}, &first, &p, any_version(r), &end);
  end_contrary();
  for (size_t i = 0; shape.colours && i < first.pixels; i++)
    first.planes[0][i] = (uint8_t)(first.planes[0][i] % shape.colours);
  s = round_trip(r, &first, &second);

  // Another shape than the stream's, and short memory.
  const prn_graphics_shape another = draw_shape(r);
  Picture third = blank(&another, NULL), fourth = blank(&another, NULL);
  decode_any(s, &third, &fourth, NULL);
  free_stream(&s);
  fail_allocation(below(r, 60));
  prn_graphics *g = prn_graphics_create(&shape, 0);
  fail_allocation(-1);
  prn_graphics_destroy(g);
  discard(&p);
  discard(&first);
  discard(&second);
  discard(&third);
  discard(&fourth);
}

void decode_graphics(const uint8_t *bytes, size_t count) {
  if (count < 4) return;
  prn_graphics_shape shape = {1 + bytes[0], 1 + bytes[1], 1 + bytes[2] % 4, bytes[2] >> 2 & 1, 0};
  if (shape.channels == 1) shape.colours = bytes[3];
  Picture first = blank(&shape, NULL), second = blank(&shape, NULL);
  decode_any((Stream){(uint8_t *)bytes + 4, count - 4}, &first, &second, NULL);
  discard(&first);
  discard(&second);
}
