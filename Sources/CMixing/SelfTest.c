#include <stdlib.h>
#include <string.h>

#include "State.h"

// A small gray tile, of which every diagonal is predicted and coded.
enum { ROWS = 4, COLUMNS = 9, BREADTH = 0, DIAGONALS = COLUMNS + PRN_SHEAR * (ROWS - 1) };

// A slope with noise on it, which leads walks to many nodes.
static uint8_t value_at(int32_t t, int32_t row) {
  const uint32_t noise = (uint32_t)(7 * t + row) * 2654435761u >> (t % 3 == 0 ? 25 : 29);
  return (uint8_t)(60 + 3 * t + (int32_t)noise);
}

// Codes the tile; the values found, if they are decoded, come from the stream alone.
static int code_tile(
    int level, int version, prn_range_encoder *encoder, prn_range_decoder *decoder) {
  prn_prediction *prediction = prn_prediction_create(BREADTH, ROWS, COLUMNS, 1, 0);
  prn_mixing *m =
      prediction
          ? prn_mixing_create(level, 0, ROWS, COLUMNS, 1, 1, 1, BREADTH, prediction, version)
          : NULL;
  int is_right = m != NULL;
  for (int32_t t = 0; m && t < DIAGONALS; t++) {
    prn_distribution distributions[ROWS];
    uint8_t values[ROWS] = {0};
    const int32_t first = t < COLUMNS ? 0 : (t - COLUMNS) / PRN_SHEAR + 1;
    const int32_t end = t / PRN_SHEAR + 1 < ROWS ? t / PRN_SHEAR + 1 : ROWS;
    prn_prediction_begin(prediction, t);
    prn_prediction_predict(prediction, t, 0, 0);
    for (int32_t row = first; row < end; row++) {
      prn_distribution *d = &distributions[row];
      d->total = 0;
      for (int32_t s = 0; s < 256; s++) {
        if (s % 16 == 0) d->starts[s / 16] = d->total;
        d->frequencies[s] = 1 + (1u << 20) / (1 + (uint32_t)((s < 128 ? s : 256 - s) * (s + row)));
        d->total += d->frequencies[s];
      }
      if (encoder) values[row] = value_at(t, row);
    }
    if (encoder)
      prn_mixing_encode(m, encoder, 0, t, first, end, distributions, values, 1);
    else
      prn_mixing_decode(m, decoder, 0, t, first, end, distributions, values, 1);
    for (int32_t row = first; row < end; row++) {
      is_right = is_right && values[row] == value_at(t, row);
      prn_prediction_record(
          prn_prediction_view(prediction, 0), prn_prediction_stride(prediction), t, row,
          values[row]);
    }
    prn_prediction_end(prediction, t);
  }
  prn_mixing_destroy(m);
  prn_prediction_destroy(prediction);
  return is_right;
}

// Whether the portable version and the other one decode what the other one has encoded. What the
// portable one decodes, with the right final state, is what it would have written.
static int agrees(int level, int version) {
  prn_range_encoder encoder;
  prn_encoder_start(&encoder);
  int is_right = code_tile(level, version, &encoder, NULL);
  prn_encoder_finish(&encoder);
  for (int i = 0; i < 2 && is_right; i++) {
    prn_range_decoder decoder;
    prn_decoder_start(&decoder, encoder.bytes, encoder.count);
    is_right = code_tile(level, i ? version : 0, NULL, &decoder)
               && prn_decoder_finish(&decoder) == PRN_STREAM_IS_RIGHT;
    prn_decoder_free(&decoder);
  }
  prn_encoder_free(&encoder);
  return is_right;
}

int prn_mixing_agrees(int version) {
  if (version <= 0 || !prn_supports(version)) return version == 0;
  for (int level = 1; level <= PRN_MIXING_LEVELS; level++)
    if (!agrees(level, version)) return 0;
  return 1;
}
