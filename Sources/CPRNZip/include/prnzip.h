// prnzip.h: lossless compression of PNG files, and of pixels in memory. C99 and C++.
//
// Link with -lprnzip; `pkg-config --cflags --libs prnzip` says how.
//
// Results. A function that can fail returns a status: PRNZIP_OK, or why it failed. Then its results
// are NULL and 0, nothing is left to free, and `message` holds one line for people.
//
// Messages. `message` is memory of the caller, `message_size` its bytes. A message is UTF-8, cut
// where it does not fit, and always ended by a 0; after PRNZIP_OK it is empty. Both may be NULL and
// 0. No message is kept in the library.
//
// Ownership. What is given to a function stays the caller's, is only read, and need not outlive the
// call. What a function gives back belongs to the caller, who frees it with `prnzip_free`.
//
// Threads. Every function may be called from any thread, and from several at a time. The library
// has no state that calls share, but for its models, which are loaded once and never change. Calls
// must not look at memory that another thread changes meanwhile.
//
// Input. Any bytes may be given: damaged and hostile ones give a status. Every pointer may be NULL
// where that is said here, or where its size is 0; elsewhere NULL gives PRNZIP_INVALID_ARGUMENT.
//
// The library never ends the process, writes no file and prints nothing. It does not touch signals.
// Of the environment it reads PRNZIP_INSTRUCTION_SET, once.

#ifndef PRNZIP_H
#define PRNZIP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The version of this header. Versions with the same major number are compatible from 1 on; before,
// those with the same minor number.
#define PRNZIP_VERSION "0.1.0"
#define PRNZIP_VERSION_MAJOR 0
#define PRNZIP_VERSION_MINOR 1
#define PRNZIP_VERSION_PATCH 0

// MARK: Statuses

// What became of a call. Later versions may have more.
typedef int32_t prnzip_status;

enum {
  // All is well.
  PRNZIP_OK = 0,
  // An argument, an option or a region that cannot be.
  PRNZIP_INVALID_ARGUMENT = 1,
  // The progress function said so.
  PRNZIP_CANCELLED = 2,
  // Neither a PNG file nor a PNM or PAM file, or a damaged one.
  PRNZIP_BAD_PNG = 3,
  // Not a prn file.
  PRNZIP_NOT_PRN = 4,
  // A prn file of a version of the format that the library does not read.
  PRNZIP_UNSUPPORTED_VERSION = 5,
  // A prn file that ends too early.
  PRNZIP_TRUNCATED = 6,
  // A damaged prn file: a checksum, a digest or a rule of the format is broken.
  PRNZIP_CORRUPT = 7,
  // A prn file of a model that the library does not have.
  PRNZIP_UNKNOWN_MODEL = 8,
  // More pixels, memory or bytes than the options allow.
  PRNZIP_LIMIT_EXCEEDED = 9,
  // There is not as much memory as it takes.
  PRNZIP_OUT_OF_MEMORY = 10,
  // The pixels are right, but zlib of this machine does not make the very PNG file: the option
  // `pixels_only` gives another one.
  PRNZIP_NOT_REPRODUCIBLE = 11,
  // A defect of the library or the machine.
  PRNZIP_INTERNAL = 12
};

// The name of a status in words, such as "truncated"; "unknown" for other numbers. It is static.
const char *prnzip_status_name(prnzip_status status);

// MARK: Options

// How much work goes into a small file.
enum {
  PRNZIP_EFFORT_DEFAULT = 0,
  // Without networks: the fastest, in both directions.
  PRNZIP_EFFORT_INSTANT = 1,
  PRNZIP_EFFORT_FAST = 2,
  PRNZIP_EFFORT_BEST = 3
};

// Is told how far a call has come.
//
// It is called in the course of the call, from threads of the library too, but never from two at a
// time; when something is done, which may be seconds apart. It must not throw or jump.
//
// share: 0 to 1, never less than before.
// user: of the options.
// Returns 0 to go on. Any other number cancels the call, which soon returns PRNZIP_CANCELLED.
typedef int (*prnzip_progress)(double share, void *user);

// What can be chosen. All 0 but for `size` are the defaults:
//
//     prnzip_options options = PRNZIP_OPTIONS;
typedef struct prnzip_options {
  // sizeof(prnzip_options). Later versions of the library may have more options at the end.
  size_t size;
  // PRNZIP_EFFORT_...; of compress and encode.
  int32_t effort;
  // Threads to use, 1 to 1024; 0 for one for each processor. Results are the same for each number.
  uint32_t threads;
  // Not 0: what is compressed gives back the very PNG file, not only its pixels and chunks.
  int32_t exact;
  // Not 0: each result of compress and encode is decoded again and compared.
  int32_t verify;
  // Not 0: decompress writes a new PNG file, also of files that give back the very one.
  int32_t pixels_only;
  // 0.
  int32_t reserved;
  // The most pixels of an image; 0 for 2^30.
  uint64_t max_pixels;
  // The most bytes of memory for files, image and all that is in work; 0 for 2^33.
  uint64_t max_memory;
  // The most bytes of a result; 0 for any number.
  uint64_t max_result;
  // Is told how far the call has come; may be NULL.
  prnzip_progress progress;
  // What `progress` gets; may be NULL.
  void *user;
} prnzip_options;

#define PRNZIP_OPTIONS {sizeof(prnzip_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL}

// MARK: Files

// Compresses a PNG file of any kind, or a binary PNM or PAM file.
//
// png: the file, of png_size bytes.
// options: may be NULL.
// prn: the prn file, less than 64 bytes larger than the PNG file; to be freed.
// prn_size: its bytes.
prnzip_status prnzip_compress(
  const void *png, size_t png_size, const prnzip_options *options, uint8_t **prn, size_t *prn_size,
  char *message, size_t message_size);

