// On-line mixing (FORMAT.md, section 8): a value as a walk of binary decisions, each with a probability that is
// mixed from the network's, the adaptive predictors' and direct contexts'. The same calls encode and
// decode.
#ifndef C_MIXING_H
#define C_MIXING_H

#include <stddef.h>
#include <stdint.h>

#include "CPrediction.h"

/// The state of one lane's mixing: of some columns of a tile.
typedef struct prn_mixing prn_mixing;

/// The network's 256 frequencies by symbol, and starts[b], the sum of those below symbol 16 b.
typedef struct {
  uint32_t starts[16];
  uint32_t frequencies[256];
  uint32_t total;
} prn_network;

/// The levels of FORMAT.md, table 8.1.
#define PRN_MIXING_LEVELS 3
/// How fast the weights follow the image: 0 ..< PRN_ADAPTATIONS.
#define PRN_ADAPTATIONS 3

/// Bytes that the mixing of a tile of `lanes` lanes takes at `level` (1 to PRN_MIXING_LEVELS).
size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes);

/// A lane of a tile of rows x columns before its first value; NULL where memory is short or an argument is out of
/// range. `prediction` is the tile's and must outlive it; `breadth` and `version` are as for that.
prn_mixing *prn_mixing_create(
    int level, int adaptation, int32_t rows, int32_t columns, int32_t colours, int32_t lanes,
    int breadth, const prn_prediction *prediction, int version);

void prn_mixing_destroy(prn_mixing *mixing);

/// Looks up what the value of `colour` at the pixel of diagonal t in `row` depends on; it has been predicted, and so
/// have the earlier colours been recorded. May be called one value ahead, once the one
/// before has begun, if that is on the same diagonal and of the same colour.
void prn_mixing_prepare(prn_mixing *mixing, int32_t colour, int32_t t, int32_t row);

/// Begins the value that was prepared first of those not yet begun. `network` is kept until the value's end; its
/// symbols are counted from the predicted centre. NULL: without a network.
void prn_mixing_begin(prn_mixing *mixing, const prn_network *network);

/// The probability, in 65536ths (32 to 65504), that the walk's next decision is 1; 0 where the value is known.
uint32_t prn_mixing_next(prn_mixing *mixing);

/// The next decision for a value that is known.
int prn_mixing_decision(const prn_mixing *mixing, uint8_t value);

/// Learns the decision, which `next` was asked about, and goes on.
void prn_mixing_update(prn_mixing *mixing, int decision);

/// The value found.
uint8_t prn_mixing_end(prn_mixing *mixing);

#endif
