// What is said of a sample before it is coded. Each step is a function of one column: a decoder
// takes all steps of a column, an encoder, which knows the row, a step of all columns of a segment,
// in vectors.
#ifndef PRN_LINEAR_PREDICT_H
#define PRN_LINEAR_PREDICT_H

#include "LinearHistograms.h"
#include "LinearRows.h"
#include "LinearState.h"

// A row, by column.
typedef struct {
  uint8_t *samples;
  int16_t *misses;
  // Of the first plane; of the second and third, what the one before missed, of the first, what was
  // missed at NE.
  const uint8_t *first;
  const int16_t *other;
} Row;

INLINE Row row_at(const Linear *l, int32_t y) {
  const ptrdiff_t at = y * l->stride;
  int16_t *misses = l->misses[l->plane] + at;
  return (Row){
      l->samples[l->plane] + at, misses, l->samples[0] + at,
      l->plane > 0 ? l->misses[l->plane - 1] + at : misses + 1 - l->stride};
}

// Of a sample: predictions, in 64ths, and which histogram of each kind.
typedef struct {
  int32_t fit, median, blend;
  Places places;
} Said;

// Of a segment's samples, what coding them needs.
typedef struct {
  int16_t blend[SEGMENT];
  uint16_t by_part[SEGMENT], by_sides[SEGMENT], by_split[SEGMENT];
} SaidOfSegment;

INLINE int32_t median_of(int32_t w, int32_t n, int32_t nw) {
  const int32_t low = w < n ? w : n, high = w < n ? n : w;
  return clamp(w + n - nw, low, high);
}

INLINE int32_t fit_at(const Linear *l, const Row *row, const Fit *fit, int32_t x) {
  const uint8_t *s = row->samples + x;
  return clamp(
      (l->partial[x] + fit->west * s[-1] + fit->far_west * s[-2]) >> (FRACTION - 5), 0, 255 * 64);
}

INLINE int32_t median_at(const Linear *l, const Row *row, int32_t x) {
  const uint8_t *s = row->samples + x, *first = row->first + x;
  const ptrdiff_t up = -l->stride;
  if (l->plane == 0) return 64 * median_of(s[-1], s[up], s[up - 1]);
  return 64 * clamp(
      first[0] + median_of(s[-1] - first[-1], s[up] - first[up], s[up - 1] - first[up - 1]), 0,
      255);
}

// What a prediction missed, in 16ths, as it is kept.
INLINE int16_t error_of(int32_t value, int32_t prediction) {
  return (int16_t)(magnitude(64 * value - prediction) >> 2);
}

INLINE int16_t miss_of(int32_t value, int32_t blend) {
  return (int16_t)((64 * value - blend) >> 2);
}

// The errors of a prediction nearby. `above`: the part of the row above.
INLINE int32_t local_error(const int16_t *above, const int16_t *errors, int32_t x) {
  return least((above[x] + 2 * errors[x - 1] + errors[x - 2]) >> 1, ERRORS - 1);
}

// The fit's share, of 256.
INLINE int32_t share_of(const Linear *l, int32_t of_fit, int32_t of_median) {
  return l->share[256 + l->logarithm[of_median] - l->logarithm[of_fit]];
}

INLINE int32_t blend_of(int32_t fit, int32_t median, int32_t share) {
  return median + (((fit - median) * share + 128) >> 8);
}

INLINE int32_t energy_at(const Linear *l, const Row *row, int32_t x) {
  const int16_t *misses = row->misses + x;
  return least(
      l->energy_above[x] + near_part(l) * magnitude(misses[-1])
          + far_part(l) * magnitude(misses[-2]),
      ENERGY - 1);
}

// The value nearest to the prediction.
INLINE int32_t centre_of(int32_t blend) { return (blend + 32) >> 6; }

// -1 where the prediction is below the centre: then all is turned around.
INLINE int32_t turn_of(int32_t blend) { return blend < 64 * centre_of(blend) ? -1 : 1; }

INLINE int32_t part_of(int32_t blend) {
  return least(magnitude(blend - 64 * centre_of(blend)) >> 2, PARTS - 1);
}

