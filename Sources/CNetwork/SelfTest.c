// Whether a version of the kernels gives the bits of the portable one.
#include <stdlib.h>
#include <string.h>

#include "CPlatform.h"
#include "Kernels.h"

const prn_kernels *prn_kernels_of(int version) {
  if (!prn_supports(version)) return NULL;
#if defined(__x86_64__)
  if (version == 2) return &prn_avx512_kernels;
  if (version == 1) return &prn_avx2_kernels;
#endif
  return &prn_portable_kernels;
}

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

enum { PIXELS = 29, INPUTS = 22, STRIDE = 26, OUTPUTS = 264 };

// What both versions read, and what each makes of it: too much for a small stack.
typedef struct {
  int16_t source[PIXELS * STRIDE];
  int16_t weights[INPUTS * OUTPUTS];
  int16_t addend[PIXELS * OUTPUTS];
  int32_t bias[OUTPUTS];
  int32_t sums[2][PIXELS * OUTPUTS];
  int16_t targets[2][3][PIXELS * OUTPUTS];
  int16_t cells[2][2][PIXELS * OUTPUTS / 4];
  prn_distribution distributions[2], of_classes[2];
} Trial;

static int agrees(const prn_kernels *kernels, Trial *t) {
  uint32_t state = 1;
  for (int i = 0; i < PIXELS * STRIDE; i++) t->source[i] = (int16_t)next_random(&state);
  for (int i = 0; i < INPUTS * OUTPUTS; i++) t->weights[i] = (int16_t)next_random(&state);
  for (int i = 0; i < PIXELS * OUTPUTS; i++) t->addend[i] = (int16_t)next_random(&state);
  for (int i = 0; i < OUTPUTS; i++) t->bias[i] = (int32_t)next_random(&state);
  const prn_segment segments[2] = {{t->source, STRIDE, 10}, {t->source + 12, STRIDE, 12}};
  const prn_kernels *both[2] = {&prn_portable_kernels, kernels};
  for (int i = 0; i < 2; i++) {
    both[i]->masked_convolution(
        segments, 2, t->weights, t->bias, OUTPUTS, PIXELS, t->sums[i]);
    both[i]->saturate(
        t->sums[i], PIXELS, OUTPUTS, 15, t->addend, t->targets[i][0], t->targets[i][1], OUTPUTS,
        30000);
    both[i]->rectify(
        t->sums[i], PIXELS, OUTPUTS, 15, t->addend, OUTPUTS, t->targets[i][2], OUTPUTS, 30000);
    both[i]->distribution(t->sums[i], 19, &t->distributions[i]);
    const prn_event event = both[i]->event(t->sums[i], 19, 100);
    if (event.total != t->distributions[0].total) return 0;
    if (event.frequency != t->distributions[0].frequencies[100]) return 0;
    both[i]->class_distribution(t->sums[i], 19, &t->of_classes[i]);
    const prn_event of_class = both[i]->class_event(t->sums[i], 19, 100);
    if (of_class.total != t->of_classes[0].total) return 0;
    if (of_class.frequency != t->of_classes[0].frequencies[100]) return 0;
  }
  // Shifts that leave small arguments of the gates, and large ones.
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 2; k++)
      both[i]->gates(
          t->sums[0], PIXELS, OUTPUTS / 4 / 8 * 8, 19 - 6 * k, t->addend, t->cells[i][k],
          t->targets[i][2 * k], OUTPUTS / 4);
  return memcmp(t->cells[0], t->cells[1], sizeof t->cells[0]) == 0
         && memcmp(t->sums[0], t->sums[1], sizeof t->sums[0]) == 0
         && memcmp(t->targets[0], t->targets[1], sizeof t->targets[0]) == 0
         && memcmp(&t->distributions[0], &t->distributions[1], sizeof t->distributions[0]) == 0
         && memcmp(&t->of_classes[0], &t->of_classes[1], sizeof t->of_classes[0]) == 0;
}

// A version for processors that its authors had no access to must not be able to write files that
// nobody else can read. Without memory to find out, it does not.
int prn_network_agrees(int version) {
  const prn_kernels *kernels = prn_kernels_of(version);
  if (version <= 0 || !kernels) return kernels != NULL;
  // Its distributions want whole lines of the cache.
  Trial *trial = aligned_alloc(64, (sizeof *trial + 63) / 64 * 64);
  if (!trial) return 0;
  memset(trial, 0, sizeof *trial);
  const int result = agrees(kernels, trial);
  free(trial);
  return result;
}
