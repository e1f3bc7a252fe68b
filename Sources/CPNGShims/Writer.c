#include "Failure.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct prn_png_writer {
  png_structp png;
  png_infop info;
  /// What has been written, and not taken.
  uint8_t *bytes;
  size_t count, capacity;
  prn_png_failure failure;
};

static void write_bytes(png_structp png, png_bytep data, size_t n) {
  prn_png_writer *writer = png_get_io_ptr(png);
  if (n > writer->capacity - writer->count) {
    size_t capacity = writer->capacity * 2 + n;
    uint8_t *grown = realloc(writer->bytes, capacity);
    if (!grown) {
      writer->failure.bytes = capacity;
      png_error(png, "out of memory");
    }
    writer->bytes = grown;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->count, data, n);
  writer->count += n;
}

static void flush(png_structp png) { (void)png; }

prn_png_writer *prn_png_writer_create(void) {
  prn_png_writer *writer = calloc(1, sizeof *writer);
  if (!writer) return NULL;
  prn_png_failure *failure = &writer->failure;
  writer->png = png_create_write_struct_2(
      PNG_LIBPNG_VER_STRING, failure, prn_png_fail, prn_png_ignore, failure, prn_png_allocate,
      prn_png_free);
  writer->info = writer->png ? png_create_info_struct(writer->png) : NULL;
  if (writer->info) return writer;
  prn_png_writer_destroy(writer);
  return NULL;
}

void prn_png_writer_destroy(prn_png_writer *writer) {
  png_destroy_write_struct(&writer->png, &writer->info);
  free(writer->bytes);
  free(writer);
}

const prn_png_failure *prn_png_writer_failure(const prn_png_writer *writer) {
  return &writer->failure;
}

const uint8_t *prn_png_writer_take(prn_png_writer *writer, size_t *count) {
  *count = writer->count;
  writer->count = 0;
  return writer->bytes;
}

int prn_png_write_start(
    prn_png_writer *writer, uint32_t width, uint32_t height, int colour_type, int depth,
    bool interlaced) {
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return prn_png_status(&writer->failure);
  png_set_write_fn(png, writer, write_bytes, flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(
      png, writer->info, width, height, depth, colour_type,
      interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
      PNG_FILTER_TYPE_DEFAULT);
  png_write_info_before_PLTE(png, writer->info);
  return PRN_PNG_DONE;
}

int prn_png_write_chunk(
    prn_png_writer *writer, const uint8_t type[4], const uint8_t *data, size_t length) {
  if (setjmp(png_jmpbuf(writer->png))) return prn_png_status(&writer->failure);
  png_byte name[5] = {type[0], type[1], type[2], type[3], 0};
  png_write_chunk(writer->png, name, data, length);
  return PRN_PNG_DONE;
}
