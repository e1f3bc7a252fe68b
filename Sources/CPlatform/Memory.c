#include "prn_memory.h"

#if defined(__linux__)
#include <malloc.h>
#endif

void prn_keep_memory(void) {
#if defined(__GLIBC__)
  // Larger blocks come from the system and go back to it: kept ones would double the peak.
  mallopt(M_MMAP_THRESHOLD, 1 << 22);
  mallopt(M_TRIM_THRESHOLD, 1 << 26);
#endif
}
