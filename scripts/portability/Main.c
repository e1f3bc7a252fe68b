// Prints fingerprints of what the arithmetic in C comes to: see scripts/same-everywhere. Its lines
// are the same on every machine, and with every compiler.

#include "Fingerprint.h"

int main(void) {
  print_tables();
  print_kernels();
  print_codecs();
  // CPrediction and CMixing are written in clang's vectors.
#if defined(__clang__)
  print_solutions();
  print_tiles();
#endif
}
