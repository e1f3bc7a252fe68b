#include "CMixing.h"
#include "CNetwork.h"
#include "CPrediction.h"
#include "Fingerprint.h"

// Tiles all the way: prediction, a network of two layers, mixing, the range coder, and back.

enum { CASES = 40, MOST_PIXELS = 350, INPUTS = 16, FEATURES = 16, SYMBOLS = 256 };

typedef struct {
  int16_t first[INPUTS * FEATURES], second[FEATURES * SYMBOLS];
  int32_t bias[FEATURES], slopes[SYMBOLS];
} Network;

typedef struct {
  int breadth, level, adaptation;
  bool has_classes;
  int32_t rows, columns, colours, scale;
  Network network;
  // [colour][row * columns + column]
  uint8_t *values[3];
} Tile;

// What is known of the pixels of a diagonal, by rows.
typedef struct {
  prn_distribution *distributions;
  int32_t *sums;
  int16_t *inputs, *features;
  uint8_t *values;
} Diagonal;

// One side of the codec.
typedef struct {
  const Tile *tile;
  const prn_kernels *kernels;
  prn_prediction *prediction;
  // NULL: the network's distributions are coded as they are.
  prn_mixing *mixing;
  prn_range_encoder *encoder;
  // NULL: it encodes.
  prn_range_decoder *decoder;
  Diagonal diagonal;
} Side;

static void draw_network(Random *r, Network *n, bool has_classes) {
  for (int i = 0; i < INPUTS * FEATURES; i++) n->first[i] = (int16_t)((int)below(r, 255) - 127);
  for (int i = 0; i < FEATURES * SYMBOLS; i++)
    n->second[i] = (int16_t)((int)below(r, 127) - 63);
  for (int i = 0; i < FEATURES; i++) n->bias[i] = (int32_t)below(r, 1 << 20);
  // Large differences are less likely.
  const int32_t count = has_classes ? PRN_CLASSES : SYMBOLS;
  const int32_t slope = 1 + (int32_t)below(r, (uint32_t)(6000 / count));
  for (int32_t i = 0; i < SYMBOLS; i++)
    n->slopes[i] = -slope * (1 << 14) * (i < count / 2 ? i : i < count ? count - 1 - i : 0);
}

static void draw(Random *r, Tile *t) {
  const Size size = draw_size(r, MOST_PIXELS);
  *t = (Tile){
      .breadth = (int)below(r, PRN_BREADTHS),
      .level = (int)below(r, PRN_MIXING_LEVELS + 1),
      .adaptation = (int)below(r, PRN_ADAPTATIONS),
      .has_classes = one_in(r, 2),
      .rows = size.height,
      .columns = size.width,
      .colours = one_in(r, 2) ? 1 : 3,
      .scale = one_in(r, 2) ? 1 : one_in(r, 2) ? 2 : 4};
  draw_network(r, &t->network, t->has_classes);
  const size_t area = (size_t)t->rows * (size_t)t->columns;
  uint16_t *plane = malloc(area * sizeof *plane);
  for (int32_t c = 0; c < t->colours; c++) {
    const uint32_t noise = 1 + below(r, 20);
    t->values[c] = malloc(area);
    if (c == 0 || one_in(r, 3)) draw_plane(r, plane, size, 256);
    for (size_t i = 0; i < area; i++) t->values[c][i] = (uint8_t)(plane[i] + below(r, noise));
  }
  free(plane);
}

// The network's distributions of the values of a colour.
static void evaluate(Side *s, int32_t t, int32_t colour, int32_t first, int32_t end) {
  const Tile *tile = s->tile;
  const Diagonal *d = &s->diagonal;
  const int32_t channels = prn_prediction_channels(tile->breadth), count = end - first;
  prn_prediction_inputs(s->prediction, t, colour, first, count, d->inputs, INPUTS);
  for (int32_t i = 0; i < count; i++)
    for (int32_t k = 0; k < channels; k++) take((uint16_t)d->inputs[i * INPUTS + k], 2);
  const prn_segment all = {d->inputs, INPUTS, channels};
  s->kernels->masked_convolution(
      &all, 1, tile->network.first, tile->network.bias, FEATURES, count, d->sums);
  s->kernels->rectify(
      d->sums, count, FEATURES, 10, NULL, FEATURES, d->features, FEATURES, 4095);
  const prn_segment features = {d->features, FEATURES, FEATURES};
  const int32_t outputs = tile->has_classes ? PRN_CLASSES : SYMBOLS;
  s->kernels->masked_convolution(
      &features, 1, tile->network.second, tile->network.slopes, outputs, count, d->sums);
  for (int32_t i = 0; i < count; i++)
    (tile->has_classes ? s->kernels->class_distribution : s->kernels->distribution)(
        d->sums + i * outputs, 14, &d->distributions[first + i]);
}

