// Which version of the kernels to run.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "Kernels.h"

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/// Whether `kernels` gives the portable version's bits on fixed data: a version for processors that its
/// authors had no access to must not be able to write files that nobody else can read.
static int agrees_with_portable(const prn_kernels *kernels) {
  enum { pixels = 29, inputs = 22, stride = 26, outputs = 264 };
  int16_t source[pixels * stride];
  int16_t weights[inputs * outputs];
  int16_t addend[pixels * outputs];
  int32_t bias[outputs];
  int32_t sums[2][pixels * outputs];
  int16_t targets[2][3][pixels * outputs];
  prn_distribution distributions[2];
  uint32_t state = 1;
  memset(targets, 0, sizeof targets);
  memset(distributions, 0, sizeof distributions);
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
  }
  return memcmp(sums[0], sums[1], sizeof sums[0]) == 0
         && memcmp(targets[0], targets[1], sizeof targets[0]) == 0
         && memcmp(&distributions[0], &distributions[1], sizeof distributions[0]) == 0;
}

static const prn_kernels *runnable(const prn_kernels *kernels) {
  return agrees_with_portable(kernels) ? kernels : NULL;
}

const prn_kernels *prn_kernels_named(const char *name) {
  if (strcmp(name, "portable") == 0) return &prn_portable_kernels;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2"))
    return runnable(&prn_avx2_kernels);
  if (strcmp(name, "avx512vnni") == 0 && __builtin_cpu_supports("avx2")
      && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni"))
    return runnable(&prn_avx512_kernels);
#endif
  return NULL;
}

const prn_kernels *prn_kernels_default(void) {
  static _Atomic(const prn_kernels *) chosen;
  const prn_kernels *kernels = atomic_load_explicit(&chosen, memory_order_acquire);
  if (kernels) return kernels;
  const char *wish = getenv("PRNZIP_KERNEL");
  if (wish) kernels = prn_kernels_named(wish);
  if (!kernels) kernels = prn_kernels_named("avx512vnni");
  if (!kernels) kernels = prn_kernels_named("avx2");
  if (!kernels) kernels = &prn_portable_kernels;
  // Threads that come here at the same time choose the same.
  atomic_store_explicit(&chosen, kernels, memory_order_release);
  return kernels;
}
