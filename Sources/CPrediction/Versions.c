#include "prn_versions.h"

#include <stdlib.h>
#include <string.h>

int prn_version(void) {
#if defined(__x86_64__)
  const char *asked = getenv("PRNZIP_KERNEL");
  if (asked && strcmp(asked, "portable") == 0) return 0;
  if (!__builtin_cpu_supports("avx2")) return 0;
  if (asked && strcmp(asked, "avx2") == 0) return 1;
  const int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                   && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return wide ? 2 : 1;
#else
  return 0;
#endif
}
