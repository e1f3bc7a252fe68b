// A range encoder with 64 bits of state and carry propagation.
//
// The stream of a sequence of events is a number V in [0, 1) to base 256 that lies in the interval
// which the events leave of [0, 1). `low` and `range` have 64 bits. After each event `range` is
// brought back to 2^48 or more, byte by byte. For a total below 2^31, r = range / total is then at
// least 2^17, and its truncation gives away less than total / range < 2^-17 of the range: 0.00002
// bits an event at worst. An event leaves range >= r * 1 >= 2^17, so at most 4 bytes go out with
// it.
//
// Source: G. N. N. Martin, "Range encoding: an algorithm for removing redundancy from a digitised
// message", 1979; the carry as in Schindler's range coder, but into the bytes already written.
#ifndef PRN_RANGE_ENCODER_H
#define PRN_RANGE_ENCODER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Bytes that the coder moves after an event at most, and has room for in its buffer.
#define PRN_MOST_SHIFTED 8

typedef struct {
  uint64_t low, range;
  /// The bytes written; `capacity` - PRN_MOST_SHIFTED of them at most.
  uint8_t *bytes;
  size_t count, capacity;
  /// Whether memory ran out: the stream is lost, and events go nowhere.
  int failed;
} prn_range_encoder;

/// An encoder that has coded nothing; it owns nothing yet.
void prn_encoder_start(prn_range_encoder *encoder);

/// Frees the bytes.
void prn_encoder_free(prn_range_encoder *encoder);

/// Ends the stream, which is `count` of `bytes` then: none for V = 0.
void prn_encoder_finish(prn_range_encoder *encoder);

/// The encoder with room for more bytes, or `failed` where there is none. By value, so that one
/// that is kept in registers may stay there.
prn_range_encoder prn_encoder_grown(prn_range_encoder encoder);

/// Adds 1 to the last of `count` bytes written, and on into those before while they wrap.
void prn_carry(uint8_t *bytes, size_t count);

/// How many bytes the coder moves after an event: the least n with range << 8 n >= 2^48. 0 to 6.
static inline int prn_bytes_to_shift(uint64_t range) {
  // 2^48 <= range is 15 or fewer leading zeros, 2^40 <= range < 2^48 is 16 to 23, and so on.
  const int eighths = __builtin_clzll(range) >> 3;
  return eighths > 1 ? eighths - 1 : 0;
}

/// The number V (its top 64 bits) that ends a stream: the one of [low, low + 2^48) whose 48 low
/// bits are 0. It lies within the final interval since range >= 2^48.
static inline uint64_t prn_final_code(uint64_t low) {
  return (low + 0x0000FFFFFFFFFFFF) & 0xFFFF000000000000;
}

/// x with its most significant byte first in memory, and back.
static inline uint64_t prn_big_endian(uint64_t x) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return __builtin_bswap64(x);
#else
  return x;
#endif
}

/// Leaves `frequency` of the range, in units of r, from `cumulative` on.
static inline void prn_encoder_narrow(
    prn_range_encoder *encoder, uint64_t r, uint64_t cumulative, uint64_t frequency) {
  const uint64_t sum = encoder->low + r * cumulative;
  if (sum < encoder->low) prn_carry(encoder->bytes, encoder->count);
  const uint64_t range = r * frequency;
  encoder->low = sum;
  encoder->range = range;
  if (range >> 48) return;
  const int shift = 8 * prn_bytes_to_shift(range);
  encoder->low = sum << shift;
  encoder->range = range << shift;
  if (encoder->capacity - encoder->count < PRN_MOST_SHIFTED) {
    *encoder = prn_encoder_grown(*encoder);
    if (encoder->failed) return;
  }
  // All eight are written, and those that do not count again later.
  const uint64_t bytes = prn_big_endian(sum);
  memcpy(encoder->bytes + encoder->count, &bytes, sizeof bytes);
  encoder->count += (size_t)(shift >> 3);
}

/// Codes the event that has `frequency`, 1 or more, of `total`, 1 to 2^31 - 1, and `cumulative`
/// below it.
static inline void prn_encode_event(
    prn_range_encoder *encoder, uint32_t cumulative, uint32_t frequency, uint32_t total) {
  prn_encoder_narrow(encoder, encoder->range / total, cumulative, frequency);
}

/// Codes a binary event; p is the probability of a 1 in 65536ths, 1 to 65535.
static inline void prn_encode_bit(prn_range_encoder *encoder, int bit, uint32_t p) {
  prn_encoder_narrow(encoder, encoder->range >> 16, bit ? 0 : p, bit ? p : 65536 - p);
}

/// The same with p in 2^22ths, 1 to 2^22 - 1.
static inline void prn_encode_fine_bit(prn_range_encoder *encoder, int bit, uint32_t p) {
  prn_encoder_narrow(encoder, encoder->range >> 22, bit ? 0 : p, bit ? p : (1u << 22) - p);
}

#endif
