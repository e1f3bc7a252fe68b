// What the fuzzers of the codecs share: chance, pictures, damage, checks, and memory that is
// watched.
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CEntropyCoding.h"
#include "CPlatform.h"

// Chance: SplitMix64.

typedef struct {
  uint64_t state;
} Random;

uint64_t next(Random *r);

/// 0 to n - 1; n from 1.
uint32_t below(Random *r, uint32_t n);

/// Whether something of a chance of 1 in n happens.
bool one_in(Random *r, uint32_t n);

// Checks.

/// Ends the process if something is not true.
#define CHECK(condition) check(condition, #condition, __FILE__, __LINE__)
void check(bool is_true, const char *what, const char *file, int line);

// Memory: what the codecs allocate is counted (Memory.c).

/// Begins to watch: from now on the peak is that of what is allocated more than now.
void watch_memory(void);

/// Bytes that were allocated at once since then, at most, beyond what there was.
size_t peak_memory(void);

/// Bytes that are allocated now.
size_t held_memory(void);

/// Lets the allocation after `count` others fail, once; -1: none.
void fail_allocation(int64_t count);

/// CPU seconds of the process.
double seconds(void);

// Pictures (Pictures.c).

typedef struct {
  int32_t width, height;
} Size;

/// Sides of a small picture of at most `most` pixels; often a very small or narrow one.
Size draw_size(Random *r, uint32_t most);

/// Draws values below `count`, 1 to 65536: flat, noisy, sloping, repeating, and mixtures of them.
void draw_plane(Random *r, uint16_t *plane, Size size, uint32_t count);

// Streams (Damage.c).

typedef struct {
  uint8_t *bytes;
  size_t count;
} Stream;

/// The stream with damage: flipped bits, cuts, bytes put in or moved, another end, or noise alone.
/// The caller frees it.
Stream damaged(Random *r, Stream stream);

void free_stream(Stream *stream);

/// A copy of what an encoder has written, which is finished and freed.
Stream finished(prn_range_encoder *encoder);

/// What a case decodes is written to this folder first, if not NULL.
extern const char *streams_folder;
void note_stream(Stream stream);

// Decoders of CAdaptive whose decisions an adversary makes (Contrary.h).

/// From now on no decision comes from a stream.
void begin_contrary(Random *r);
void end_contrary(void);

// Instruction sets.

/// The versions that the processor supports: 0 to version_count() - 1.
int version_count(void);

/// One of them.
int any_version(Random *r);

// Codecs: a case is what follows from a seed. `decode_*` takes any bytes: a few say the shape.

void fuzz_graphics(Random *r);
void fuzz_bytes(Random *r);
void fuzz_bilevel(Random *r);
void fuzz_sparse(Random *r);
void fuzz_deep(Random *r);
void fuzz_maps(Random *r);
void fuzz_inflate(Random *r);
void fuzz_rows(Random *r);
void fuzz_linear(Random *r);
void fuzz_runs(Random *r);

void decode_graphics(const uint8_t *bytes, size_t count);
void decode_bytes(const uint8_t *bytes, size_t count);
void decode_bilevel(const uint8_t *bytes, size_t count);
void decode_sparse(const uint8_t *bytes, size_t count);
void decode_deep(const uint8_t *bytes, size_t count);
void decode_maps(const uint8_t *bytes, size_t count);
void decode_inflate(const uint8_t *bytes, size_t count);
void decode_linear(const uint8_t *bytes, size_t count);
void decode_runs(const uint8_t *bytes, size_t count);

/// Damaged streams that a case decodes.
enum { DAMAGES = 4 };

#endif
