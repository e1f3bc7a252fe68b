#include "prn_memory.h"

#include <stdlib.h>

#if defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
#endif

// From here on, blocks come from the system and go back to it.
#define LARGE ((size_t)1 << 22)
#define LARGE_PAGE ((size_t)1 << 21)
#define ALIGNMENT 64
// Sanitizers see what is beside blocks of malloc alone.
#if defined(__linux__) && !PRN_HAS_ADDRESS_SANITIZER
#define HAS_LARGE_PAGES 1
#else
#define HAS_LARGE_PAGES 0
#endif

void prn_keep_memory(void) {
#if defined(__GLIBC__)
  // Kept larger blocks would double the peak.
  mallopt(M_MMAP_THRESHOLD, LARGE);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}

size_t prn_size_of_zeros(size_t count) {
  if (count > SIZE_MAX - 2 * LARGE_PAGE) return SIZE_MAX;
#if HAS_LARGE_PAGES
  // With room for a start at a large page.
  if (count >= LARGE) return ((count + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1)) + LARGE_PAGE;
#endif
  return count + ALIGNMENT;
}

prn_zeros prn_allocate_zeros(size_t count) {
  if (count == 0) return (prn_zeros){NULL, NULL, 0};
  const size_t size = prn_size_of_zeros(count);
#if HAS_LARGE_PAGES
  if (count >= LARGE && size < SIZE_MAX) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return (prn_zeros){NULL, NULL, 0};
    uint8_t *start = (uint8_t *)memory + (-(uintptr_t)memory & (LARGE_PAGE - 1));
    madvise(start, size - LARGE_PAGE, MADV_HUGEPAGE);
    return (prn_zeros){start, memory, size};
  }
#endif
  uint8_t *memory = size < SIZE_MAX ? calloc(size, 1) : NULL;
  if (!memory) return (prn_zeros){NULL, NULL, 0};
  return (prn_zeros){memory + (-(uintptr_t)memory & (ALIGNMENT - 1)), memory, 0};
}

void prn_free_zeros(prn_zeros zeros) {
#if HAS_LARGE_PAGES
  if (zeros.size > 0) {
    munmap(zeros.allocated, zeros.size);
    return;
  }
#endif
  free(zeros.allocated);
}
