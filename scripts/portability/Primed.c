// In the place of BytesPrimed.c, for compilers without #embed: gcc before 15.
#include "BytesPrime.h"

__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    ".globl prn_bytes_primed\n"
    "prn_bytes_primed:\n"
    ".incbin \"Sources/CAdaptive/primed.bin\"\n"
    ".previous\n");

const uint8_t *prn_bytes_primed_state(size_t *count) {
  *count = PRIMED_SIZE;
  return prn_bytes_primed;
}
