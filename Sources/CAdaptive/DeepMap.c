#include "DeepMap.h"

#include <stdlib.h>
#include <string.h>

static void fill_values(prn_deep_map *map) {
  for (uint32_t i = 0; i < map->count; i++)
    map->values[i] = (uint16_t)mapped(map->kind, map->bits, map->lowest + i);
}

static void fill_ranks(prn_deep_map *map) {
  for (uint32_t i = 0; i < map->count; i++) map->ranks[map->values[i]] = (uint16_t)i;
}

int32_t prn_deep_map_bits(const prn_deep_map *map) { return bit_length(map->count - 1); }

void prn_deep_map_apply(
    const prn_deep_map *map, const uint16_t *samples, uint16_t *ranks, size_t size) {
  for (size_t i = 0; i < size; i++) ranks[i] = map->ranks[samples[i]];
}

void prn_deep_map_invert(
    const prn_deep_map *map, const uint16_t *ranks, uint16_t *samples, size_t size) {
  const uint32_t last = map->count - 1;
  for (size_t i = 0; i < size; i++)
    samples[i] = map->values[ranks[i] < last ? ranks[i] : last];
}

// Both sides of the coder.
INLINE int code(Coder *coder, int decodes, prn_deep_map *map) {
  map->kind = (int32_t)code_number(coder, decodes, 3, (uint32_t)map->kind);
  const int has_bits = map->kind != PRN_DEEP_MAP_RANGE && map->kind != PRN_DEEP_MAP_LISTED;
  map->bits = has_bits ? (int32_t)code_number(coder, decodes, 4, (uint32_t)map->bits) : 16;
  map->lowest = code_number(coder, decodes, 16, map->lowest);
  map->count = code_number(coder, decodes, 16, map->count - 1) + 1;
  if (map->kind == PRN_DEEP_MAP_LISTED) return code_list(coder, decodes, map);
  if (map->kind > PRN_DEEP_MAP_LISTED || map->bits < least_bits(map->kind)) return 0;
  if (map->lowest + map->count > 1u << map->bits) return 0;
  if (decodes) fill_values(map);
  return 1;
}

void prn_deep_map_encode(prn_range_encoder *encoder, const prn_deep_map *map) {
  Coder coder = {.encoder = *encoder};
  // Nothing of it changes.
  code(&coder, 0, (prn_deep_map *)(uintptr_t)map);
  *encoder = coder.encoder;
}

prn_deep_result prn_deep_map_decode(prn_range_decoder *decoder, prn_deep_map *map) {
  Coder coder = {.decoder = *decoder};
  map->count = 1;
  const int is_map = code(&coder, 1, map) && !coder.decoder.is_corrupt;
  *decoder = coder.decoder;
  if (!is_map) return PRN_DEEP_CORRUPT;
  fill_ranks(map);
  return PRN_DEEP_DONE;
}

static int gives_all(const uint8_t *is_used, int32_t kind, int32_t bits) {
  for (uint32_t v = 0; v < 65536; v++)
    if (is_used[v] && mapped(kind, bits, unmapped(kind, bits, v)) != v) return 0;
  return 1;
}

// The regular map of the fewest bits that gives every sample.
static void find_regular(prn_deep_map *map, const uint8_t *is_used, uint32_t low, uint32_t high) {
  map->kind = PRN_DEEP_MAP_RANGE;
  map->bits = 16;
  for (int32_t bits = 1; bits < 16 && map->bits == 16; bits++)
    for (int32_t kind = PRN_DEEP_MAP_SHIFTED; kind <= PRN_DEEP_MAP_SCALED; kind++)
      if (bits >= least_bits(kind) && gives_all(is_used, kind, bits)) {
        map->kind = kind;
        map->bits = bits;
        break;
      }
  map->lowest = unmapped(map->kind, map->bits, low);
  map->count = unmapped(map->kind, map->bits, high) - map->lowest + 1;
  fill_values(map);
  fill_ranks(map);
}

// About the bits of a plane's ranks, with 8 fraction bits: of how far they are from the nearer of
// W and N and their plane.
static uint64_t rough_cost(
    const prn_deep_map *map, const uint16_t *samples, int32_t width, int32_t height) {
  const Functions *f = prn_adaptive_functions();
  uint64_t cost = 0;
  for (int32_t row = 1; row < height; row++) {
    const uint16_t *here = samples + (size_t)row * (size_t)width, *above = here - width;
    for (int32_t q = 1; q < width; q++) {
      const int32_t w = map->ranks[here[q - 1]], n = map->ranks[above[q]];
      const int32_t nw = map->ranks[above[q - 1]], x = map->ranks[here[q]];
      const int32_t low = w < n ? w : n, high = w < n ? n : w;
      const int32_t guess = nw >= high ? low : nw <= low ? high : w + n - nw;
      cost += (uint64_t)lg(f, 2 * (uint64_t)magnitude(x - guess) + 1);
    }
  }
  return cost;
}

static void list_values(prn_deep_map *map, const uint8_t *is_used) {
  map->kind = PRN_DEEP_MAP_LISTED;
  map->bits = 16;
  map->count = 0;
  for (uint32_t v = 0; v < 65536; v++)
    if (is_used[v]) map->values[map->count++] = (uint16_t)v;
  map->lowest = map->values[0];
  fill_ranks(map);
}

// Bits with 8 fraction bits; 0 where memory is short.
static uint64_t list_cost(prn_deep_map *map) {
  Coder coder = {.cost = 0};
  prn_encoder_start(&coder.encoder);
  code(&coder, 0, map);
  const uint64_t cost = coder.encoder.failed ? 0 : coder.cost;
  prn_encoder_free(&coder.encoder);
  return cost;
}

prn_deep_result prn_deep_map_find(
    prn_deep_map *map, const uint16_t *samples, int32_t width, int32_t height, int may_list) {
  const size_t size = (size_t)width * (size_t)height;
  uint8_t *is_used = calloc(65536, 1);
  if (!is_used) return PRN_DEEP_OUT_OF_MEMORY;
  uint32_t low = 65535, high = 0, used = 0;
  for (size_t i = 0; i < size; i++) is_used[samples[i]] = 1;
  for (uint32_t v = 0; v < 65536; v++)
    if (is_used[v]) {
      low = v < low ? v : low;
      high = v;
      used++;
    }
  find_regular(map, is_used, low, high);
  prn_deep_result result = PRN_DEEP_DONE;
  if (may_list && used < map->count) {
    const uint64_t regular = rough_cost(map, samples, width, height);
    list_values(map, is_used);
    const uint64_t listed = rough_cost(map, samples, width, height), list = list_cost(map);
    if (list == 0) result = PRN_DEEP_OUT_OF_MEMORY;
    // The codec finds most of it by itself, unless it is one for 8 bits.
    if (regular <= listed + (used <= 256 ? 1 : 4) * list)
      find_regular(map, is_used, low, high);
  }
  free(is_used);
  return result;
}