// Decompresses a prn file, to a file of the kind that it was made of. What comes out has been
// verified against the digests in the file.
//
// prn: the file, of prn_size bytes.
// options: may be NULL.
// png: the PNG, PNM or PAM file; to be freed.
// png_size: its bytes.
prnzip_status prnzip_decompress(
  const void *prn, size_t prn_size, const prnzip_options *options, uint8_t **png, size_t *png_size,
  char *message, size_t message_size);

// MARK: Pixels

// Pixels in memory: rows from the top, in each the pixels from the left, of each pixel its samples.
typedef struct prnzip_pixels {
  // The first sample of the first pixel. Samples of 16 bits have their high byte first.
  uint8_t *data;
  // Bytes at `data`: stride * (height - 1) + width * channels * depth / 8, or more.
  size_t size;
  // Bytes from the start of a row to that of the next, at least those of a row; 0 for just those.
  size_t stride;
  // Columns, 1 to 2^31 - 1.
  uint32_t width;
  // Rows, 1 to 2^31 - 1.
  uint32_t height;
  // Samples of a pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. Colours are not multiplied by
  // alpha.
  uint32_t channels;
  // Bits of a sample, 8 or 16.
  uint32_t depth;
} prnzip_pixels;

// A rectangle of an image's pixels.
typedef struct prnzip_region {
  // Column and row of its first pixel, from 0.
  uint32_t x, y;
  // Columns and rows, 1 or more.
  uint32_t width, height;
} prnzip_region;

// Compresses pixels. `prnzip_decompress` makes a PNG file of what comes out.
//
// pixels: of any kind; they are only read.
// options: may be NULL; `exact` counts for nothing.
// prn: the prn file; to be freed.
// prn_size: its bytes.
prnzip_status prnzip_encode(
  const prnzip_pixels *pixels, const prnzip_options *options, uint8_t **prn, size_t *prn_size,
  char *message, size_t message_size);

// Decodes a prn file, from whatever it was made, to pixels as viewers show them: palettes are
// looked up, samples of fewer than 8 bits are spread over 8, and what tRNS makes transparent has an
// alpha of 0. Gamma and colour profiles are not applied.
//
// All pixels have been verified against the digest in the file. Of a region, only what it needs is
// decoded, and checked by the checksums of its part of the file.
//
// prn: the file, of prn_size bytes.
// region: which of the pixels, inside the image; NULL for all.
// options: may be NULL.
// pixels: the pixels, with 16 bits a sample if the image has them, else 8; `pixels->data` is to be
//   freed.
prnzip_status prnzip_decode(
  const void *prn, size_t prn_size, const prnzip_region *region, const prnzip_options *options,
  prnzip_pixels *pixels, char *message, size_t message_size);

// MARK: Information

// A group of channels that are coded together.
typedef struct prnzip_group {
  // Its channels in letters: R, G, B, Y (gray, luma), A (alpha), I (indices of a palette), C
  // (chroma), r, g, b (corrections).
  const char *channels;
  // "network", "graphics", "bilevel" ...
  const char *codec;
  // The model's name; NULL without a network, and if the library does not have the model.
  const char *model;
  // Bytes of the file that the group takes.
  uint64_t bytes;
  // In how many tiles.
  uint64_t tiles;
} prnzip_group;

// What can be told of a prn file without decoding it. Later versions of the library may tell more,
// at the end.
typedef struct prnzip_info {
  // Columns and rows.
  uint32_t width, height;
  // Samples of a pixel, 1 to 4; 1 of a palette's index.
  uint32_t channels;
  // Bits of a sample: 1, 2, 4, 8 or 16.
  uint32_t depth;
  // PNG's colour type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.
  uint32_t colour_type;
  // 1 if the image is modelled; 0 if the PNG file is stored.
  uint32_t is_modelled;
  // 1 if the very PNG file comes back.
  uint32_t is_exact;
  // 1 if the PNG file is interlaced.
  uint32_t is_interlaced;
  // In how many strips the image is coded.
  uint32_t strips;
  // How many groups there are; none if the PNG file is stored.
  uint32_t group_count;
  // The groups.
  const prnzip_group *groups;
  // Bytes of the file.
  uint64_t file_bytes;
  // Bytes of the coded ancillary chunks.
  uint64_t metadata_bytes;
  // Columns and rows of the small image of a multi-scale model; 0 where there is none.
  uint32_t small_width, small_height;
  // 1 if the file that comes back is a PNM or PAM file.
  uint32_t is_pnm;
  // Frames of an animation that are coded as images, and their bytes; 0 where there are none.
  uint32_t frame_count;
  uint64_t frame_bytes;
} prnzip_info;

// Reads headers and sections, and checks their checksums. Takes time in proportion to the bytes.
//
// prn: the file, of prn_size bytes.
// options: may be NULL; `max_memory` counts.
// info: one piece of memory, with all that it points to; to be freed.
prnzip_status prnzip_read_info(
  const void *prn, size_t prn_size, const prnzip_options *options, prnzip_info **info,
  char *message, size_t message_size);

// MARK: The rest

// Frees what the library gave. NULL is nothing to free.
void prnzip_free(void *memory);

// PRNZIP_VERSION of the library that is there at run time. It is static.
const char *prnzip_version(void);

// The version of the file format that is written and read.
int32_t prnzip_format_version(void);

#ifdef __cplusplus
}
#endif

#endif
