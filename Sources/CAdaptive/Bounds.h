// What bounds a call, as loops over rows ask for it.
#ifndef PRN_ADAPTIVE_BOUNDS_H
#define PRN_ADAPTIVE_BOUNDS_H

#include "CBounds.h"
#include "Functions.h"

// Rows to code of `height`; `decodes` says by which side.
INLINE int32_t rows_within(const prn_bounds *bounds, int32_t height, int decodes) {
  if (!decodes || !bounds || bounds->rows > height) return height;
  return bounds->rows > 0 ? bounds->rows : 0;
}

INLINE int is_stopped(const prn_bounds *bounds) { return bounds && prn_is_stopped(bounds->stop); }

#endif
