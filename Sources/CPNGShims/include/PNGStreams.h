// Deflate streams (RFC 1951): what they are made of, and zlib's way to make them.
#ifndef PNG_STREAMS_H
#define PNG_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A block of a deflate stream.
typedef struct {
  /// Bytes of data before it, and in it.
  size_t start, count;
  /// Literals and matches, without the end; 0 if it is stored.
  size_t symbols;
  /// 0 stored, 1 fixed codes, 2 codes of its own.
  uint8_t kind;
} prn_block;

/// What a byte of data is in a stream: a number below these for the first byte of a match, whose
/// length stands from bit 16 on and whose distance is in the lower bits, where 32768 is 0.
enum {
  PRN_TOKEN_LITERAL = 0x7fffffff,
  /// A byte of a match, but not its first.
  PRN_TOKEN_INSIDE = 0x7ffffffe,
  /// Of a stored block: it could be anything.
  PRN_TOKEN_STORED = 0x7ffffffd,
};

/// What `prn_inflate` found out.
typedef struct {
  /// Bytes of the stream, and of its data.
  size_t stream, data;
  size_t blocks, matches;
  /// The shortest match, 258 if there is none, and the longest distance.
  size_t shortest, farthest;
} prn_inflated;

/// Decodes a stream. It never reads or writes beyond what it is given.
///
/// `data` may be NULL if nobody wants it; there may be no more than `data_count` bytes of it. The
/// first `token_count` bytes of it get `tokens`; there may be more. There may be no more than
/// `block_count` blocks. Returns whether the stream is good, and there were no more. O(stream and
/// data).
bool prn_inflate(
    const uint8_t *stream, size_t count, uint8_t *data, size_t data_count, uint32_t *tokens,
    size_t token_count, prn_block *blocks, size_t block_count, prn_inflated *result);

/// Whether the tokens agree of each byte that neither has stored.
bool prn_tokens_agree(const uint32_t *a, const uint32_t *b, size_t count);

/// zlib's deflate at work.
typedef struct prn_deflater prn_deflater;

/// A stream without header and checksum: level 1 to 9, window of 9 to 15 bits, memory level 1 to 9,
/// strategy 0 to 4. NULL if there is no memory for it.
prn_deflater *prn_deflater_create(int level, int window_bits, int memory_level, int strategy);

void prn_deflater_destroy(prn_deflater *deflater);

/// Gives the next bytes of data, which must stay where they are until `prn_deflater_take` has given
/// less than it could.
void prn_deflater_give(prn_deflater *deflater, const uint8_t *data, size_t count);

/// Gives the next bytes of the stream; `flush` is zlib's. Returns their number: if it is
/// `capacity`, there may be more. A flush that is not the end is done with no data, and a
/// `capacity` that is more than what zlib holds, 2^19 bytes.
size_t prn_deflater_take(prn_deflater *deflater, int flush, uint8_t *stream, size_t capacity);

/// Bytes that a block of `count` bytes, 2^30 at most, may become.
size_t prn_deflate_bound(size_t count);

/// A part of a stream without header and checksum, that ends with a whole byte: `count` bytes, 1 to
/// 2^30, of level 0 to 9, behind others, of which matches reach the last 2^15. `capacity` is what
/// `prn_deflate_bound` says. Returns the part's bytes; 0 if there is no memory for it.
size_t prn_deflate_block(
    int level, const uint8_t *before, size_t before_count, const uint8_t *data, size_t count,
    bool is_last, uint8_t *stream, size_t capacity);

/// Adler-32 of RFC 1950; `previous` is 1 at the start.
uint32_t prn_adler32(uint32_t previous, const uint8_t *data, size_t count);

#endif
