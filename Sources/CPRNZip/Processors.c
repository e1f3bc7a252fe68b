// In C, as Swift does not see sched_getaffinity.

#define _GNU_SOURCE

#include "Processors.h"

#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

int prn_processors(void) {
#ifdef __linux__
  // Containers get fewer than the machine has. It fails where the set is too small for the machine.
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
  }
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}
