#include <stdlib.h>
#include <string.h>

#include "Bounds.h"
#include "DeepDecision.h"

// Of the inputs at the start: the experts, then the contexts.
static const int32_t START_WEIGHTS[INPUTS] = {
    0, 7000, 3000, 12000, 1500, 5500, 4500, 6500, 7500,
    1000, 2500, 3000, 2200, 2200, 1700, 2800, 3700};

#define LARGEST_SIDE 0x7FFFFF

static int is_legal(int32_t width, int32_t height, int32_t channels, const uint32_t *counts) {
  for (int32_t c = 0; c < channels && c < PRN_DEEP_CHANNELS; c++)
    if (counts[c] < 1 || counts[c] > 65536) return 0;
  return width >= 1 && height >= 1 && width <= LARGEST_SIDE && height <= LARGEST_SIDE
         && channels >= 1 && channels <= PRN_DEEP_CHANNELS;
}

static size_t plane_cells(int32_t width, int32_t height) {
  return ((size_t)width + 2 * PAD) * ((size_t)height + ABOVE + 1);
}

static size_t block_count(int32_t width) {
  return ((size_t)width + BLOCK - 1) / BLOCK;
}

size_t prn_deep_memory(int32_t width, int32_t height, int32_t channels) {
  const uint32_t counts[PRN_DEEP_CHANNELS] = {1, 1, 1, 1};
  if (!is_legal(width, height, channels, counts)) return 0;
  const size_t cells = plane_cells(width, height);
  const size_t errors = 3 * ERROR_ROWS * ((size_t)width + 2 * PAD) * sizeof(uint32_t);
  return sizeof(Deep) + 64 + 65536 + (sizeof(Repeat) << REPEAT_BITS)
         + (size_t)channels * cells * 3 + errors
         + 2 * (block_count(width) + 2) * sizeof(Sums);
}

static void destroy(Deep *d) {
  if (!d) return;
  for (int32_t c = 0; c < d->channels; c++) {
    free(d->samples[c] ? d->samples[c] - ABOVE * d->stride - PAD : NULL);
    free(d->misses[c] ? d->misses[c] - ABOVE * d->stride - PAD : NULL);
  }
  uint32_t *first = NULL;
  for (int i = 0; i < 3; i++)
    if (d->errors[i] && (!first || d->errors[i] < first)) first = d->errors[i];
  free(first ? first - PAD : NULL);
  free(d->followed);
  free(d->repeats);
  free(d->near_sums);
  free(d->wide_sums);
  free(d);
}

static void start_learning(Deep *d) {
  for (size_t i = 0; i < SLOTS; i++)
    for (int32_t n = 0; n < NODES; n++) d->slots[i].nodes[n] = FRESH_COUNTER;
  for (int32_t i = 0; i < NODES * SCALES; i++)
    memcpy(d->by_scale[i], START_WEIGHTS, sizeof START_WEIGHTS);
  for (int32_t i = 0; i < NODES * SPREADS; i++)
    memcpy(d->by_spread[i], START_WEIGHTS, sizeof START_WEIGHTS);
  for (int32_t i = 0; i < NODES * PLACES; i++)
    memcpy(d->by_place[i], START_WEIGHTS, sizeof START_WEIGHTS);
  for (int32_t n = 0; n < NODES; n++) {
    for (int32_t s = 0; s < SETS; s++) d->final[n][s] = UNIT / SETS;
    start_refinement(d->functions, &d->refinements[n]);
  }
  for (int32_t i = 0; i < 16 * 4; i++) d->repeated[i / 4][i % 4] = counter(ONE / 2, 2);
  for (int32_t i = 0; i < 16; i++) d->deep_nodes[i] = counter(ONE * 2 / 5, 4);
  for (int32_t i = 0; i < 64; i++) d->first_bits[i] = counter(ONE / 2, 8);
  for (int32_t i = 0; i < 3 * 256; i++) {
    const int32_t zeros = (i >> 4) & 15, ones = i & 15;
    d->by_followed[i] = counter((uint32_t)(ONE / 16 * (ones + 4) / (zeros + ones + 8) * 16), 4);
  }
  for (int32_t i = 0; i < 128; i++) d->low_bits[i] = counter(ONE / 2, 8);
}

