#include <errno.h>
#include <malloc.h>
#include <time.h>

#include "Fuzz.h"

// The linker gives the codecs these for malloc and its like (--wrap).

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void __real_free(void *memory);

static size_t held, peak, before;
static int64_t left = -1;

void watch_memory(void) { peak = before = held; }

size_t peak_memory(void) { return peak - before; }

size_t held_memory(void) { return held; }

void fail_allocation(int64_t count) { left = count; }

static bool fails(void) { return left >= 0 && left-- == 0; }

static void *count(void *memory) {
  if (memory) held += malloc_usable_size(memory);
  if (held > peak) peak = held;
  return memory;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : count(__real_malloc(size)); }

void *__wrap_calloc(size_t number, size_t size) {
  return fails() ? NULL : count(__real_calloc(number, size));
}

void *__wrap_realloc(void *memory, size_t size) {
  if (fails()) return NULL;
  const size_t old = memory ? malloc_usable_size(memory) : 0;
  // While it moves, there are both.
  if (held + size > peak) peak = held + size;
  void *moved = __real_realloc(memory, size);
  if (moved) held -= old;
  return moved ? count(moved) : NULL;
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
  if (fails()) return ENOMEM;
  const int result = __real_posix_memalign(memory, alignment, size);
  if (result == 0) count(*memory);
  return result;
}

void __wrap_free(void *memory) {
  if (memory) held -= malloc_usable_size(memory);
  __real_free(memory);
}

double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
