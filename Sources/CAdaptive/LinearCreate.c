#include <stdlib.h>
#include <string.h>

#include "LinearHistograms.h"
#include "LinearState.h"
#include "LinearCreate.h"

#define LARGEST_SIDE 65535

// Slopes of logistic distributions, by energy: 13/4 classes double the scale.
static const int32_t SLOPES[ENERGIES] = {
    3376731, 2728172, 2204181, 1780830, 1438792, 1162448, 939180, 758794,
    613055,  495307,  400175,  323315,  261217,  211046,  170511, 137761,
    111302,  89924,   72653,   58699,   47425,   38316,   30957,  25011};
// Of the prediction, in 64ths, where it is not known.
#define USUAL_PART 14

static int32_t segments_of(int32_t width) { return (width + SEGMENT - 1) / SEGMENT; }

static size_t stride_of(int32_t width) { return (size_t)segments_of(width) * SEGMENT + 2 * PAD; }

int prn_linear_is_legal(int32_t width, int32_t height, int32_t planes) {
  return width >= 1 && height >= 1 && width <= LARGEST_SIDE && height <= LARGEST_SIDE
         && planes >= 1 && planes <= PRN_LINEAR_PLANES;
}

// Cells of a plane: a row below it, and SEGMENT - 1 cells that the last segment reads beyond.
static size_t cells_of(int32_t width, int32_t height) {
  return stride_of(width) * ((size_t)height + ABOVE + 1) + SEGMENT;
}

// Of the row's arrays: one of 32 bits, seven of 16.
static size_t row_bytes(int32_t width) { return stride_of(width) * (4 + 7 * 2); }

static size_t term_cells(int32_t width) { return stride_of(width) * TERMS * BAND; }

size_t prn_linear_memory(int32_t width, int32_t height, int32_t planes) {
  if (!prn_linear_is_legal(width, height, planes)) return 0;
  const size_t segments = (size_t)segments_of(width);
  return sizeof(Linear) + 4096 + (size_t)planes * cells_of(width, height) * 3 + row_bytes(width)
         + term_cells(width) * 2 + segments * sizeof(Fit) + (segments + 2) * sizeof(Sums);
}

void prn_linear_destroy(Linear *l) {
  if (!l) return;
  const ptrdiff_t origin = ABOVE * l->stride + PAD;
  for (int32_t k = 0; k < l->planes; k++) {
    free(l->samples[k] ? l->samples[k] - origin : NULL);
    free(l->misses[k] ? l->misses[k] - origin : NULL);
  }
  free(l->partial ? l->partial - PAD : NULL);
  free(l->terms ? l->terms - PAD : NULL);
  free(l->fits);
  free(l->sums);
  free(l);
}

// The arrays of a row lie one behind the other.
static int start_rows(Linear *l) {
  int32_t *rows = calloc(row_bytes(l->width), 1);
  if (!rows) return 0;
  l->partial = rows + PAD;
  int16_t *narrow = (int16_t *)(rows + l->stride) + PAD;
  int16_t **const arrays[7] = {
      &l->fit_above,     &l->median_above,     &l->energy_above,    &l->fit_errors[0],
      &l->fit_errors[1], &l->median_errors[0], &l->median_errors[1]};
  for (int i = 0; i < 7; i++) *arrays[i] = narrow + i * l->stride;
  return 1;
}

static void start_tables(Linear *l) {
  const Functions *f = l->functions;
  for (int32_t i = 0; i < ERRORS; i++) l->logarithm[i] = (uint8_t)(lg(f, (uint64_t)i + 4) >> 4);
  for (int32_t i = 0; i < 512; i++) {
    const int32_t stretched = clamp(38 * (i - 256), -STRETCH_LIMIT, STRETCH_LIMIT);
    l->share[i] = (uint16_t)(squash(f, stretched) >> 14);
  }
  for (int32_t i = 0; i < ENERGY; i++) {
    const int32_t e = (lg(f, (uint64_t)i + 154) * 13) >> 10;
    l->energy_class[i] = (uint8_t)clamp(e - 17, 0, ENERGIES - 1);
  }
  for (int32_t class = 0; class < CLASSES; class++) {
    const int32_t nearest = nearest_of(class);
    l->nearest[class] = (int16_t)nearest;
    for (int32_t i = 0; i < (int32_t)distances_of(class); i++)
      l->class_of[LARGEST_DISTANCE + nearest + (class % 2 == 0 ? -i : i)] = (uint8_t)class;
  }
  for (int32_t i = 0; i < GAPS; i++)
    l->split[i] = (uint8_t)least(bit_length((uint32_t)i), SPLITS / 2);
  for (int32_t i = 0; i <= MOST_USES; i++) {
    int32_t shift = 2;
    while (shift < 8 && 7 << (shift - 2) < i + 2) shift++;
    l->shift[i] = (uint8_t)shift;
  }
  for (int32_t k = 0; k < CLASSES; k++) {
    l->targets[k] = 0;
    l->targets[CLASSES + k] = LEARNT;
    l->floors[k] = (int16_t)(FLOOR * k);
  }
}

static void start_histograms(Linear *l) {
  for (int32_t e = 0; e < ENERGIES; e++)
    for (int32_t part = 0; part < PARTS; part++)
      start_histogram(l, &l->by_part[e * PARTS + part], SLOPES[e], 4 * part + 2);
  for (int32_t half = 0; half < ENERGIES / 2; half++) {
    Histogram usual;
    start_histogram(l, &usual, SLOPES[2 * half], USUAL_PART);
    for (int32_t i = 0; i < SIDES; i++) l->by_sides[i * (ENERGIES / 2) + half] = usual;
    for (int32_t i = 0; i < SPLITS; i++) l->by_split[i * (ENERGIES / 2) + half] = usual;
  }
}

Linear *prn_linear_create(int32_t width, int32_t height, int32_t planes) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, (sizeof(Linear) + 63) / 64 * 64)) return NULL;
  Linear *l = memory;
  memset(l, 0, sizeof *l);
  l->functions = prn_adaptive_functions();
  l->width = width;
  l->height = height;
  l->planes = planes;
  l->segments = segments_of(width);
  l->stride = (ptrdiff_t)stride_of(width);
  const ptrdiff_t origin = ABOVE * l->stride + PAD;
  int is_whole = start_rows(l);
  for (int32_t k = 0; k < planes; k++) {
    uint8_t *samples = calloc(cells_of(width, height), 1);
    int16_t *misses = calloc(cells_of(width, height), sizeof *misses);
    l->samples[k] = samples ? samples + origin : NULL;
    l->misses[k] = misses ? misses + origin : NULL;
    is_whole = is_whole && samples && misses;
  }
  int16_t *terms = calloc(term_cells(width), sizeof *terms);
  l->terms = terms ? terms + PAD : NULL;
  l->fits = calloc((size_t)l->segments, sizeof(Fit));
  l->sums = calloc((size_t)l->segments + 2, sizeof(Sums));
  if (!is_whole || !terms || !l->fits || !l->sums) {
    prn_linear_destroy(l);
    return NULL;
  }
  start_tables(l);
  start_histograms(l);
  return l;
}
