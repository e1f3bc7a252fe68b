#include "prn_memory.h"

#if defined(__linux__)
#include <malloc.h>
#endif

void prn_keep_memory(void) {
#if defined(__GLIBC__)
  // The largest that there is: larger blocks come from the system and go back to it.
  mallopt(M_MMAP_THRESHOLD, 1 << 25);
  mallopt(M_TRIM_THRESHOLD, 1 << 28);
#endif
}
