// What readers and writers have in common: how libpng gets memory and reports errors.
#ifndef PRN_PNG_FAILURE_H
#define PRN_PNG_FAILURE_H

#include "CPNGShims.h"

#include <png.h>

/// libpng's error function; its pointer is a prn_png_failure.
PNG_NORETURN void prn_png_fail(png_structp png, png_const_charp text);

/// libpng's warning function.
void prn_png_ignore(png_structp png, png_const_charp text);

/// libpng's allocation functions; their pointer is a prn_png_failure.
png_voidp prn_png_allocate(png_structp png, png_alloc_size_t size);
void prn_png_free(png_structp png, png_voidp block);

/// How a call ends that has failed.
static inline int prn_png_status(const prn_png_failure *failure) {
  return failure->bytes ? PRN_PNG_NO_MEMORY : PRN_PNG_FAILED;
}

#endif
