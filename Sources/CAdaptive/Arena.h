// Memory of what a codec learns: all zeros, in one piece.
#ifndef PRN_ADAPTIVE_ARENA_H
#define PRN_ADAPTIVE_ARENA_H

#include "CPlatform.h"

// A piece that is handed out in parts. Without one, they are only counted.
typedef struct {
  uint8_t *start;
  size_t bytes;
} Arena;

// A part of so many elements, at a multiple of 64; NULL where it is only counted.
PRN_INLINE void *take(Arena *arena, size_t count, size_t size) {
  void *part = arena->start ? arena->start + arena->bytes : NULL;
  arena->bytes += (count * size + 63) & ~(size_t)63;
  return part;
}

#endif
