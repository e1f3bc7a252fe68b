#include "CPNGShims.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *bytes;
  size_t count, position;
  char *message;
} source;

static void fail(png_structp png, png_const_charp text) {
  char *message = png_get_error_ptr(png);
  strncpy(message, text, PRN_PNG_MESSAGE - 1);
  message[PRN_PNG_MESSAGE - 1] = 0;
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep out, size_t n) {
  source *s = png_get_io_ptr(png);
  if (n > s->count - s->position) png_error(png, "unexpected end of file");
  memcpy(out, s->bytes + s->position, n);
  s->position += n;
}

/// Metadata does not pass through libpng: it is not unpacked, and may be longer than libpng's limit.
static void skip_metadata(png_structp png) {
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max(png, 0);
}

static int colour_type(uint32_t colours) {
  return colours == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
}

int prn_png_decode(
    const uint8_t *bytes, size_t count, uint32_t colours, uint32_t depth, uint8_t *pixels, size_t size,
    char *message) {
  source s = {bytes, count, 0, message};
  png_infop info = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
  if (!png || !(info = png_create_info_struct(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    strcpy(message, "out of memory");
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  png_set_read_fn(png, &s, read_bytes);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  skip_metadata(png);
  png_read_info(png, info);
  png_uint_32 width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  if (png_get_color_type(png, info) != colour_type(colours) ||
      png_get_bit_depth(png, info) != depth ||
      png_get_interlace_type(png, info) != PNG_INTERLACE_NONE)
    png_error(png, "not an image of the stated colours and depth");
  if (depth < 8) png_set_packing(png);
  png_read_update_info(png, info);
  size_t row_bytes = png_get_rowbytes(png, info);
  if (row_bytes != (size_t)colours * width || size != row_bytes * height)
    png_error(png, "not an image of the stated size");
  for (png_uint_32 r = 0; r < height; r++)
    png_read_row(png, pixels + r * row_bytes, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

int prn_png_validate(
    const uint8_t *bytes, size_t count, uint32_t maximum_width, uint32_t maximum_height,
    size_t maximum_bytes, char *message) {
  source s = {bytes, count, 0, message};
  png_infop info = NULL;
  uint8_t *volatile rows = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
  if (!png || !(info = png_create_info_struct(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    strcpy(message, "out of memory");
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  png_set_read_fn(png, &s, read_bytes);
  png_set_user_limits(png, maximum_width, maximum_height);
  skip_metadata(png);
  png_read_info(png, info);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t row_bytes = png_get_rowbytes(png, info);
  png_uint_32 height = png_get_image_height(png, info);
  size_t kept = passes > 1 ? height : 1;
  if (row_bytes > maximum_bytes / kept) png_error(png, "image needs more memory than allowed");
  rows = calloc(kept, row_bytes);
  if (!rows) png_error(png, "out of memory");
  for (int pass = 0; pass < passes; pass++)
    for (png_uint_32 r = 0; r < height; r++)
      png_read_row(png, rows + (passes > 1 ? r : 0) * row_bytes, NULL);
  png_read_end(png, NULL);
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} sink;

static void write_bytes(png_structp png, png_bytep data, size_t n) {
  sink *s = png_get_io_ptr(png);
  if (n > s->capacity - s->count) {
    size_t capacity = s->capacity * 2 + n;
    uint8_t *grown = realloc(s->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    s->bytes = grown;
    s->capacity = capacity;
  }
  memcpy(s->bytes + s->count, data, n);
  s->count += n;
}

static void flush(png_structp png) { (void)png; }

int prn_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t colours, uint32_t depth,
    const prn_png_chunk *before, size_t before_count, const prn_png_chunk *after, size_t after_count,
    int level, uint8_t **out, size_t *out_count, char *message) {
  // On the heap: a local changed after setjmp would be indeterminate after longjmp.
  sink *s = calloc(1, sizeof *s);
  png_infop info = NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
  if (!s || !png || !(info = png_create_info_struct(png))) {
    png_destroy_write_struct(&png, &info);
    free(s);
    strcpy(message, "out of memory");
    return 1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(s->bytes);
    free(s);
    return 1;
  }
  png_set_write_fn(png, s, write_bytes, flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_compression_level(png, level);
  png_set_IHDR(
      png, info, width, height, (int)depth, colour_type(colours), PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  if (depth < 8) png_set_packing(png);
  for (size_t i = 0; i < before_count; i++)
    png_write_chunk(png, before[i].type, before[i].data, before[i].length);
  for (uint32_t r = 0; r < height; r++) png_write_row(png, pixels + (size_t)r * colours * width);
  // png_write_end would write IEND; the chunks behind the image data come before it.
  for (size_t i = 0; i < after_count; i++)
    png_write_chunk(png, after[i].type, after[i].data, after[i].length);
  png_write_end(png, NULL);
  *out = s->bytes;
  *out_count = s->count;
  free(s);
  png_destroy_write_struct(&png, &info);
  return 0;
}
