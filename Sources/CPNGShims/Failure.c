#include "Failure.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

void prn_png_fail(png_structp png, png_const_charp text) {
  prn_png_failure *failure = png_get_error_ptr(png);
  strncpy(failure->message, text, PRN_PNG_MESSAGE - 1);
  failure->message[PRN_PNG_MESSAGE - 1] = 0;
  png_longjmp(png, 1);
}

void prn_png_ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

png_voidp prn_png_allocate(png_structp png, png_alloc_size_t size) {
  void *block = malloc(size);
  if (!block) {
    prn_png_failure *failure = png_get_mem_ptr(png);
    failure->bytes = size;
  }
  return block;
}

void prn_png_free(png_structp png, png_voidp block) {
  (void)png;
  free(block);
}