static Deep *create(int32_t width, int32_t height, int32_t channels, const uint32_t *counts) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, (sizeof(Deep) + 63) / 64 * 64)) return NULL;
  Deep *d = memory;
  memset(d, 0, sizeof *d);
  d->functions = prn_adaptive_functions();
  d->width = width;
  d->height = height;
  d->channels = channels;
  for (int32_t c = 0; c < channels; c++) d->counts[c] = counts[c];
  d->stride = width + 2 * PAD;
  d->blocks = (int32_t)block_count(width);
  const size_t cells = plane_cells(width, height);
  const ptrdiff_t origin = ABOVE * d->stride + PAD;
  int is_whole = 1;
  for (int32_t c = 0; c < channels; c++) {
    uint16_t *samples = calloc(cells, sizeof *samples);
    int8_t *misses = calloc(cells, 1);
    d->samples[c] = samples ? samples + origin : NULL;
    d->misses[c] = misses ? misses + origin : NULL;
    is_whole = is_whole && samples && misses;
  }
  const size_t row = ERROR_ROWS * (size_t)d->stride;
  uint32_t *errors = calloc(3 * row, sizeof *errors);
  for (size_t i = 0; errors && i < 3; i++) d->errors[i] = errors + i * row + PAD;
  d->followed = calloc(65536, 1);
  d->repeats = calloc((size_t)1 << REPEAT_BITS, sizeof(Repeat));
  d->near_sums = calloc((size_t)d->blocks + 2, sizeof(Sums));
  d->wide_sums = calloc((size_t)d->blocks + 2, sizeof(Sums));
  if (!is_whole || !errors || !d->followed || !d->repeats || !d->near_sums || !d->wide_sums) {
    destroy(d);
    return NULL;
  }
  start_learning(d);
  return d;
}

// What one call codes.
typedef struct {
  Deep *deep;
  Coder *coder;
  const uint16_t *known;
  uint16_t *found;
  const prn_bounds *bounds;
} Run;

// Both sides of the coder, so that they cannot differ. Returns whether the stream is right so far.
INLINE int code(const Run *run, int decodes) {
  Deep *d = run->deep;
  Coder coder = *run->coder;
  const size_t area = (size_t)d->width * (size_t)d->height;
  int is_right = 1;
  for (int32_t c = 0; c < d->channels && is_right; c++) {
    d->channel = c;
    d->largest = (int32_t)d->counts[c] - 1;
    d->depth = bit_length((uint32_t)d->largest);
    if (d->depth == 0) d->depth = 1;
    start_fits(d);
    memset(d->followed, 0, 65536);
    // The channels behind one are predicted from it, and follow all of it.
    const int is_last = c + 1 == d->channels;
    const int32_t rows = is_last ? rows_within(run->bounds, d->height, decodes) : d->height;
    for (int32_t row = 0; row < rows && is_right && !is_stopped(run->bounds); row++) {
      const size_t at = (size_t)c * area + (size_t)row * (size_t)d->width;
      begin_row(d, row);
      for (int32_t column = 0; column < d->width; column++) {
        if (row == 0) begin_first_row(d, column);
        if (column % BLOCK == 0) fit_block(d, row, column / BLOCK);
        Site site;
        find_site(d, &site, row, column);
        const int32_t known = decodes ? 0 : run->known[at + (size_t)column];
        const int32_t value = code_sample(d, &site, &coder, decodes, known);
        if (decodes) {
          run->found[at + (size_t)column] = (uint16_t)value;
          prn_decoder_note(&coder.decoder, c, row, column);
        }
        d->samples[c][site.cell] = (uint16_t)value;
        record(d, &site, value);
        if (column % BLOCK == BLOCK - 1 || column == d->width - 1)
          end_block(d, row, column / BLOCK);
      }
      end_row(d, row);
      if (decodes) is_right = !coder.decoder.is_corrupt;
    }
  }
  *run->coder = coder;
  return is_right;
}

INLINE int encode(const Run *run) { return code(run, 0); }
INLINE int decode(const Run *run) { return code(run, 1); }

PRN_DEFINE_VERSIONS(int, encode, (const Run *run), (run))
PRN_DEFINE_VERSIONS(int, decode, (const Run *run), (run))

prn_deep_result prn_deep_encode(
    prn_range_encoder *encoder, const uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version, uint64_t *cost,
    const prn_bounds *bounds) {
  if (!is_legal(width, height, channels, counts) || !prn_supports(version))
    return PRN_DEEP_ILLEGAL;
  Deep *d = create(width, height, channels, counts);
  if (!d) return PRN_DEEP_OUT_OF_MEMORY;
  Coder coder = {.encoder = *encoder};
  const Run run = {.deep = d, .coder = &coder, .known = samples, .bounds = bounds};
  encode_versions[version](&run);
  destroy(d);
  *encoder = coder.encoder;
  if (cost) *cost = coder.cost;
  return encoder->failed ? PRN_DEEP_OUT_OF_MEMORY : PRN_DEEP_DONE;
}

prn_deep_result prn_deep_decode(
    prn_range_decoder *decoder, uint16_t *samples, int32_t width, int32_t height,
    int32_t channels, const uint32_t *counts, int version, const prn_bounds *bounds) {
  if (!is_legal(width, height, channels, counts) || !prn_supports(version))
    return PRN_DEEP_ILLEGAL;
  Deep *d = create(width, height, channels, counts);
  if (!d) return PRN_DEEP_OUT_OF_MEMORY;
  Coder coder = {.decoder = *decoder};
  const Run run = {.deep = d, .coder = &coder, .found = samples, .bounds = bounds};
  const int is_right = decode_versions[version](&run);
  destroy(d);
  *decoder = coder.decoder;
  return is_right ? PRN_DEEP_DONE : PRN_DEEP_CORRUPT;
}
