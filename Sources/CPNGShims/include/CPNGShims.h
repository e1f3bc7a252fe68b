// libpng behind status codes: every longjmp starts and ends inside CPNGShims.c.
#ifndef C_PNG_SHIMS_H
#define C_PNG_SHIMS_H

#include <stddef.h>
#include <stdint.h>

#define PRN_PNG_MESSAGE 160

/// Decodes a non-interlaced PNG, RGB or gray, into pixels [height][width][colours], a byte a sample.
/// `colours` is 3 or 1, `depth` 8, or 1 if gray: the bits of a sample. `size` must be colours * width * height. Returns 0,
/// or 1 with a message.
int prn_png_decode(
    const uint8_t *bytes, size_t count, uint32_t colours, uint32_t depth, uint8_t *pixels, size_t size,
    char message[PRN_PNG_MESSAGE]);

/// Decodes any PNG to prove it good, keeping one row (the whole image where interlaced). 0, or 1.
int prn_png_validate(
    const uint8_t *bytes, size_t count, uint32_t maximum_width, uint32_t maximum_height,
    size_t maximum_bytes, char message[PRN_PNG_MESSAGE]);

/// One chunk to be written.
typedef struct {
  uint8_t type[5];
  const uint8_t *data;
  size_t length;
} prn_png_chunk;

/// Encodes pixels [height][width][colours], `colours` and `depth` as in `prn_png_decode`: IHDR, `before` chunks, IDAT,
/// `after` chunks, IEND. The result is allocated with malloc. Returns 0, or 1 with a message.
int prn_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t colours, uint32_t depth,
    const prn_png_chunk *before, size_t before_count, const prn_png_chunk *after, size_t after_count,
    int level, uint8_t **out, size_t *out_count, char message[PRN_PNG_MESSAGE]);

#endif
