// The chunks of a PNG file but its image (FORMAT.md, section 12): bytes by adaptive mixing, after
// a dictionary of chunks that are usual.
#ifndef C_BYTES_H
#define C_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "CEntropyCoding.h"

/// Bytes of all entries, at most.
#define PRN_BYTES_LIMIT 0x7FFFFFFF

/// What became of a call.
typedef enum {
  PRN_BYTES_DONE,
  /// What is to be encoded is not a sequence of entries, or longer than PRN_BYTES_LIMIT.
  PRN_BYTES_NOT_ENTRIES,
  PRN_BYTES_OUT_OF_MEMORY,
  /// The stream holds more bytes than the caller allows.
  PRN_BYTES_OVER_LIMIT,
  /// The stream is none that an encoder writes.
  PRN_BYTES_CORRUPT
} prn_bytes_result;

/// Bytes of memory that a call takes at most besides its input and the coder, for `count` bytes
/// of entries, or with a limit of that: 2.3 million for 4096 bytes or fewer, up to 9.2 million and
/// the output (half as much again while it grows). The program holds 2.3 million more, what has
/// learnt the dictionary.
size_t prn_bytes_memory(size_t count);

/// Whether bytes are a sequence of entries: a type of 4 bytes, the first of which is not 0; the
/// length of the data, least significant first to base 128 in as few bytes as can be, with 128
/// added to each but the last, below 2^31; and the data.
int prn_bytes_are_entries(const uint8_t *bytes, size_t count);

/// Codes entries and their end: a decoder need not know `count`. `version` is one that the
/// processor supports (prn_supports); another counts as 0. Linear in `count`.
prn_bytes_result prn_bytes_encode(
    prn_range_encoder *encoder, const uint8_t *bytes, size_t count, int version);

/// Finds entries, `count` bytes and at most `limit`, in memory of its own: *bytes, which the caller
/// frees with prn_bytes_free. Of a failure there are none: NULL and 0. The memory follows a size
/// class in the stream, so that a few bytes do not take `limit`.
prn_bytes_result prn_bytes_decode(
    prn_range_decoder *decoder, size_t limit, int version, uint8_t **bytes, size_t *count);

void prn_bytes_free(uint8_t *bytes);

/// Whether a version codes as the portable one does on fixed data; 0 where this processor lacks it.
int prn_bytes_agrees(int version);

/// What the smallest tables have learnt of the dictionary, as the program holds it: *count bytes.
const uint8_t *prn_bytes_primed_state(size_t *count);

/// The same, learnt anew, which takes ten milliseconds; NULL where memory is short. The caller
/// frees it with prn_bytes_free. Both are equal where numbers begin with their low bytes.
uint8_t *prn_bytes_prime_anew(size_t *count);

#endif
