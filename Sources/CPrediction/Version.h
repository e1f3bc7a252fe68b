// What one instruction set's code needs. Included with VERSION defined, before each file that is
// compiled once for each version; so it has no guard.
#undef NAME
#undef TARGET
#undef LANES
#undef DOUBLES

#if VERSION == 0
#define NAME(name) name##_portable
#define TARGET
// Of 32 bits, and of 64 bits, in a vector.
#define LANES 4
#define DOUBLES 2
#elif VERSION == 1
#define NAME(name) name##_avx2
#define TARGET PRN_TARGET_AVX2
#define LANES 8
#define DOUBLES 4
#else
#define NAME(name) name##_avx512
#define TARGET PRN_TARGET_AVX512
#define LANES 8
#define DOUBLES 8
#endif
