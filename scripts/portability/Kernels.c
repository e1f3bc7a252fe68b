#include "CNetwork.h"

#include "Fingerprint.h"

// The kernels of networks, on random numbers.

enum {
  CASES = 100,
  MOST_SEGMENTS = 4,
  MOST_CHANNELS = 40,
  MOST_PIXELS = 12,
  MOST_OUTPUTS = 320,
  // Channels of a pixel of a source, with one more for an odd number of them.
  STRIDE = MOST_CHANNELS + 2,
  VALUES = MOST_PIXELS * MOST_OUTPUTS
};

typedef struct {
  int16_t sources[MOST_SEGMENTS][MOST_PIXELS * STRIDE];
  int16_t weights[MOST_SEGMENTS * STRIDE * MOST_OUTPUTS];
  int32_t bias[MOST_OUTPUTS], sums[VALUES];
  int16_t addend[VALUES], target[VALUES], rectified[VALUES];
  prn_distribution distribution;
} Trial;

static void fill(Random *r, int16_t *numbers, size_t count, uint32_t magnitude) {
  for (size_t i = 0; i < count; i++)
    numbers[i] = (int16_t)((int32_t)below(r, 2 * magnitude) - (int32_t)magnitude);
}

static void take_shorts(const int16_t *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) take((uint16_t)numbers[i], 2);
}

static void take_event(prn_event e) {
  take(e.cumulative, 4);
  take(e.frequency, 4);
  take(e.total, 4);
}

static void take_distribution(const prn_distribution *d) {
  take(d->total, 4);
  for (int i = 0; i < 16; i++) take(d->starts[i], 4);
  for (int i = 0; i < 256; i++) take(d->frequencies[i], 4);
}

// Those of an event are those of the distribution.
static void check_event(const prn_distribution *d, prn_event e, uint8_t symbol) {
  uint32_t cumulative = d->starts[symbol / 16];
  for (int s = symbol / 16 * 16; s < symbol; s++) cumulative += d->frequencies[s];
  CHECK(e.total == d->total && e.frequency == d->frequencies[symbol]);
  CHECK(e.cumulative == cumulative);
  take_event(e);
}

static void convolve(Random *r, const prn_kernels *k, Trial *t, int32_t pixels, int32_t outputs) {
  prn_segment segments[MOST_SEGMENTS];
  const int32_t count = 1 + (int32_t)below(r, MOST_SEGMENTS);
  for (int32_t s = 0; s < count; s++) {
    const int32_t channels = 1 + (int32_t)below(r, MOST_CHANNELS);
    fill(r, t->sources[s], sizeof t->sources[s] / 2, 1u << below(r, 16));
    segments[s] = (prn_segment){t->sources[s], STRIDE, channels};
  }
  fill(r, t->weights, sizeof t->weights / 2, 1u << below(r, 16));
  for (int i = 0; i < MOST_OUTPUTS; i++) t->bias[i] = (int32_t)(next(r) >> 40);
  k->masked_convolution(segments, count, t->weights, t->bias, outputs, pixels, t->sums);
  for (int32_t i = 0; i < pixels * outputs; i++) take((uint32_t)t->sums[i], 4);
}

static void finish(Random *r, const prn_kernels *k, Trial *t, int32_t pixels, int32_t outputs) {
  const int32_t shift = 1 + (int32_t)below(r, 24), maximum = (int32_t)below(r, 32768);
  const size_t values = (size_t)pixels * (size_t)outputs;
  fill(r, t->addend, values, 1u << below(r, 16));
  const int16_t *addend = one_in(r, 3) ? NULL : t->addend;
  int16_t *rectified = one_in(r, 3) ? NULL : t->rectified;
  k->saturate(
      t->sums, pixels, outputs, shift, addend, t->target, rectified, outputs, maximum);
  take_shorts(t->target, values);
  if (rectified) take_shorts(rectified, values);
  k->rectify(
      t->sums, pixels, outputs, shift, addend, outputs, t->target, outputs, maximum);
  take_shorts(t->target, values);
  // The same sums as those of four gates.
  const int32_t units = outputs / 32 * 8;
  if (units == 0) return;
  k->gates(t->sums, pixels, units, shift, t->addend, t->target, t->rectified, outputs);
  for (int32_t p = 0; p < pixels; p++) {
    take_shorts(t->target + p * outputs, (size_t)units);
    take_shorts(t->rectified + p * outputs, (size_t)units);
  }
}

static void distribute(Random *r, const prn_kernels *k, Trial *t) {
  const int32_t shift = 1 + (int32_t)below(r, 24), spread = 33 + (int32_t)below(r, 24);
  for (int i = 0; i < 256; i++) t->sums[i] = (int32_t)((int64_t)next(r) >> spread);
  const uint8_t symbol = (uint8_t)next(r);
  k->distribution(t->sums, shift, &t->distribution);
  take_distribution(&t->distribution);
  check_event(&t->distribution, k->event(t->sums, shift, symbol), symbol);
  k->class_distribution(t->sums, shift, &t->distribution);
  take_distribution(&t->distribution);
  check_event(&t->distribution, k->class_event(t->sums, shift, symbol), symbol);
  prn_sigmoid_distribution(t->sums[0], shift, &t->distribution);
  take_distribution(&t->distribution);
  check_event(&t->distribution, prn_sigmoid_event(t->sums[0], shift, symbol & 1), symbol & 1);
}

static void run(Random r, int version) {
  const prn_kernels *k = prn_kernels_of(version);
  // Distributions want whole lines of the cache.
  Trial *t = aligned_alloc(64, (sizeof *t + 63) / 64 * 64);
  CHECK(k && t);
  memset(t, 0, sizeof *t);
  const int32_t pixels = 1 + (int32_t)below(&r, MOST_PIXELS);
  const int32_t outputs = 8 * (1 + (int32_t)below(&r, MOST_OUTPUTS / 8));
  convolve(&r, k, t, pixels, outputs);
  finish(&r, k, t, pixels, outputs);
  for (int i = 0; i < 4; i++) distribute(&r, k, t);
  free(t);
}

void print_kernels(void) {
  for (int number = 0; number < CASES; number++) print_versions("kernels", number, run);
}
