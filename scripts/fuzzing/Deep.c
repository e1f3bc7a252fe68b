#include "CDeep.h"
#include "Fuzz.h"

typedef struct {
  int32_t width, height, channels;
  uint32_t counts[PRN_DEEP_CHANNELS];
  size_t size;
  uint16_t *samples;
} Picture;

static Picture blank(const Picture *like) {
  Picture p = *like;
  p.samples = calloc(p.size, sizeof *p.samples);
  return p;
}

static Picture draw(Random *r) {
  const Size size = draw_size(r, 600);
  Picture p = {size.width, size.height, 1 + (int32_t)below(r, PRN_DEEP_CHANNELS), {0}, 0, NULL};
  const size_t area = (size_t)size.width * (size_t)size.height;
  p.size = area * (size_t)p.channels;
  p.samples = malloc(p.size * sizeof *p.samples);
  for (int32_t c = 0; c < p.channels; c++) {
    uint16_t *plane = p.samples + (size_t)c * area;
    p.counts[c] = one_in(r, 2) ? 65536 : one_in(r, 10) ? 1 : 1 + below(r, 65536u >> below(r, 17));
    if (c > 0 && one_in(r, 2))
      for (size_t i = 0; i < area; i++) plane[i] = (uint16_t)((plane - area)[i] % p.counts[c]);
    else
      draw_plane(r, plane, size, p.counts[c]);
  }
  return p;
}

static Stream encode(const Picture *p, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  uint64_t cost;
  CHECK(prn_deep_encode(
            &encoder, p->samples, p->width, p->height, p->channels, p->counts, version, &cost,
            NULL)
        == PRN_DEEP_DONE);
  return finished(&encoder);
}

static prn_deep_result decode(Stream s, Picture *p, int version, prn_stream_check *end) {
  memset(p->samples, 0, p->size * sizeof *p->samples);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_deep_result result = prn_deep_decode(
      &decoder, p->samples, p->width, p->height, p->channels, p->counts, version, NULL);
  CHECK(peak_memory() <= prn_deep_memory(p->width, p->height, p->channels));
  CHECK(seconds() - start < 1 + 0.001 * (double)p->size);
  CHECK(result == PRN_DEEP_DONE || result == PRN_DEEP_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  const size_t area = p->size / (size_t)p->channels;
  for (size_t i = 0; i < p->size; i++) CHECK(p->samples[i] < p->counts[i / area]);
  return result;
}

static void decode_any(Stream s, Picture *first, Picture *second) {
  prn_stream_check end[2];
  note_stream(s);
  const prn_deep_result result = decode(s, first, 0, &end[0]);
  CHECK(decode(s, second, version_count() - 1, &end[1]) == result && end[0] == end[1]);
  CHECK(memcmp(first->samples, second->samples, first->size * sizeof *first->samples) == 0);
}

static Stream round_trip(Random *r, const Picture *p, Picture *found) {
  Stream s = encode(p, 0);
  for (int version = 1; version < version_count(); version++) {
    Stream other = encode(p, version);
    CHECK(other.count == s.count && (s.count == 0 || memcmp(other.bytes, s.bytes, s.count) == 0));
    free_stream(&other);
  }
  prn_stream_check end;
  CHECK(decode(s, found, any_version(r), &end) == PRN_DEEP_DONE && end == PRN_STREAM_IS_RIGHT);
  CHECK(memcmp(found->samples, p->samples, p->size * sizeof *p->samples) == 0);
  return s;
}

void fuzz_deep(Random *r) {
  Picture p = draw(r), first = blank(&p), second = blank(&p);
  Stream s = round_trip(r, &p, &first);
  for (int i = 0; i < DAMAGES; i++) {
    Stream other = damaged(r, s);
    decode_any(other, &first, &second);
    free_stream(&other);
  }
  free_stream(&s);

  // The picture of an adversary, who may need many samples.
  prn_stream_check end;
  Picture a = p;
  if (one_in(r, 15)) {
    a = (Picture){64, 300 + (int32_t)below(r, 700), 1, {65536}, 0, NULL};
    a.size = (size_t)a.width * (size_t)a.height;
  }
  Picture adverse = blank(&a), again = blank(&a);
  begin_contrary(r);
  decode((Stream){0}, &adverse, any_version(r), &end);
  end_contrary();
  s = round_trip(r, &adverse, &again);
  free(adverse.samples);
  free(again.samples);

  // Another shape than the stream's, and short memory.
  Picture third = draw(r), fourth = blank(&third);
  decode_any(s, &third, &fourth);
  free_stream(&s);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  fail_allocation(below(r, 20));
  const prn_deep_result result = prn_deep_encode(
      &encoder, p.samples, p.width, p.height, p.channels, p.counts, 0, NULL, NULL);
  CHECK(result == PRN_DEEP_DONE || result == PRN_DEEP_OUT_OF_MEMORY);
  fail_allocation(-1);
  prn_encoder_free(&encoder);
  free(p.samples);
  free(first.samples);
  free(second.samples);
  free(third.samples);
  free(fourth.samples);
}

// Width - 1, height - 1 (two bytes), channels - 1; the largest sample of each (two bytes each).
void decode_deep(const uint8_t *bytes, size_t count) {
  if (count < 12) return;
  const int32_t height = 1 + (bytes[1] | (bytes[2] & 3) << 8);
  Picture p = {1 + bytes[0], height, 1 + bytes[3] % 4, {0}, 0, NULL};
  for (int c = 0; c < PRN_DEEP_CHANNELS; c++)
    p.counts[c] = 1u + bytes[4 + 2 * c] + 256u * bytes[5 + 2 * c];
  p.size = (size_t)p.width * (size_t)p.height * (size_t)p.channels;
  Picture first = blank(&p), second = blank(&p);
  decode_any((Stream){(uint8_t *)bytes + 12, count - 12}, &first, &second);
  free(first.samples);
  free(second.samples);
}
