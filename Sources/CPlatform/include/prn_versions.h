// The same code for several instruction sets. All give the same bits: there are only integers, and
// floating-point operations that are rounded one by one.
#ifndef PRN_VERSIONS_H
#define PRN_VERSIONS_H

#define PRN_INLINE static inline __attribute__((always_inline))

// What a version may use; prn_supports asks the processor for the same.
#define PRN_TARGET_AVX2 __attribute__((target("avx2")))
#define PRN_TARGET_AVX512 \
  __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

#if defined(__x86_64__)
#define PRN_VERSIONS 3
/// Defines `name`_versions: `name`, an inline function, for each instruction set.
#define PRN_DEFINE_VERSIONS(type, name, parameters, arguments) \
  static type name##_portable parameters { return name arguments; } \
  PRN_TARGET_AVX2 static type name##_avx2 parameters { return name arguments; } \
  PRN_TARGET_AVX512 static type name##_avx512 parameters { return name arguments; } \
  static type(*const name##_versions[PRN_VERSIONS]) parameters = { \
      name##_portable, name##_avx2, name##_avx512};
#else
#define PRN_VERSIONS 1
#define PRN_DEFINE_VERSIONS(type, name, parameters, arguments) \
  static type name##_portable parameters { return name arguments; } \
  static type(*const name##_versions[PRN_VERSIONS]) parameters = {name##_portable};
#endif

/// Whether this processor runs a version: 0 is portable C; 1 needs AVX2; 2 needs AVX-512 with F,
/// BW, DQ, VL and VNNI. There are no others.
int prn_supports(int version);

#endif
