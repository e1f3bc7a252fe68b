#include "Fingerprint.h"

#include <stdio.h>

#include "CPlatform.h"

static const uint64_t START = 0xCBF29CE484222325;
static uint64_t state = START;
static char current[64] = "the tables";

void take(uint64_t number, int bytes) {
  for (int i = 0; i < bytes; i++) state = (state ^ (number >> (8 * i) & 255)) * 0x100000001B3;
}

void take_bytes(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) take(bytes[i], 1);
}

uint64_t fingerprint(void) {
  const uint64_t result = state;
  state = START;
  return result;
}

void print_case(const char *kind, int number, uint64_t fingerprint) {
  printf("%s %d %016llx\n", kind, number, (unsigned long long)fingerprint);
  snprintf(current, sizeof current, "the case behind %s %d", kind, number);
}

void print_versions(const char *kind, int number, void (*run)(Random r, int version)) {
  const Random r = {(uint64_t)number * 0xD1342543DE82EF95 + (uint8_t)kind[0]};
  run(r, 0);
  const uint64_t expected = fingerprint();
  for (int version = 1; version < PRN_VERSIONS; version++) {
    if (!prn_supports(version)) continue;
    run(r, version);
    CHECK(fingerprint() == expected);
  }
  print_case(kind, number, expected);
}

void check(bool is_true, const char *what, const char *file, int line) {
  if (is_true) return;
  fflush(stdout);
  fprintf(stderr, "%s:%d: not true: %s (%s)\n", file, line, what, current);
  exit(1);
}

// The linker gives all code these (--wrap), so that cases of scripts/fuzz need not know of it.

bool is_portable_alone;

int __real_prn_supports(int version);
int __wrap_prn_supports(int version) {
  return version > 0 && is_portable_alone ? 0 : __real_prn_supports(version);
}

// Streams, as they end.
void __real_prn_encoder_finish(prn_range_encoder *encoder);
void __wrap_prn_encoder_finish(prn_range_encoder *encoder) {
  __real_prn_encoder_finish(encoder);
  take(encoder->count, 8);
  take_bytes(encoder->bytes, encoder->count);
}

// What decoders have come to: `low` and `range` follow from all that was found.
prn_stream_check __real_prn_decoder_finish(const prn_range_decoder *decoder);
prn_stream_check __wrap_prn_decoder_finish(const prn_range_decoder *decoder) {
  const prn_stream_check result = __real_prn_decoder_finish(decoder);
  take(decoder->low, 8);
  take(decoder->range, 8);
  take(decoder->position, 8);
  take((uint64_t)decoder->is_corrupt, 1);
  take(result, 1);
  return result;
}

// Time and memory have no limits: what they are on other machines is not what is asked here.
double __wrap_seconds(void) { return 0; }
size_t __wrap_peak_memory(void) { return 0; }

// Code as it is in the program has no adversary. In his place, the stream is noise: what decodes
// then is what the model takes for likely.

static bool is_noise;
static uint8_t noise[2048];

void begin_contrary(Random *r) {
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (uint8_t)next(r);
  is_noise = true;
}

void end_contrary(void) { is_noise = false; }

void __real_prn_decoder_start(prn_range_decoder *decoder, const uint8_t *bytes, size_t size);
void __wrap_prn_decoder_start(prn_range_decoder *decoder, const uint8_t *bytes, size_t size) {
  if (is_noise)
    __real_prn_decoder_start(decoder, noise, sizeof noise);
  else
    __real_prn_decoder_start(decoder, bytes, size);
}
