// What is known of an image while its samples are coded (FORMAT.md, section 17).
#ifndef PRN_LINEAR_STATE_H
#define PRN_LINEAR_STATE_H

#include "CLinear.h"
#include "Coder.h"
#include "Functions.h"

// Columns and rows around the image that a neighbour may be in.
#define PAD 16
#define ABOVE 3
// A fit is for so many columns, and made anew after so many rows.
#define SEGMENT 32
// A last segment of no more columns is no work for all of a segment.
#define NARROW 8
#define BAND 4
// Weights of a fit; the products have a term more, what was to be predicted.
#define MOST_TAPS 14
#define TERMS (MOST_TAPS + 1)
#define FRACTION 12
// A histogram: classes of distances from the centre, and 2^15 for all of them.
#define CLASSES 32
#define TOTAL_BITS 15
#define LARGEST_DISTANCE 255
// What chooses histograms.
#define ENERGIES 24
#define PARTS 8
#define SIDES 27
#define SPLITS 13
// Energies from the last one on are of the highest class.
#define ENERGY 5120
// Distances of median and fit, in halves of a value.
#define GAPS 512
#define MOST_USES 250
// Errors are in 16ths of a value, and sums of them in 8ths, at most so many.
#define ERRORS 4096

// Frequencies of the classes below each class, less what every class has. One line of the cache.
typedef int16_t Below __attribute__((vector_size(2 * CLASSES)));

typedef struct {
  Below below;
} Histogram;

// Sums of products of terms: [i][j], j <= i.
typedef struct {
  int32_t of[TERMS][TERMS + 1];
} Sums;

typedef struct {
  int32_t weights[MOST_TAPS];
  // Of W and WW as they stand, not as terms.
  int32_t west, far_west;
} Fit;

// Where a tap is, seen from the sample.
typedef struct {
  int32_t plane;
  ptrdiff_t offset;
} Tap;

typedef struct {
  const Functions *functions;
  int32_t width, height, planes, segments;
  ptrdiff_t stride;
  // Of each plane its samples, and what the prediction missed of them, in 16ths.
  uint8_t *samples[PRN_LINEAR_PLANES];
  int16_t *misses[PRN_LINEAR_PLANES];

  // Of the plane that is coded.
  int32_t plane, taps, own;
  Tap tap[MOST_TAPS];
  Fit start;
  // Of each segment; one more sum at each end, which stays 0.
  Fit *fits;
  Sums *sums;

  // Of the row, by column: what the fit predicts without W and WW; what the rows above and the
  // other planes have of local errors and of the energy.
  int32_t *partial;
  int16_t *fit_above, *median_above, *energy_above;
  // Errors of the fit and of the median, in this row and in the one above.
  int16_t *fit_errors[2], *median_errors[2];
  // Of the band: [term][row][column].
  int16_t *terms;

  // What is learnt.
  uint32_t count;
  Histogram by_part[ENERGIES * PARTS];
  Histogram by_sides[SIDES * ENERGIES / 2];
  Histogram by_split[SPLITS * ENERGIES / 2];
  uint8_t uses_by_part[ENERGIES * PARTS];
  uint8_t uses_by_sides[SIDES * ENERGIES / 2];
  uint8_t uses_by_split[SPLITS * ENERGIES / 2];

  // Logarithms of local errors, in 16ths; the fit's share by their difference, of 256.
  uint8_t logarithm[ERRORS];
  uint16_t share[512];
  // Classes of energies; sizes of the distance of median and fit, by halves of a value.
  uint8_t energy_class[ENERGY];
  // The distance of each class that is nearest to the centre; the classes of distances, from -255.
  int16_t nearest[CLASSES];
  uint8_t class_of[2 * LARGEST_DISTANCE + 1];
  uint8_t split[GAPS];
  // How much a histogram follows, as a shift, by its visits.
  uint8_t shift[MOST_USES + 1];
  // 0 for classes up to CLASSES - 1, and all that classes have together behind.
  int16_t targets[2 * CLASSES];
  // What every class has at least, summed.
  Below floors;
} Linear;

INLINE int is_narrow(const Linear *l, int32_t segment) {
  return l->width - segment * SEGMENT <= NARROW;
}

#endif
