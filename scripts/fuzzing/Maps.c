#include "CDeep.h"
#include "Fuzz.h"

// Maps of deep samples.

static Stream encode(const prn_deep_map *map) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  prn_deep_map_encode(&encoder, map);
  return finished(&encoder);
}

// Nothing that a map says may lie outside of it, whatever its stream.
static void check_map(const prn_deep_map *map) {
  CHECK(map->count >= 1 && map->count <= 65536);
  CHECK(prn_deep_map_bits(map) >= 0 && prn_deep_map_bits(map) <= 16);
  for (uint32_t i = 1; i < map->count; i++) CHECK(map->values[i - 1] < map->values[i]);
  for (uint32_t i = 0; i < map->count; i++) CHECK(map->ranks[map->values[i]] == i);
}

static prn_deep_result decode(Stream s, prn_deep_map *map, prn_stream_check *end) {
  note_stream(s);
  memset(map, 0, sizeof *map);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  const double start = seconds();
  watch_memory();
  const prn_deep_result result = prn_deep_map_decode(&decoder, map);
  CHECK(peak_memory() == 0 && seconds() - start < 1);
  CHECK(result == PRN_DEEP_DONE || result == PRN_DEEP_CORRUPT);
  *end = prn_decoder_finish(&decoder);
  prn_decoder_free(&decoder);
  if (result == PRN_DEEP_DONE) check_map(map);
  return result;
}

// A map that any stream gave is coded again, and means the same.
static void code_again(const prn_deep_map *map, prn_deep_map *again) {
  Stream s = encode(map);
  prn_stream_check end;
  CHECK(decode(s, again, &end) == PRN_DEEP_DONE && end == PRN_STREAM_IS_RIGHT);
  CHECK(again->count == map->count
        && memcmp(again->values, map->values, map->count * sizeof *map->values) == 0);
  free_stream(&s);
}

// Samples as some program scales or shifts them.
static void scale(Random *r, uint16_t *samples, size_t size) {
  const uint32_t bits = 1 + below(r, 16), most = (1u << bits) - 1;
  const int kind = (int)below(r, 4);
  for (size_t i = 0; i < size; i++) {
    const uint32_t number = samples[i] & most;
    samples[i] = (uint16_t)(kind == 0 ? number << (16 - bits)
                            : kind == 1 && bits >= 8
                                ? number << (16 - bits) | number >> (2 * bits - 16)
                            : kind == 2 ? (number * 65535 + most / 2) / most : number);
  }
}

void fuzz_maps(Random *r) {
  const Size size = draw_size(r, 2000);
  const size_t area = (size_t)size.width * (size_t)size.height;
  uint16_t *samples = malloc(area * sizeof *samples), *ranks = malloc(area * sizeof *ranks);
  uint16_t *found = malloc(area * sizeof *found);
  prn_deep_map *map = malloc(sizeof *map), *other = malloc(sizeof *other);
  draw_plane(r, samples, size, one_in(r, 2) ? 65536 : 1 + below(r, 65536));
  scale(r, samples, area);
  CHECK(prn_deep_map_find(map, samples, size.width, size.height, one_in(r, 2)) == PRN_DEEP_DONE);
  check_map(map);
  prn_stream_check end;
  Stream s = encode(map);
  CHECK(decode(s, other, &end) == PRN_DEEP_DONE && end == PRN_STREAM_IS_RIGHT);
  prn_deep_map_apply(map, samples, ranks, area);
  for (size_t i = 0; i < area; i++) CHECK(ranks[i] < map->count);
  prn_deep_map_invert(other, ranks, found, area);
  CHECK(memcmp(samples, found, area * sizeof *samples) == 0);
  for (int i = 0; i < 3 * DAMAGES; i++) {
    Stream damage = damaged(r, s);
    if (decode(damage, other, &end) == PRN_DEEP_DONE) {
      // Ranks of another map.
      prn_deep_map_invert(other, ranks, found, area);
      code_again(other, map);
    }
    free_stream(&damage);
  }
  free_stream(&s);
  begin_contrary(r);
  const prn_deep_result result = decode((Stream){0}, other, &end);
  end_contrary();
  if (result == PRN_DEEP_DONE) code_again(other, map);
  fail_allocation(below(r, 4));
  prn_deep_map_find(map, samples, size.width, size.height, 1);
  fail_allocation(-1);
  free(samples);
  free(ranks);
  free(found);
  free(map);
  free(other);
}

void decode_maps(const uint8_t *bytes, size_t count) {
  prn_deep_map *map = malloc(sizeof *map), *again = malloc(sizeof *again);
  prn_stream_check end;
  if (decode((Stream){(uint8_t *)bytes, count}, map, &end) == PRN_DEEP_DONE)
    code_again(map, again);
  free(map);
  free(again);
}
