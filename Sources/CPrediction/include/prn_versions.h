// The same code for several instruction sets. All give the same bits: there are only integers, and
// floating-point operations that are rounded one by one.
#ifndef PRN_VERSIONS_H
#define PRN_VERSIONS_H

#define PRN_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define PRN_VERSIONS 3
/// Defines `name`_versions: `name`, an inline function, for each instruction set.
#define PRN_DEFINE_VERSIONS(type, name, parameters, arguments) \
  static type name##_portable parameters { return name arguments; } \
  __attribute__((target("avx2"))) static type name##_avx2 parameters { return name arguments; } \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) static type name##_avx512 \
      parameters { return name arguments; } \
  static type(*const name##_versions[PRN_VERSIONS]) parameters = { \
      name##_portable, name##_avx2, name##_avx512};
#else
#define PRN_VERSIONS 1
#define PRN_DEFINE_VERSIONS(type, name, parameters, arguments) \
  static type name##_portable parameters { return name arguments; } \
  static type(*const name##_versions[PRN_VERSIONS]) parameters = {name##_portable};
#endif

/// The version that suits this processor best; 0, the portable one, where the environment variable PRNZIP_KERNEL
/// says "portable", and 1 at most where it says "avx2".
int prn_version(void);

#endif