// A neighbour's miss: below, around or above the prediction.
INLINE int32_t side_of(int32_t miss) { return (miss >= -8) + (miss > 8); }

INLINE int32_t sides_at(const Linear *l, const Row *row, int32_t x, int32_t turn) {
  const int16_t *misses = row->misses + x;
  return (side_of(turn * misses[-1]) * 3 + side_of(turn * misses[-l->stride])) * 3
         + side_of(turn * row->other[x]);
}

// Of a sample that is not known.
INLINE Said say(const Linear *l, const Row *row, const Fit *fit, int32_t x) {
  Said said;
  said.fit = fit_at(l, row, fit, x);
  said.median = median_at(l, row, x);
  const int32_t of_fit = local_error(l->fit_above, l->fit_errors[0], x);
  const int32_t of_median = local_error(l->median_above, l->median_errors[0], x);
  said.blend = blend_of(said.fit, said.median, share_of(l, of_fit, of_median));
  const int32_t turn = turn_of(said.blend);
  said.places = places_of(
      l, energy_at(l, row, x), part_of(said.blend), sides_at(l, row, x, turn),
      turn * (said.median - said.fit));
  return said;
}

// What becomes known with a sample.
INLINE void note(Linear *l, const Row *row, int32_t x, int32_t value, const Said *said) {
  row->samples[x] = (uint8_t)value;
  row->misses[x] = miss_of(value, said->blend);
  l->fit_errors[0][x] = error_of(value, said->fit);
  l->median_errors[0][x] = error_of(value, said->median);
}

// Of a segment whose samples are known. Tables are looked up in loops of their own. The number of
// columns is constant where this is inlined.
INLINE void say_and_note(
    Linear *l, const Row *row, int32_t segment, int32_t columns, SaidOfSegment *said) {
  const int32_t first = segment * SEGMENT;
  const Fit weights = l->fits[segment];
  int16_t *fit_errors = l->fit_errors[0], *median_errors = l->median_errors[0];
  int16_t fit[SEGMENT], median[SEGMENT], of_fit[SEGMENT], of_median[SEGMENT], share[SEGMENT];
  int16_t energy[SEGMENT], part[SEGMENT], sides[SEGMENT], gap[SEGMENT];
  for (int32_t i = 0, x = first; i < columns; i++, x++)
    fit[i] = (int16_t)fit_at(l, row, &weights, x);
  for (int32_t i = 0, x = first; i < columns; i++, x++) median[i] = (int16_t)median_at(l, row, x);
  for (int32_t i = 0, x = first; i < columns; i++, x++) {
    fit_errors[x] = error_of(row->samples[x], fit[i]);
    median_errors[x] = error_of(row->samples[x], median[i]);
  }
  for (int32_t i = 0, x = first; i < columns; i++, x++) {
    of_fit[i] = (int16_t)local_error(l->fit_above, fit_errors, x);
    of_median[i] = (int16_t)local_error(l->median_above, median_errors, x);
  }
  for (int32_t i = 0; i < columns; i++) share[i] = (int16_t)share_of(l, of_fit[i], of_median[i]);
  for (int32_t i = 0, x = first; i < columns; i++, x++) {
    said->blend[i] = (int16_t)blend_of(fit[i], median[i], share[i]);
    row->misses[x] = miss_of(row->samples[x], said->blend[i]);
  }
  for (int32_t i = 0, x = first; i < columns; i++, x++) {
    const int32_t turn = turn_of(said->blend[i]);
    energy[i] = (int16_t)energy_at(l, row, x);
    part[i] = (int16_t)part_of(said->blend[i]);
    sides[i] = (int16_t)sides_at(l, row, x, turn);
    gap[i] = (int16_t)(turn * (median[i] - fit[i]));
  }
  for (int32_t i = 0; i < columns; i++) {
    const Places places = places_of(l, energy[i], part[i], sides[i], gap[i]);
    said->by_part[i] = places.by_part;
    said->by_sides[i] = places.by_sides;
    said->by_split[i] = places.by_split;
  }
}

#endif
