#include "prn_versions.h"

int prn_supports(int version) {
  if (version == 0) return 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (version == 1) return __builtin_cpu_supports("avx2") != 0;
  if (version == 2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f")
           && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#endif
  return 0;
}
