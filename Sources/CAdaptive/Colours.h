// Colours as words: a byte for each channel, in the order in which they are coded.
#ifndef PRN_ADAPTIVE_COLOURS_H
#define PRN_ADAPTIVE_COLOURS_H

#include <stddef.h>

#include "Functions.h"

// The value of a channel.
INLINE int32_t value_of(uint32_t colour, int32_t channel) {
  return (int32_t)(colour >> (8 * channel) & 255);
}

// The colour of a pixel of some planes.
INLINE uint32_t colour_of(const uint8_t *const planes[], int32_t channels, size_t at) {
  uint32_t colour = 0;
  for (int32_t c = 0; c < channels; c++) colour |= (uint32_t)planes[c][at] << (8 * c);
  return colour;
}

// What stands for the pixels beside a picture (section 11.2): left of a row, which begins `here`,
// the first pixel of the row above; right of the row above its last. Behind the rows `stride` apart
// stand `margin` words on both sides. The first row has none above it.
INLINE void fill_margins(
    uint32_t *here, ptrdiff_t stride, int32_t columns, int32_t margin, int is_first) {
  const uint32_t first = is_first ? 0 : here[-stride];
  for (int32_t i = 1; i <= margin; i++) here[-i] = first;
  if (is_first) return;
  uint32_t *end = here - stride + columns;
  for (int32_t i = 0; i < margin; i++) end[i] = end[-1];
}

INLINE int32_t median(int32_t a, int32_t b, int32_t corner) {
  const int32_t high = a > b ? a : b, low = a > b ? b : a;
  return corner >= high ? low : corner <= low ? high : a + b - corner;
}

#endif
