// Pictures of up to three planes of bytes, of the codecs sparse and linear.
#ifndef PLANES_H
#define PLANES_H

#include "Fuzz.h"

enum { MOST_PLANES = 3 };

typedef struct {
  int32_t width, height, planes;
  size_t size;
  uint8_t *values[MOST_PLANES];
} Picture;

static inline Picture blank(Size size, int32_t planes) {
  Picture p = {size.width, size.height, planes, (size_t)size.width * (size_t)size.height, {NULL}};
  for (int32_t k = 0; k < planes; k++) p.values[k] = calloc(p.size, 1);
  return p;
}

static inline void free_picture(Picture *p) {
  for (int32_t k = 0; k < p->planes; k++) free(p->values[k]);
}

static inline void check_equal(const Picture *a, const Picture *b) {
  for (int32_t k = 0; k < a->planes; k++)
    CHECK(memcmp(a->values[k], b->values[k], a->size) == 0);
}

#endif
