// What the driver of scripts/same-everywhere shares: a fingerprint of all that comes out of a case.
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "Fuzz.h"

/// Takes a number into the fingerprint (FNV-1a with 64 bits), its low byte first on any machine.
void take(uint64_t number, int bytes);

/// Takes `count` bytes.
void take_bytes(const uint8_t *bytes, size_t count);

/// What was taken since the last call.
uint64_t fingerprint(void);

/// Prints a line of the case: what it is of, its number, its fingerprint.
void print_case(const char *kind, int number, uint64_t fingerprint);

/// Whether prn_supports knows portable code alone, on any processor.
extern bool is_portable_alone;

/// Runs a case with each version that the processor has, which must give the same, and prints it.
void print_versions(const char *kind, int number, void (*run)(Random r, int version));

// The cases (Tables.c, Kernels.c, Codecs.c, Solve.c, Tiles.c). Each prints its lines.

/// The codecs without a network: cases of scripts/fuzz.
void print_codecs(void);

/// The kernels of networks.
void print_kernels(void);

/// The solver of the fits of prediction.
void print_solutions(void);

/// Prediction, a small network, mixing and the range coder, on small tiles.
void print_tiles(void);

/// Tables, and the results of the self-tests.
void print_tables(void);

#endif
