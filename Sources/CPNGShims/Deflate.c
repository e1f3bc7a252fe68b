#include "PNGStreams.h"

#include <stdlib.h>
#include <zlib.h>

struct prn_deflater {
  z_stream zlib;
  /// Data that zlib has not been given, whose counts have 32 bits.
  size_t rest;
};

/// What zlib is given at once, at most.
static const size_t most = 1 << 30;

prn_deflater *prn_deflater_create(int level, int window_bits, int memory_level, int strategy) {
  prn_deflater *deflater = calloc(1, sizeof *deflater);
  if (!deflater) return NULL;
  int status =
      deflateInit2(&deflater->zlib, level, Z_DEFLATED, -window_bits, memory_level, strategy);
  if (status == Z_OK) return deflater;
  free(deflater);
  return NULL;
}

void prn_deflater_destroy(prn_deflater *deflater) {
  deflateEnd(&deflater->zlib);
  free(deflater);
}

void prn_deflater_give(prn_deflater *deflater, const uint8_t *data, size_t count) {
  deflater->zlib.next_in = (Bytef *)data;
  deflater->zlib.avail_in = 0;
  deflater->rest = count;
}

size_t prn_deflater_take(prn_deflater *deflater, int flush, uint8_t *stream, size_t capacity) {
  z_stream *zlib = &deflater->zlib;
  if (capacity > most) capacity = most;
  zlib->next_out = stream;
  zlib->avail_out = (uInt)capacity;
  do {
    if (!zlib->avail_in && deflater->rest) {
      size_t count = deflater->rest < most ? deflater->rest : most;
      zlib->avail_in = (uInt)count;
      deflater->rest -= count;
    }
    int status = deflate(zlib, deflater->rest ? Z_NO_FLUSH : flush);
    if (status != Z_OK) break;
  } while (zlib->avail_out && (zlib->avail_in || deflater->rest));
  return capacity - zlib->avail_out;
}

uint32_t prn_adler32(uint32_t previous, const uint8_t *data, size_t count) {
  return (uint32_t)adler32_z(previous, data, count);
}

// Beyond zlib's bound: what ends a block that is not the last one.
static const size_t flush_bytes = 16;

size_t prn_deflate_bound(size_t count) { return compressBound(count) + flush_bytes; }

size_t prn_deflate_block(
    int level, const uint8_t *before, size_t before_count, const uint8_t *data, size_t count,
    bool is_last, uint8_t *stream, size_t capacity) {
  z_stream zlib = {0};
  if (deflateInit2(&zlib, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  if (before_count) deflateSetDictionary(&zlib, before, (uInt)before_count);
  zlib.next_in = (Bytef *)data;
  zlib.avail_in = (uInt)count;
  zlib.next_out = stream;
  zlib.avail_out = (uInt)capacity;
  int status = deflate(&zlib, is_last ? Z_FINISH : Z_SYNC_FLUSH);
  int is_done = status == (is_last ? Z_STREAM_END : Z_OK) && !zlib.avail_in && zlib.avail_out;
  deflateEnd(&zlib);
  return is_done ? capacity - zlib.avail_out : 0;
}