// Codes a value by its distribution, whose symbols are counted from the centre.
static uint8_t code_value(
    const Side *s, const prn_distribution *d, int32_t centre, uint8_t value) {
  uint32_t cumulative, frequency;
  uint8_t symbol;
  if (s->decoder) {
    symbol = prn_find_symbol(
        d, prn_decode_target(s->decoder, d->total), &cumulative, &frequency);
    prn_consume(s->decoder, cumulative, frequency);
  } else {
    symbol = (uint8_t)(value - centre);
    cumulative = d->starts[symbol / 16];
    for (int k = symbol / 16 * 16; k < symbol; k++) cumulative += d->frequencies[k];
    prn_encode_event(s->encoder, cumulative, d->frequencies[symbol], d->total);
  }
  return (uint8_t)(symbol + centre);
}

static void code_colour(Side *s, int32_t t, int32_t colour, int32_t first, int32_t end) {
  const Tile *tile = s->tile;
  const Diagonal *d = &s->diagonal;
  const prn_colour_view view = prn_prediction_view(s->prediction, colour);
  const int32_t stride = prn_prediction_stride(s->prediction);
  for (int32_t band = 0; band * PRN_BAND < tile->rows; band++)
    prn_prediction_predict(s->prediction, t, colour, band);
  evaluate(s, t, colour, first, end);
  for (int32_t row = first; row < end; row++) {
    const int32_t column = t - PRN_SHEAR * row;
    const bool is_known = row % tile->scale == 0 && column % tile->scale == 0;
    const uint8_t value = tile->values[colour][row * tile->columns + column];
    d->values[row] = s->decoder && !(is_known && tile->scale > 1) ? 0 : value;
  }
  if (s->mixing && s->decoder)
    prn_mixing_decode(
        s->mixing, s->decoder, colour, t, first, end, d->distributions, d->values, 1);
  else if (s->mixing)
    prn_mixing_encode(
        s->mixing, s->encoder, colour, t, first, end, d->distributions, d->values, 1);
  for (int32_t row = first; row < end; row++) {
    const int16_t blend = view.blend[prn_prediction_cell(stride, t, row)];
    take((uint16_t)blend, 2);
    uint8_t *value = &d->values[row];
    if (!s->mixing) *value = code_value(s, &d->distributions[row], (blend + 32) >> 6, *value);
    CHECK(*value == tile->values[colour][row * tile->columns + t - PRN_SHEAR * row]);
    prn_prediction_record(view, stride, t, row, *value);
  }
}

static void code(
    const Tile *tile, int version, prn_range_encoder *encoder, prn_range_decoder *decoder) {
  const size_t rows = (size_t)tile->rows;
  Side s = {
      .tile = tile, .kernels = prn_kernels_of(version), .encoder = encoder, .decoder = decoder};
  s.prediction = prn_prediction_create(
      tile->breadth, tile->rows, tile->columns, tile->colours, version);
  CHECK(s.kernels && s.prediction);
  if (tile->level > 0)
    s.mixing = prn_mixing_create(
        tile->level, tile->adaptation, tile->rows, tile->columns, tile->colours, 1, tile->scale,
        tile->breadth, s.prediction, version);
  CHECK(s.mixing || tile->level == 0);
  s.diagonal = (Diagonal){
      aligned_alloc(64, rows * sizeof(prn_distribution)), calloc(rows * SYMBOLS, 4),
      calloc(rows * INPUTS, 2), calloc(rows * FEATURES, 2), calloc(rows, 1)};
  const int32_t diagonals = tile->columns + PRN_SHEAR * (tile->rows - 1);
  for (int32_t t = 0; t < diagonals; t++) {
    const int32_t first = t < tile->columns ? 0 : (t - tile->columns) / PRN_SHEAR + 1;
    const int32_t last = t / PRN_SHEAR < tile->rows ? t / PRN_SHEAR : tile->rows - 1;
    prn_prediction_begin(s.prediction, t);
    for (int32_t c = 0; c < tile->colours; c++) code_colour(&s, t, c, first, last + 1);
    prn_prediction_end(s.prediction, t);
  }
  free(s.diagonal.distributions);
  free(s.diagonal.sums);
  free(s.diagonal.inputs);
  free(s.diagonal.features);
  free(s.diagonal.values);
  prn_mixing_destroy(s.mixing);
  prn_prediction_destroy(s.prediction);
}

static void run(Random r, int version) {
  Tile tile;
  draw(&r, &tile);
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  code(&tile, version, &encoder, NULL);
  Stream s = finished(&encoder);
  prn_range_decoder decoder;
  prn_decoder_start(&decoder, s.bytes, s.count);
  code(&tile, version, NULL, &decoder);
  CHECK(prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT);
  prn_decoder_free(&decoder);
  free_stream(&s);
  for (int32_t c = 0; c < tile.colours; c++) free(tile.values[c]);
}

void print_tiles(void) {
  for (int number = 0; number < CASES; number++) print_versions("tile", number, run);
}
