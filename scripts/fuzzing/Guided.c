// For clang's libFuzzer (scripts/fuzz --guided), which mutates inputs by what code they reach: of
// streams of deflate, where damage reaches less.

#include <stdio.h>

#include "Fuzz.h"

void check(bool is_true, const char *what, const char *file, int line) {
  if (is_true) return;
  fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  const size_t before = held_memory();
  decode_inflate(bytes, count);
  CHECK(held_memory() == before);
  return 0;
}
