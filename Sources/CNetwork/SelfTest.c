// Whether a version of the kernels gives the bits of the portable one.
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

// A version for processors that its authors had no access to must not be able to write files that
// nobody else can read.
int prn_network_agrees(int version) {
  const prn_kernels *kernels = prn_kernels_of(version);
  if (version <= 0 || !kernels) return kernels != NULL;
  enum { pixels = 29, inputs = 22, stride = 26, outputs = 264 };
  int16_t source[pixels * stride];
  int16_t weights[inputs * outputs];
  int16_t addend[pixels * outputs];
  int32_t bias[outputs];
  int32_t sums[2][pixels * outputs];
  int16_t targets[2][3][pixels * outputs];
  prn_distribution distributions[2], of_classes[2];
  uint32_t state = 1;
  memset(targets, 0, sizeof targets);
  memset(distributions, 0, sizeof distributions);
  memset(of_classes, 0, sizeof of_classes);
  for (int i = 0; i < pixels * stride; i++) source[i] = (int16_t)next_random(&state);
  for (int i = 0; i < inputs * outputs; i++) weights[i] = (int16_t)next_random(&state);
  for (int i = 0; i < pixels * outputs; i++) addend[i] = (int16_t)next_random(&state);
  for (int i = 0; i < outputs; i++) bias[i] = (int32_t)next_random(&state);
  const prn_segment segments[2] = {{source, stride, 10}, {source + 12, stride, 12}};
  const prn_kernels *both[2] = {&prn_portable_kernels, kernels};
  for (int i = 0; i < 2; i++) {
    both[i]->masked_convolution(segments, 2, weights, bias, outputs, pixels, sums[i]);
    both[i]->saturate(
        sums[i], pixels, outputs, 15, addend, targets[i][0], targets[i][1], outputs,
        30000);
    both[i]->rectify(
        sums[i], pixels, outputs, 15, addend, outputs, targets[i][2], outputs, 30000);
    both[i]->distribution(sums[i], 19, &distributions[i]);
    const prn_event event = both[i]->event(sums[i], 19, 100);
    if (event.total != distributions[0].total) return 0;
    if (event.frequency != distributions[0].frequencies[100]) return 0;
    both[i]->class_distribution(sums[i], 19, &of_classes[i]);
    const prn_event of_class = both[i]->class_event(sums[i], 19, 100);
    if (of_class.total != of_classes[0].total) return 0;
    if (of_class.frequency != of_classes[0].frequencies[100]) return 0;
  }
  int16_t cells[2][2][pixels * outputs / 4];
  memset(cells, 0, sizeof cells);
  // Shifts that leave small arguments of the gates, and large ones.
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 2; k++)
      both[i]->gates(
          sums[0], pixels, outputs / 4 / 8 * 8, 19 - 6 * k, addend, cells[i][k],
          targets[i][2 * k], outputs / 4);
  if (memcmp(cells[0], cells[1], sizeof cells[0]) != 0) return 0;
  return memcmp(sums[0], sums[1], sizeof sums[0]) == 0
         && memcmp(targets[0], targets[1], sizeof targets[0]) == 0
         && memcmp(&distributions[0], &distributions[1], sizeof distributions[0]) == 0
         && memcmp(&of_classes[0], &of_classes[1], sizeof of_classes[0]) == 0;
}
