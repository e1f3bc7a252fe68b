// Deep samples: images of up to 16 bits a sample, predicted and mixed without a network (FORMAT.md,
// section 14).
#ifndef C_DEEP_H
#define C_DEEP_H

#include <stddef.h>
#include <stdint.h>

#include "CBounds.h"
#include "CEntropyCoding.h"

/// Channels at most: of gray, gray and alpha, RGB or RGBA.
#define PRN_DEEP_CHANNELS 4

typedef enum {
  PRN_DEEP_DONE,
  PRN_DEEP_OUT_OF_MEMORY,
  PRN_DEEP_ILLEGAL,
  /// The decoder's range coder found a code outside of every interval.
  PRN_DEEP_CORRUPT
} prn_deep_result;

/// Bytes that coding an image takes beyond its samples; 0 where an argument is out of range.
size_t prn_deep_memory(int32_t width, int32_t height, int32_t channels);

/// Codes planes of width x height samples, one channel behind the other, rows from the top. The
/// samples of channel c are below counts[c], 1 to 65536; a channel of one value costs nothing. Of
/// colours, green should come first. Time and memory grow with the number of samples. `version` is
/// as for prn_supports. `cost`, unless NULL, gets the bits of the decisions, with 8 fraction bits.
prn_deep_result prn_deep_encode(
    prn_range_encoder *encoder, const uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version, uint64_t *cost,
    const prn_bounds *bounds);

/// Finds what prn_deep_encode coded. Other streams give some samples below the counts, or
/// PRN_DEEP_CORRUPT at the end of a row.
prn_deep_result prn_deep_decode(
    prn_range_decoder *decoder, uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version, const prn_bounds *bounds);

/// How the samples of a channel follow from ranks, which have fewer bits: FORMAT.md, "Sample maps".
typedef enum {
  /// All values of a range.
  PRN_DEEP_MAP_RANGE,
  /// Numbers of `bits` bits above zeros.
  PRN_DEEP_MAP_SHIFTED,
  /// Numbers of `bits` bits, 8 or more, above their own upper bits.
  PRN_DEEP_MAP_REPEATED,
  /// Numbers of `bits` bits times 65535 / (2^bits - 1), rounded.
  PRN_DEEP_MAP_SCALED,
  /// Any values.
  PRN_DEEP_MAP_LISTED
} prn_deep_map_kind;

typedef struct {
  int32_t kind, bits;
  /// The number that rank 0 stands for, and how many ranks there are: 1 to 65536.
  uint32_t lowest, count;
  /// The sample of each rank, `count` of them, ascending.
  uint16_t values[65536];
  /// The rank of each sample; only those of samples that are in `values` mean something.
  uint16_t ranks[65536];
} prn_deep_map;

/// The map under which a plane is likely to be smallest, its own cost counted; a list only where
/// `may_list`. A list may break what is linear in a plane: who has the time codes with and without.
/// Linear in the size. Fails only where memory is short.
prn_deep_result prn_deep_map_find(
    prn_deep_map *map, const uint16_t *samples, int32_t width, int32_t height, int may_list);

/// Bits of the largest rank, 0 to 16.
int32_t prn_deep_map_bits(const prn_deep_map *map);

/// Samples to ranks; `ranks` may be `samples`.
void prn_deep_map_apply(
    const prn_deep_map *map, const uint16_t *samples, uint16_t *ranks, size_t size);

/// Ranks to samples; a rank that does not exist is taken for the last one.
void prn_deep_map_invert(
    const prn_deep_map *map, const uint16_t *ranks, uint16_t *samples, size_t size);

/// Codes a map; the encoder's `failed` tells whether there was memory.
void prn_deep_map_encode(prn_range_encoder *encoder, const prn_deep_map *map);

/// Finds what prn_deep_map_encode coded; PRN_DEEP_CORRUPT for what is no map.
prn_deep_result prn_deep_map_decode(prn_range_decoder *decoder, prn_deep_map *map);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_deep_agrees(int version);

#endif
