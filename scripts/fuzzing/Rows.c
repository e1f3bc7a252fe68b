#include "PNGRows.h"

#include "Fuzz.h"
#include "PNGStreams.h"

// Rows of PNG: filters and their sums, and packed samples.

static uint8_t *draw_row(Random *r, size_t count) {
  uint16_t *plane = malloc(count * sizeof *plane);
  uint8_t *row = malloc(count);
  draw_plane(r, plane, (Size){(int32_t)count, 1}, 256);
  for (size_t i = 0; i < count; i++) row[i] = (uint8_t)plane[i];
  free(plane);
  return row;
}

static void check_filters(Random *r) {
  const size_t count = 1 + below(r, one_in(r, 50) ? 200000 : 300), step = 1 + below(r, 8);
  uint8_t *row = draw_row(r, count), *prior = draw_row(r, count), *out = malloc(count);
  uint64_t sums[PRN_FILTERS];
  prn_filter_sums(row, prior, count, step, sums);
  for (int type = 0; type < PRN_FILTERS; type++) {
    prn_filter_row(type, row, prior, count, step, out);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += out[i] < 128 ? out[i] : 256u - out[i];
    CHECK(sum == sums[type]);
    prn_unfilter_row(type, out, prior, count, step);
    CHECK(memcmp(out, row, count) == 0);
  }
  CHECK(prn_adler32(prn_adler32(1, row, count / 2), row + count / 2, count - count / 2)
        == prn_adler32(1, row, count));
  free(row);
  free(prior);
  free(out);
}

static void check_packing(Random *r) {
  const int depth = 1 << below(r, 3);
  const size_t count = 1 + below(r, 300), each = 8 / (size_t)depth;
  const size_t packed_count = (count + each - 1) / each;
  uint8_t *row = draw_row(r, count), *packed = malloc(packed_count);
  prn_pack_row(row, count, depth, packed);
  for (size_t i = 0; i < packed_count * each; i++) {
    const int shift = 8 - depth * (int)(i % each + 1);
    const unsigned value = packed[i / each] >> shift & ((1u << depth) - 1);
    const unsigned sample = i < count ? row[i] : 0;
    CHECK(value == (depth == 1 ? sample != 0 : sample & ((1u << depth) - 1)));
  }
  free(row);
  free(packed);
}

void fuzz_rows(Random *r) {
  for (int i = 0; i < 20; i++) {
    check_filters(r);
    check_packing(r);
  }
}
