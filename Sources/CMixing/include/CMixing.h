// Mixing (FORMAT.md, section 8): a value as a walk of binary decisions, each with a
// probability that is mixed from the network's, the adaptive predictors' and direct contexts'.
#ifndef C_MIXING_H
#define C_MIXING_H

#include <stddef.h>
#include <stdint.h>

#include "CEntropyCoding.h"
#include "CPrediction.h"

/// What one lane's mixing, of some columns of a tile, has learnt.
typedef struct prn_mixing prn_mixing;

/// The levels of FORMAT.md, table 8.1.
#define PRN_MIXING_LEVELS 3
/// How fast the weights follow the image: 0 ..< PRN_ADAPTATIONS.
#define PRN_ADAPTATIONS 3

/// Bytes that the mixing of a tile of `lanes` lanes takes at `level` (1 to PRN_MIXING_LEVELS); 0
/// where an argument is out of range.
size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes);

/// A lane of a tile of rows x columns before its first value; NULL where memory is short or an
/// argument is out of range. `prediction` is the tile's and must outlive it; `breadth` and
/// `version` are as for that. Of a multi-scale network, `scale` is 2 or 4, and else 1: pixels whose
/// row and column are multiples of it are known, and are neither coded nor learnt from.
prn_mixing *prn_mixing_create(
    int level, int adaptation, int32_t rows, int32_t columns, int32_t colours, int32_t lanes,
    int32_t scale, int breadth, const prn_prediction *prediction, int version);

void prn_mixing_destroy(prn_mixing *mixing);

/// Codes a colour of the pixels of diagonal t in the rows `first` ..< `end`, and learns from them.
/// They have been predicted, and their earlier colours are recorded.
///
/// distributions[row] has the network's frequencies, whose symbols are counted from the predicted
/// centre; NULL: the network has no part in it. values[row * step] is the value.
void prn_mixing_encode(
    prn_mixing *mixing, prn_range_encoder *encoder, int32_t colour, int32_t t, int32_t first,
    int32_t end, const prn_distribution *distributions, const uint8_t *values, ptrdiff_t step);

/// Finds what prn_mixing_encode coded, in the same order of calls.
void prn_mixing_decode(
    prn_mixing *mixing, prn_range_decoder *decoder, int32_t colour, int32_t t, int32_t first,
    int32_t end, const prn_distribution *distributions, uint8_t *values, ptrdiff_t step);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_mixing_agrees(int version);

#endif
