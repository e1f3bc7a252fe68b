#include "Fuzz.h"

typedef struct {
  uint16_t *plane;
  int32_t width, x, y, columns, rows;
} Area;

Size draw_size(Random *r, uint32_t most) {
  uint32_t width, height;
  switch (below(r, 6)) {
    case 0: width = 1 + below(r, 4), height = 1 + below(r, 4); break;
    case 1: width = 1 + below(r, 3), height = 1 + below(r, most / 3); break;
    case 2: width = 1 + below(r, most / 3), height = 1 + below(r, 3); break;
    default:
      width = 1 + below(r, most < 80 ? most : 80);
      height = 1 + below(r, most / width < 80 ? most / width : 80);
  }
  return (Size){(int32_t)width, (int32_t)height};
}

static uint16_t *cell(const Area *a, int32_t x, int32_t y) {
  return a->plane + (ptrdiff_t)(a->y + y) * a->width + a->x + x;
}

// Each of these draws an area with values below `count`.

static void draw_noise(Random *r, const Area *a, uint32_t count) {
  // All values, or a few of them, some of which are rare.
  uint32_t colours[4], number = one_in(r, 2) ? 0 : 1 + below(r, 4), rare = 1 + below(r, 40);
  for (int i = 0; i < 4; i++) colours[i] = one_in(r, 4) ? count - 1 : below(r, count);
  for (int32_t y = 0; y < a->rows; y++)
    for (int32_t x = 0; x < a->columns; x++)
      *cell(a, x, y) = (uint16_t)(
          number == 0 ? below(r, count) : one_in(r, rare) ? colours[below(r, number)] : colours[0]);
}

static void draw_slope(Random *r, const Area *a, uint32_t count) {
  const int64_t start = below(r, count), right = (int64_t)below(r, 41) - 20;
  const int64_t down = (int64_t)below(r, 41) - 20, factor = one_in(r, 2) ? 1 : 1 + count / 2000;
  const uint32_t noise = one_in(r, 2) ? 1 : 1 + below(r, count / 16 + 1);
  for (int32_t y = 0; y < a->rows; y++)
    for (int32_t x = 0; x < a->columns; x++) {
      const int64_t v = start + (x * right + y * down) * factor + below(r, noise);
      *cell(a, x, y) = (uint16_t)(((v % count) + count) % count);
    }
}

static void draw_pattern(Random *r, const Area *a, uint32_t count) {
  uint16_t tile[64];
  const int32_t columns = 1 + (int32_t)below(r, 8), rows = 1 + (int32_t)below(r, 8);
  for (int i = 0; i < 64; i++) tile[i] = (uint16_t)below(r, one_in(r, 3) ? count : count / 9 + 1);
  for (int32_t y = 0; y < a->rows; y++)
    for (int32_t x = 0; x < a->columns; x++)
      *cell(a, x, y) = tile[y % rows * 8 + x % columns];
}

// Quiet rows and wild ones in turn: what has learnt to be sure is surprised.
static void draw_bursts(Random *r, const Area *a, uint32_t count) {
  const uint32_t quiet = below(r, count), rare = 2 + below(r, 60);
  for (int32_t y = 0; y < a->rows; y++)
    for (int32_t x = 0; x < a->columns; x++)
      *cell(a, x, y) = (uint16_t)(one_in(r, rare) ? one_in(r, 2) ? 0 : count - 1 : quiet);
}

// Noise that covers all sizes: small differences, and large ones.
static void draw_steps(Random *r, const Area *a, uint32_t count) {
  uint32_t value = below(r, count);
  for (int32_t y = 0; y < a->rows; y++)
    for (int32_t x = 0; x < a->columns; x++) {
      const uint32_t step = below(r, 1 + (count >> below(r, 17)));
      value = (value + (one_in(r, 2) ? step : count - step)) % count;
      *cell(a, x, y) = (uint16_t)value;
    }
}

static void draw_copy(Random *r, const Area *a, Size size) {
  const int32_t x0 = (int32_t)below(r, (uint32_t)(size.width - a->columns + 1));
  const int32_t y0 = (int32_t)below(r, (uint32_t)(size.height - a->rows + 1));
  for (int32_t y = 0; y < a->rows; y++)
    memmove(cell(a, 0, y), a->plane + (ptrdiff_t)(y0 + y) * a->width + x0,
            (size_t)a->columns * sizeof(uint16_t));
}

void draw_plane(Random *r, uint16_t *plane, Size size, uint32_t count) {
  Area a = {plane, size.width, 0, 0, size.width, size.height};
  for (uint32_t areas = 1 + below(r, 5), i = 0; i < areas; i++) {
    if (i > 0) {
      a.columns = 1 + (int32_t)below(r, (uint32_t)size.width);
      a.rows = 1 + (int32_t)below(r, (uint32_t)size.height);
      a.x = (int32_t)below(r, (uint32_t)(size.width - a.columns + 1));
      a.y = (int32_t)below(r, (uint32_t)(size.height - a.rows + 1));
    }
    switch (below(r, i > 0 ? 7 : 5)) {
      case 0: draw_noise(r, &a, count); break;
      case 1: draw_slope(r, &a, count); break;
      case 2: draw_pattern(r, &a, count); break;
      case 3: draw_bursts(r, &a, count); break;
      case 4: draw_steps(r, &a, count); break;
      default: draw_copy(r, &a, size);
    }
  }
}
