#include <string.h>

#include "CBytes.h"
#include "CPlatform.h"

// Entries that lead to every kind of contexts.
static size_t make_entries(uint8_t *bytes) {
  static const char TYPES[][5] = {"PLTE", "tRNS", "iCCP", "fLTr", "tEXt", "zTXt", "pHYs", "PLTE"};
  static const uint8_t LENGTHS[] = {96, 24, 60, 40, 50, 30, 9, 48};
  size_t count = 0;
  for (uint32_t i = 0; i < sizeof LENGTHS; i++) {
    memcpy(bytes + count, TYPES[i], 4);
    bytes[count + 4] = LENGTHS[i];
    count += 5;
    for (uint32_t k = 0; k < LENGTHS[i]; k++) {
      const uint32_t noise = (97 * i + k) * 2654435761u >> 28;
      bytes[count++] = (uint8_t)(k % 13 == 5 ? 0 : k * (i + 3) + (k % 3 == 0 ? noise : 0));
    }
  }
  return count;
}

// Whether the portable version and the other one decode what the other one has encoded. What the
// portable one decodes, with the right final state, is what it would have written.
static int agrees(const uint8_t *entries, size_t count, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  int is_right = prn_bytes_encode(&encoder, entries, count, version) == PRN_BYTES_DONE;
  prn_encoder_finish(&encoder);
  for (int i = 0; i < 2 && is_right; i++) {
    prn_range_decoder decoder;
    uint8_t *found;
    size_t n;
    prn_decoder_start(&decoder, encoder.bytes, encoder.count);
    is_right = prn_bytes_decode(&decoder, count, i ? version : 0, &found, &n) == PRN_BYTES_DONE
               && n == count && memcmp(found, entries, n) == 0
               && prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT;
    prn_bytes_free(found);
    prn_decoder_free(&decoder);
  }
  prn_encoder_free(&encoder);
  return is_right;
}

int prn_bytes_agrees(int version) {
  if (version <= 0 || !prn_supports(version)) return version == 0;
  uint8_t entries[512];
  const size_t count = make_entries(entries);
  return agrees(entries, count, version);
}
