// Eight numbers at a time: of eight rows, or of eight contexts. The compiler makes of them what the
// instruction set has.
#ifndef PRN_MIXING_VECTORS_H
#define PRN_MIXING_VECTORS_H

#include <stdint.h>
#include <string.h>

// Vectors go to and from functions that are inlined, and to no others: how does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 8

typedef int16_t Shorts __attribute__((vector_size(2 * LANES), may_alias));
typedef int32_t Ints __attribute__((vector_size(4 * LANES), may_alias));
typedef uint32_t Words __attribute__((vector_size(4 * LANES), may_alias));

// Lets the compiler know nothing of what is in memory. Else, where lanes come and go one by one, it
// calculates with each of them alone.
#define KEEP_AS_VECTORS(x) __asm__("" : "+m"(x))

#define INTS(x) __builtin_convertvector(x, Ints)

#endif
