#include <stdlib.h>

#include "CEntropyCoding.h"

void prn_encoder_start(prn_range_encoder *e) { *e = (prn_range_encoder){.range = UINT64_MAX}; }

void prn_encoder_free(prn_range_encoder *e) {
  free(e->bytes);
  prn_encoder_start(e);
}

prn_range_encoder prn_encoder_grown(prn_range_encoder e) {
  if (e.failed) return e;
  const size_t capacity = e.capacity < 512 ? 512 : 2 * e.capacity;
  uint8_t *bytes = capacity > e.capacity ? realloc(e.bytes, capacity) : NULL;
  if (!bytes) {
    free(e.bytes);
    e.bytes = NULL;
    e.count = e.capacity = 0;
    e.failed = 1;
    return e;
  }
  e.bytes = bytes;
  e.capacity = capacity;
  return e;
}

// It never runs off the front: low + range never exceeds 1 as a number to base 256. Each prefix
// gets at most one carry, so the total work is linear in the number of bytes.
void prn_carry(uint8_t *bytes, size_t count) {
  for (size_t i = count; i > 0; i--) {
    bytes[i - 1]++;
    if (bytes[i - 1] != 0) return;
  }
}

void prn_encoder_finish(prn_range_encoder *e) {
  const uint64_t code = prn_final_code(e->low);
  if (code < e->low) prn_carry(e->bytes, e->count);
  if (e->capacity - e->count < 2) *e = prn_encoder_grown(*e);
  if (e->failed) return;
  e->bytes[e->count++] = (uint8_t)(code >> 56);
  e->bytes[e->count++] = (uint8_t)(code >> 48);
  while (e->count > 0 && e->bytes[e->count - 1] == 0) e->count--;
}

void prn_decoder_start(prn_range_decoder *d, const uint8_t *bytes, size_t size) {
  *d = (prn_range_decoder){.range = UINT64_MAX};
  d->bytes = size <= SIZE_MAX - PRN_MOST_SHIFTED ? malloc(size + PRN_MOST_SHIFTED) : NULL;
  if (!d->bytes) {
    // What is decoded does not count; it has to come from somewhere.
    static uint8_t zeros[PRN_MOST_SHIFTED];
    d->bytes = zeros;
    d->failed = d->is_corrupt = 1;
    return;
  }
  if (size > 0) memcpy(d->bytes, bytes, size);
  memset(d->bytes + size, 0, PRN_MOST_SHIFTED);
  d->size = size;
  for (size_t i = 0; i < 8; i++) d->offset = d->offset << 8 | (i < size ? bytes[i] : 0);
  d->position = 8;
}

void prn_decoder_free(prn_range_decoder *d) {
  if (!d->failed) free(d->bytes);
  *d = (prn_range_decoder){.failed = 1};
}

prn_stream_check prn_decoder_finish(const prn_range_decoder *d) {
  if (d->failed) return PRN_STREAM_OUT_OF_MEMORY;
  if (d->is_corrupt) return PRN_STREAM_OUTSIDE_ANY_INTERVAL;
  if (d->offset != prn_final_code(d->low) - d->low) return PRN_STREAM_WRONG_FINAL_STATE;
  if (d->position < d->size) return PRN_STREAM_UNREAD_BYTES;
  if (d->size > 0 && d->bytes[d->size - 1] == 0) return PRN_STREAM_TRAILING_ZERO;
  return PRN_STREAM_IS_RIGHT;
}
