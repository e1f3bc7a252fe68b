// The decoder of prn_range_encoder's streams. It accepts any bytes: what the encoder did not make
// decodes to arbitrary events; `is_corrupt` may turn 1 on the way, and the final checks find the
// rest.
#ifndef PRN_RANGE_DECODER_H
#define PRN_RANGE_DECODER_H

#include "prn_costs.h"
#include "prn_range_encoder.h"

typedef struct {
  /// The stream, `size` bytes, with PRN_MOST_SHIFTED zeros behind.
  uint8_t *bytes;
  size_t size;
  /// How many bytes have entered `offset`, counting the zeros past the end.
  size_t position;
  /// code - low, mod 2^64.
  uint64_t offset;
  /// As in the encoder; only the final check needs it.
  uint64_t low;
  uint64_t range;
  /// range / total of the event being decoded.
  uint64_t r;
  /// Whether the code was found outside of every interval; it stays so.
  int is_corrupt;
  /// Whether there was no memory for the bytes: there are none, then.
  int failed;
  /// Where the bits of values are noted; NULL where nobody wants to know.
  prn_costs *costs;
} prn_range_decoder;

/// What the final checks find.
typedef enum {
  PRN_STREAM_IS_RIGHT,
  PRN_STREAM_OUTSIDE_ANY_INTERVAL,
  PRN_STREAM_WRONG_FINAL_STATE,
  PRN_STREAM_UNREAD_BYTES,
  PRN_STREAM_TRAILING_ZERO,
  PRN_STREAM_OUT_OF_MEMORY
} prn_stream_check;

/// A decoder at the start of a stream, which it copies.
void prn_decoder_start(prn_range_decoder *decoder, const uint8_t *bytes, size_t size);

/// Frees the bytes.
void prn_decoder_free(prn_range_decoder *decoder);

/// Whether the stream is, to the byte, what the encoder writes for the events decoded.
prn_stream_check prn_decoder_finish(const prn_range_decoder *decoder);

/// Notes what was decoded since the last note as that of a cell of plane k: see prn_costs_note.
static inline void prn_decoder_note(
    const prn_range_decoder *decoder, int32_t k, int32_t row, int32_t column) {
  if (__builtin_expect(decoder->costs != NULL, 0))
    prn_costs_note(decoder->costs, decoder->position, decoder->range, k, row, column);
}

/// Steps over an event, as the encoder narrows its interval.
static inline void prn_decoder_narrow(
    prn_range_decoder *decoder, uint64_t r, uint64_t cumulative, uint64_t frequency) {
  const uint64_t range = r * frequency;
  decoder->offset -= r * cumulative;
  decoder->low += r * cumulative;
  decoder->range = range;
  if (range >> 48) return;
  const int shift = 8 * prn_bytes_to_shift(range);
  decoder->low <<= shift;
  decoder->range = range << shift;
  // Zeros past the end.
  const size_t from = decoder->position < decoder->size ? decoder->position : decoder->size;
  uint64_t next;
  memcpy(&next, decoder->bytes + from, sizeof next);
  decoder->offset = decoder->offset << shift | prn_big_endian(next) >> (64 - shift);
  decoder->position += (size_t)(shift >> 3);
}

/// Where in 0 ..< total the code points: the next event is the one with cumulative <= target <
/// cumulative + frequency, which prn_consume must step over. total: 1 to 2^31 - 1. A code outside
/// of every interval sets `is_corrupt`, and the answer is total - 1.
static inline uint32_t prn_decode_target(prn_range_decoder *decoder, uint32_t total) {
  decoder->r = decoder->range / total;
  const uint64_t quotient = decoder->offset / decoder->r;
  if (quotient < total) return (uint32_t)quotient;
  decoder->is_corrupt = 1;
  return total - 1;
}

/// Steps over the event that the target pointed at.
static inline void prn_consume(
    prn_range_decoder *decoder, uint32_t cumulative, uint32_t frequency) {
  prn_decoder_narrow(decoder, decoder->r, cumulative, frequency);
}

/// Decodes a binary event; p is the probability of a 1, of 2^bits.
static inline int prn_decode_decision(prn_range_decoder *decoder, uint32_t p, int bits) {
  const uint64_t r = decoder->range >> bits;
  // offset / r >= 2^bits, without the division: r << bits cannot overflow, r being range >> bits.
  if (decoder->offset >= r << bits) decoder->is_corrupt = 1;
  const int bit = decoder->offset < r * p;
  prn_decoder_narrow(decoder, r, bit ? 0 : p, bit ? p : (1u << bits) - p);
  return bit;
}

/// Decodes a binary event; p is the probability of a 1 in 65536ths, 1 to 65535.
static inline int prn_decode_bit(prn_range_decoder *decoder, uint32_t p) {
  return prn_decode_decision(decoder, p, 16);
}

/// The same with p in 2^22ths, 1 to 2^22 - 1.
static inline int prn_decode_fine_bit(prn_range_decoder *decoder, uint32_t p) {
  return prn_decode_decision(decoder, p, 22);
}

/// Decodes such an event if it is a 1; else leaves it to be decoded.
static inline int prn_decode_fine_one(prn_range_decoder *decoder, uint32_t p) {
  const uint64_t r = decoder->range >> 22;
  if (decoder->offset >= r * p) return 0;
  prn_decoder_narrow(decoder, r, 0, p);
  return 1;
}

#endif
