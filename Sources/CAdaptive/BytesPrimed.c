#include "BytesPrime.h"

#if defined(__clang__) && __STDC_VERSION__ < 202311L
// #embed is in C23; clang has it in every mode, as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

// scripts/prime writes the file, and touches this one: SwiftPM does not see a change of the file.
const uint8_t prn_bytes_primed[] __attribute__((aligned(64))) = {
#embed "primed.bin"
};

_Static_assert(sizeof prn_bytes_primed == PRIMED_SIZE, "run scripts/prime");

const uint8_t *prn_bytes_primed_state(size_t *count) {
  *count = sizeof prn_bytes_primed;
  return prn_bytes_primed;
}
