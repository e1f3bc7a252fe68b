#include <stdio.h>

#include "Fuzz.h"

uint64_t next(Random *r) {
  uint64_t z = r->state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

uint32_t below(Random *r, uint32_t n) { return (uint32_t)((next(r) >> 32) * n >> 32); }

bool one_in(Random *r, uint32_t n) { return below(r, n) == 0; }

int version_count(void) {
  int n = 1;
  while (n < PRN_VERSIONS && prn_supports(n)) n++;
  return n;
}

int any_version(Random *r) { return (int)below(r, (uint32_t)version_count()); }

Stream finished(prn_range_encoder *encoder) {
  prn_encoder_finish(encoder);
  CHECK(!encoder->failed);
  // Of the exact size, so that reading beyond it is noticed.
  Stream s = {malloc(encoder->count), encoder->count};
  if (s.count > 0) memcpy(s.bytes, encoder->bytes, s.count);
  prn_encoder_free(encoder);
  return s;
}

void free_stream(Stream *stream) {
  free(stream->bytes);
  *stream = (Stream){0};
}

static void damage_once(Random *r, Stream *s, size_t capacity) {
  const uint32_t n = (uint32_t)s->count;
  const uint32_t at = n > 0 ? below(r, n) : 0, room = (uint32_t)capacity - n;
  const uint32_t length = n > 0 ? 1 + below(r, n - at < 40 ? n - at : 40) : 0;
  switch (below(r, 8)) {
    case 0:
      if (n > 0) s->bytes[at] ^= (uint8_t)(1 << below(r, 8));
      break;
    case 1:
      if (n > 0) s->bytes[at] = (uint8_t)next(r);
      break;
    case 2: s->count = at; break;
    case 3:
      memset(s->bytes + at, one_in(r, 2) ? 0 : 255, length);
      break;
    case 4:
      memmove(s->bytes + at, s->bytes + at + length, n - at - length);
      s->count = n - length;
      break;
    case 5:
      if (n > 0) memmove(s->bytes + below(r, n - length + 1), s->bytes + at, length);
      break;
    case 6: {
      const uint32_t more = 1 + below(r, room < 30 ? room : 30);
      if (room == 0) break;
      const int kind = (int)below(r, 3);
      for (uint32_t i = 0; i < more; i++)
        s->bytes[n + i] = kind == 0 ? 0 : kind == 1 ? 255 : (uint8_t)next(r);
      s->count = n + more;
      break;
    }
    default:
      for (uint32_t i = at; i < n; i++) s->bytes[i] = (uint8_t)next(r);
  }
}

Stream damaged(Random *r, Stream stream) {
  const size_t capacity = stream.count + 64;
  uint8_t *bytes = malloc(capacity);
  Stream s = {bytes, stream.count};
  if (s.count > 0) memcpy(bytes, stream.bytes, s.count);
  if (one_in(r, 10)) {
    s.count = below(r, (uint32_t)capacity);
    for (size_t i = 0; i < s.count; i++) bytes[i] = (uint8_t)next(r);
  } else {
    for (uint32_t i = 1 + below(r, one_in(r, 3) ? 12 : 2); i > 0; i--)
      damage_once(r, &s, capacity);
  }
  Stream exact = {malloc(s.count), s.count};
  if (s.count > 0) memcpy(exact.bytes, bytes, s.count);
  free(bytes);
  return exact;
}

const char *streams_folder;

void note_stream(Stream stream) {
  static int number;
  if (!streams_folder) return;
  char name[4096];
  snprintf(name, sizeof name, "%s/%03d", streams_folder, number++);
  FILE *file = fopen(name, "wb");
  if (!file) return;
  fwrite(stream.bytes, 1, stream.count, file);
  fclose(file);
}
