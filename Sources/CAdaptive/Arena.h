// Memory of what a codec learns: all zeros, in one piece.
#ifndef PRN_ADAPTIVE_ARENA_H
#define PRN_ADAPTIVE_ARENA_H

#include "CPlatform.h"

// What is between the parts is nobody's, which address sanitizers are told.
#if PRN_HAS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#define GAP 64
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define GAP 0
#endif

// A piece that is handed out in parts. Without one, they are only counted.
typedef struct {
  uint8_t *start;
  size_t bytes;
} Arena;

// A part of so many elements, at a multiple of 64; NULL where it is only counted.
PRN_INLINE void *take(Arena *arena, size_t count, size_t size) {
  uint8_t *part = arena->start ? arena->start + arena->bytes : NULL;
  const size_t used = count * size, all = ((used + 63) & ~(size_t)63) + GAP;
  if (part) ASAN_POISON_MEMORY_REGION(part + used, all - used);
  arena->bytes += all;
  return part;
}

#endif
