#include "PNGRows.h"

#include <stdlib.h>
#include <string.h>

static inline uint8_t paeth(int left, int above, int corner) {
  int to_left = abs(above - corner), to_above = abs(left - corner);
  int to_corner = abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return (uint8_t)left;
  return (uint8_t)(to_above <= to_corner ? above : corner);
}

void prn_filter_row(
    int type, const uint8_t *row, const uint8_t *prior, size_t count, size_t step, uint8_t *out) {
  size_t first = step < count ? step : count;
  switch (type) {
  case 1:
    memcpy(out, row, first);
    for (size_t i = first; i < count; i++) out[i] = (uint8_t)(row[i] - row[i - step]);
    break;
  case 2:
    for (size_t i = 0; i < count; i++) out[i] = (uint8_t)(row[i] - prior[i]);
    break;
  case 3:
    for (size_t i = 0; i < first; i++) out[i] = (uint8_t)(row[i] - prior[i] / 2);
    for (size_t i = first; i < count; i++)
      out[i] = (uint8_t)(row[i] - (row[i - step] + prior[i]) / 2);
    break;
  case 4:
    for (size_t i = 0; i < first; i++) out[i] = (uint8_t)(row[i] - prior[i]);
    for (size_t i = first; i < count; i++)
      out[i] = (uint8_t)(row[i] - paeth(row[i - step], prior[i], prior[i - step]));
    break;
  default: memcpy(out, row, count);
  }
}

void prn_unfilter_row(int type, uint8_t *row, const uint8_t *prior, size_t count, size_t step) {
  size_t first = step < count ? step : count;
  switch (type) {
  case 1:
    for (size_t i = first; i < count; i++) row[i] = (uint8_t)(row[i] + row[i - step]);
    break;
  case 2:
    for (size_t i = 0; i < count; i++) row[i] = (uint8_t)(row[i] + prior[i]);
    break;
  case 3:
    for (size_t i = 0; i < first; i++) row[i] = (uint8_t)(row[i] + prior[i] / 2);
    for (size_t i = first; i < count; i++)
      row[i] = (uint8_t)(row[i] + (row[i - step] + prior[i]) / 2);
    break;
  case 4:
    for (size_t i = 0; i < first; i++) row[i] = (uint8_t)(row[i] + prior[i]);
    for (size_t i = first; i < count; i++)
      row[i] = (uint8_t)(row[i] + paeth(row[i - step], prior[i], prior[i - step]));
    break;
  default: break;
  }
}

/// The absolute value of a byte as a signed one, at most 128.
static inline unsigned size_of(int byte) {
  unsigned value = (uint8_t)byte;
  return value < 128 ? value : 256 - value;
}

void prn_filter_sums(
    const uint8_t *row, const uint8_t *prior, size_t count, size_t step,
    uint64_t sums[PRN_FILTERS]) {
  memset(sums, 0, PRN_FILTERS * sizeof *sums);
  size_t first = step < count ? step : count;
  for (size_t i = 0; i < first; i++) {
    sums[0] += size_of(row[i]);
    sums[1] += size_of(row[i]);
    sums[2] += size_of(row[i] - prior[i]);
    sums[3] += size_of(row[i] - prior[i] / 2);
    sums[4] += size_of(row[i] - prior[i]);
  }
  // Sums of 32 bits, which a compiler can make of vectors: 2^16 bytes of 128 do not overflow them.
  for (size_t start = first; start < count; start += 1 << 16) {
    size_t end = count - start < 1 << 16 ? count : start + (1 << 16);
    uint32_t none = 0, sub = 0, up = 0, average = 0, best = 0;
    for (size_t i = start; i < end; i++) {
      int value = row[i], left = row[i - step], above = prior[i];
      none += size_of(value);
      sub += size_of(value - left);
      up += size_of(value - above);
      average += size_of(value - (left + above) / 2);
    }
    for (size_t i = start; i < end; i++)
      best += size_of(row[i] - paeth(row[i - step], prior[i], prior[i - step]));
    sums[0] += none;
    sums[1] += sub;
    sums[2] += up;
    sums[3] += average;
    sums[4] += best;
  }
}

void prn_pack_row(const uint8_t *samples, size_t count, int depth, uint8_t *out) {
  size_t each = 8 / (size_t)depth;
  unsigned mask = (1u << depth) - 1;
  for (size_t i = 0; i < count; i += each) {
    unsigned byte = 0;
    for (size_t j = 0; j < each; j++) {
      unsigned value = i + j < count ? samples[i + j] : 0;
      byte = byte << depth | (depth == 1 ? value != 0 : value & mask);
    }
    out[i / each] = (uint8_t)byte;
  }
}
