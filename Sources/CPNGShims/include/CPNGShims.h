// libpng behind status codes: every longjmp starts and ends inside a function of this module.
#ifndef C_PNG_SHIMS_H
#define C_PNG_SHIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "PNGRows.h"
#include "PNGStreams.h"

#define PRN_PNG_MESSAGE 160

/// How a call ends.
enum {
  PRN_PNG_DONE = 0,
  /// libpng refuses.
  PRN_PNG_FAILED = 1,
  PRN_PNG_NO_MEMORY = 2,
};

/// Why a call did not end with PRN_PNG_DONE.
typedef struct {
  /// libpng's words, of PRN_PNG_FAILED.
  char message[PRN_PNG_MESSAGE];
  /// What was asked for, of PRN_PNG_NO_MEMORY.
  size_t bytes;
} prn_png_failure;

/// A PNG being read. Once a call has failed, the reader is good for nothing but its failure.
typedef struct prn_png_reader prn_png_reader;

/// Gives the next `count` bytes of a PNG; returns whether there are as many. It must not jump.
typedef bool prn_png_read(void *context, uint8_t *bytes, size_t count);

/// A reader of what `read` gives, which is told `context`; NULL if there is no memory for it.
prn_png_reader *prn_png_reader_create(prn_png_read *read, void *context);

void prn_png_reader_destroy(prn_png_reader *reader);

const prn_png_failure *prn_png_reader_failure(const prn_png_reader *reader);

/// Reads up to the first row. `row_bytes` becomes the bytes of a row of the whole image: one for
/// each sample, two if its depth is 16, the high one first.
int prn_png_read_start(prn_png_reader *reader, size_t *row_bytes);

/// Reads the next `count` rows, each to a place of `row_bytes` bytes. The rows of an interlaced
/// image are those of its passes that have pixels, one after the other: the first bytes of their
/// places.
int prn_png_read_rows(prn_png_reader *reader, uint8_t *rows, size_t count);

/// Reads what comes behind the rows.
int prn_png_read_end(prn_png_reader *reader);

/// Reads a PNG of any kind to prove it good, keeping one row (the whole image where interlaced).
int prn_png_read_all(prn_png_reader *reader);

/// A PNG being written. Once a call has failed, the writer is good for nothing but its failure.
typedef struct prn_png_writer prn_png_writer;

/// NULL if there is no memory for it.
prn_png_writer *prn_png_writer_create(void);

void prn_png_writer_destroy(prn_png_writer *writer);

const prn_png_failure *prn_png_writer_failure(const prn_png_writer *writer);

/// The bytes that the calls have written since the last call of this; valid until the next call.
const uint8_t *prn_png_writer_take(prn_png_writer *writer, size_t *count);

/// Writes the signature and IHDR.
int prn_png_write_start(
    prn_png_writer *writer, uint32_t width, uint32_t height, int colour_type, int depth,
    bool interlaced);

/// Writes a chunk.
int prn_png_write_chunk(
    prn_png_writer *writer, const uint8_t type[4], const uint8_t *data, size_t length);

#endif
