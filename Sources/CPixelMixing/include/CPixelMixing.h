// On-line mixing (FORMAT.md, section 7): a value is coded as a walk of binary decisions, whose
// probabilities are mixed from the network, adaptive predictors and direct contexts. All state adapts to
// the values coded so far. Integers throughout, but for the double solve of the predictors' weights.
#ifndef C_PIXEL_MIXING_H
#define C_PIXEL_MIXING_H

#include <stddef.h>
#include <stdint.h>

/// The state of one lane's mixing: of some rows of a tile.
typedef struct prn_mixing prn_mixing;

/// The network's 256 frequencies by symbol, and starts[b], the sum of those below symbol 16 b.
typedef struct {
  uint32_t starts[16];
  uint32_t frequencies[256];
  uint32_t total;
} prn_network;

/// The levels of FORMAT.md, table 7.1.
#define PRN_MIXING_LEVELS 3

/// Bytes that the mixing of a tile of `lanes` lanes takes at `level` (1 to PRN_MIXING_LEVELS), its
/// samples not counted.
size_t prn_mixing_memory(int level, int32_t rows, int32_t columns, int32_t lanes);

/// A lane before its first value; NULL where memory is short or an argument is out of range. `planes` are
/// the tile's R, G and B, [row][column]; values are read there once they are coded. The errors of the rows
/// above belong to all `lanes`: `first` is the tile's first lane, or NULL for that itself, and must outlive
/// this one.
prn_mixing *prn_mixing_create(
    int level, int32_t rows, int32_t columns, int32_t lanes, const uint8_t *const planes[3],
    const prn_mixing *first);

void prn_mixing_destroy(prn_mixing *mixing);

/// Prepares for the value of `colour` at (row, column). `network` is kept until the value's end; `centre` is
/// the prediction that its symbol 0 stands for.
void prn_mixing_begin(
    prn_mixing *mixing, int32_t colour, int32_t row, int32_t column, const prn_network *network,
    uint8_t centre);

/// The probability, in 65536ths (32 to 65504), that the walk's next decision is 1; 0 where the value is known.
uint32_t prn_mixing_next(prn_mixing *mixing);

/// What the next decision is for this value: 0 or 1.
int prn_mixing_decision(const prn_mixing *mixing, uint8_t value);

/// Tells the decision's outcome, and learns from it.
void prn_mixing_update(prn_mixing *mixing, int decision);

/// Ends the walk: learns from the value as a whole, and gives it.
uint8_t prn_mixing_end(prn_mixing *mixing);

#endif
