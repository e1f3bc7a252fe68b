// Adaptive prediction (FORMAT.md, section 3): linear predictors of a tile's values, fitted by least
// squares to what has been coded, and what they blend to.
//
// A tile is walked by diagonals, column + 4 row = t. On each:
//
//   prn_prediction_begin(p, t);
//   for each colour: prn_prediction_predict(p, t, colour, band) for each band of rows, then
//     prn_prediction_record for each value;
//   prn_prediction_end(p, t), or its parts.
//
// Predictions of a diagonal depend on earlier diagonals and on earlier colours of the same pixel
// alone, so that the bands may be predicted in any order, at the same time.
#ifndef C_PREDICTION_H
#define C_PREDICTION_H

#include <stddef.h>
#include <stdint.h>

/// Columns that a diagonal moves to the left with each row.
#define PRN_SHEAR 4
/// Diagonals kept: 15 behind the current one, and a band of the encoder's.
#define PRN_RING 32
/// Rows of a band, which has a local fit of its own.
#define PRN_BAND 8
/// Rows before row 0 in a ring's diagonal.
#define PRN_PADDING 8
/// Predictors at most: colourMED, plane, global fit, two local fits, two window fits.
#define PRN_PREDICTORS 7
/// How much the fits look at: 0 narrow, 1 wide, 2 widest.
#define PRN_BREADTHS 3

/// The state of one tile.
typedef struct prn_prediction prn_prediction;

/// What is known of a pixel's colour before its value, in the cell of its diagonal and row.
typedef struct {
  /// The blend of the predictors, in 64ths of a value, 0 to 16320: [ring][row].
  const int16_t *blend;
  /// The predictors, in 64ths: [predictor][ring][row], `plane` apart.
  const int16_t *predictors[PRN_PREDICTORS];
  /// Their local errors, in 16ths of a value: the same.
  const int16_t *local_errors[PRN_PREDICTORS];
  /// The value, or, outside of the tile, what stands for it.
  int16_t *values;
  /// value - centre, where centre = (blend + 32) >> 6; of a diagonal's colour, found when the next
  /// one is predicted.
  const int16_t *misses;
} prn_colour_view;

/// Bytes that the prediction of a tile takes; 0 where an argument is out of range.
size_t prn_prediction_memory(int breadth, int32_t rows, int32_t columns, int32_t colours);

/// Predictors of a tile: 4, 6 or 7.
int32_t prn_prediction_predictors(int breadth);

/// Channels of prn_prediction_inputs for each colour.
int32_t prn_prediction_channels(int breadth);

/// A tile before its first diagonal: 1 or 3 colours; `version` as for prn_supports. NULL where
/// memory is short or an argument is out of range.
prn_prediction *prn_prediction_create(
    int breadth, int32_t rows, int32_t columns, int32_t colours, int version);

void prn_prediction_destroy(prn_prediction *prediction);

/// The arrays of a colour, for reading; values are recorded there.
prn_colour_view prn_prediction_view(const prn_prediction *prediction, int32_t colour);

/// Cells of a diagonal: the distance between two slots of a ring.
int32_t prn_prediction_stride(const prn_prediction *prediction);

/// The index of the cell of diagonal t, -PRN_RING or more, and `row`, -PRN_PADDING or more.
static inline ptrdiff_t prn_prediction_cell(int32_t stride, int32_t t, int32_t row) {
  return (ptrdiff_t)((uint32_t)t % PRN_RING) * stride + PRN_PADDING + row;
}

/// Starts diagonal t; earlier ones have ended.
void prn_prediction_begin(prn_prediction *prediction, int32_t t);

/// Predicts a colour of the diagonal's pixels in a band; their earlier colours are recorded.
void prn_prediction_predict(prn_prediction *prediction, int32_t t, int32_t colour, int32_t band);

/// Takes a value that has been predicted.
static inline void prn_prediction_record(
    prn_colour_view view, int32_t stride, int32_t t, int32_t row, uint8_t value) {
  view.values[prn_prediction_cell(stride, t, row)] = value;
}

/// The network's inputs at the pixel itself (FORMAT.md, section 5.2), prn_prediction_channels of
/// them for each of the pixels in rows `row` ..., `stride` apart.
void prn_prediction_inputs(
    const prn_prediction *prediction, int32_t t, int32_t colour, int32_t row, int32_t count,
    int16_t *inputs, ptrdiff_t stride);

/// The bands that learn from the four diagonals that t is one of: `first` ..< `end`.
void prn_prediction_active(
    const prn_prediction *prediction, int32_t t, int32_t *first, int32_t *end);

/// Takes in what was coded on diagonal t, all of whose values are recorded, in an active band.
void prn_prediction_learn(prn_prediction *prediction, int32_t t, int32_t band);

/// Whether the fits are due after diagonal t. If so, when all active bands have learnt:
/// prn_prediction_sum of each colour, then all items of prn_prediction_fit.
int prn_prediction_is_due(int32_t t);
void prn_prediction_sum(prn_prediction *prediction, int32_t t, int32_t colour);

/// Items of prn_prediction_fit after diagonal t: those of the upper bands first.
int32_t prn_prediction_fits(const prn_prediction *prediction, int32_t t);
void prn_prediction_fit(prn_prediction *prediction, int32_t t, int32_t item);

/// All that follows the last value of diagonal t, on one thread.
void prn_prediction_end(prn_prediction *prediction, int32_t t);

/// Whether a version gives the portable one's bits on fixed data; 0 where this processor lacks it.
int prn_prediction_agrees(int version);

#endif
