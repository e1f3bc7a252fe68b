#include "prn_memory.h"

#include <stdlib.h>

#if defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
#endif

// From here on, blocks come from the system and go back to it.
#define LARGE ((size_t)1 << 22)
#define ALIGNMENT 64

void prn_keep_memory(void) {
#if defined(__GLIBC__)
  // Kept larger blocks would double the peak.
  mallopt(M_MMAP_THRESHOLD, LARGE);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}

prn_zeros prn_allocate_zeros(size_t count) {
#if defined(__linux__)
  const size_t page = (size_t)1 << 21;
  if (count >= LARGE && count <= SIZE_MAX - 2 * page) {
    // With room for a start at a large page.
    const size_t size = ((count + page - 1) & ~(page - 1)) + page;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return (prn_zeros){NULL, NULL, 0};
    uint8_t *start = (uint8_t *)memory + (-(uintptr_t)memory & (page - 1));
    madvise(start, size - page, MADV_HUGEPAGE);
    return (prn_zeros){start, memory, size};
  }
#endif
  uint8_t *memory = count <= SIZE_MAX - ALIGNMENT ? calloc(count + ALIGNMENT, 1) : NULL;
  if (!memory) return (prn_zeros){NULL, NULL, 0};
  return (prn_zeros){memory + (-(uintptr_t)memory & (ALIGNMENT - 1)), memory, 0};
}

void prn_free_zeros(prn_zeros zeros) {
#if defined(__linux__)
  if (zeros.size > 0) {
    munmap(zeros.allocated, zeros.size);
    return;
  }
#endif
  free(zeros.allocated);
}
