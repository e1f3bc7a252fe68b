// How far a call goes: not all rows need be decoded, and no call need end.
#ifndef C_BOUNDS_H
#define C_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/// What bounds a call; where a function takes a pointer to it, NULL bounds nothing.
typedef struct {
  /// Rows that a decoder finds, from the top; it leaves those below as they are. As many as there
  /// are, or more, are all. An encoder codes all rows.
  int32_t rows;
  /// If this is not NULL, the call ends soon after what it points at is not 0 any more: it looks at
  /// each row. What it has coded then is worth nothing. Other threads may set it (prn_stop).
  const int32_t *stop;
} prn_bounds;

/// Asks calls whose bounds point at it to end.
static inline void prn_stop(int32_t *stop) { __atomic_store_n(stop, 1, __ATOMIC_RELAXED); }

/// Whether somebody has asked that.
static inline int prn_is_stopped(const int32_t *stop) {
  return stop && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

#endif
