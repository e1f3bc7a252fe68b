#include "Failure.h"

#include <setjmp.h>
#include <stdlib.h>

struct prn_png_reader {
  png_structp png;
  png_infop info;
  prn_png_read *read;
  void *context;
  /// Of `prn_png_read_all`.
  uint8_t *rows;
  prn_png_failure failure;
};

static void read_bytes(png_structp png, png_bytep out, size_t n) {
  prn_png_reader *reader = png_get_io_ptr(png);
  if (!reader->read(reader->context, out, n)) png_error(png, "unexpected end of file");
}

prn_png_reader *prn_png_reader_create(prn_png_read *read, void *context) {
  prn_png_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->read = read;
  reader->context = context;
  prn_png_failure *failure = &reader->failure;
  reader->png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, failure, prn_png_fail, prn_png_ignore, failure, prn_png_allocate,
      prn_png_free);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  if (reader->info) return reader;
  prn_png_reader_destroy(reader);
  return NULL;
}

void prn_png_reader_destroy(prn_png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->rows);
  free(reader);
}

const prn_png_failure *prn_png_reader_failure(const prn_png_reader *reader) {
  return &reader->failure;
}

/// Reads up to the first row; for use behind a setjmp.
static void start(prn_png_reader *reader) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, read_bytes);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  // Metadata does not pass through libpng: it is not unpacked, and may be longer than its limit.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max(png, 0);
  // A palette index without a colour is a value as any other.
  png_set_check_for_invalid_index(png, 0);
  png_read_info(png, reader->info);
}

int prn_png_read_start(prn_png_reader *reader, size_t *row_bytes) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return prn_png_status(&reader->failure);
  start(reader);
  png_set_packing(png);
  png_read_update_info(png, reader->info);
  *row_bytes = png_get_rowbytes(png, reader->info);
  return PRN_PNG_DONE;
}

int prn_png_read_rows(prn_png_reader *reader, uint8_t *rows, size_t count) {
  if (setjmp(png_jmpbuf(reader->png))) return prn_png_status(&reader->failure);
  size_t row_bytes = png_get_rowbytes(reader->png, reader->info);
  for (size_t r = 0; r < count; r++) png_read_row(reader->png, rows + r * row_bytes, NULL);
  return PRN_PNG_DONE;
}

int prn_png_read_end(prn_png_reader *reader) {
  if (setjmp(png_jmpbuf(reader->png))) return prn_png_status(&reader->failure);
  png_read_end(reader->png, NULL);
  return PRN_PNG_DONE;
}

int prn_png_read_all(prn_png_reader *reader) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return prn_png_status(&reader->failure);
  start(reader);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t row_bytes = png_get_rowbytes(png, reader->info);
  png_uint_32 height = png_get_image_height(png, reader->info);
  size_t kept = passes > 1 ? height : 1;
  reader->rows = calloc(kept, row_bytes);
  if (!reader->rows) {
    reader->failure.bytes = kept * row_bytes;
    return PRN_PNG_NO_MEMORY;
  }
  for (int pass = 0; pass < passes; pass++)
    for (png_uint_32 r = 0; r < height; r++)
      png_read_row(png, reader->rows + (passes > 1 ? r : 0) * row_bytes, NULL);
  png_read_end(png, NULL);
  return PRN_PNG_DONE;
}
