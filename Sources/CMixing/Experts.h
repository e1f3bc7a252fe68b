// What the experts say of a decision.
#ifndef PRN_MIXING_EXPERTS_H
#define PRN_MIXING_EXPERTS_H

#include "State.h"
#include "Walk.h"

// All masses.
#define WHOLE ((uint64_t)1 << 32)
// Keeps a mass that rounds to nothing from being taken for certain.
#define LEAST_MASS 400

// The mass below `value`, 0 to 256; there is none outside of 0 to 255.
INLINE uint64_t mass_below(const Tables *tables, const Expert *expert, int32_t value) {
  if (value <= 0) return 0;
  if (value >= 256) return WHOLE;
  const int32_t distance = 64 * value - 32 - expert->centre;
  const int64_t magnitude = distance < 0 ? -distance : distance;
  const uint64_t beyond = tail(tables, (magnitude * expert->slope) >> 16);
  return distance < 0 ? beyond : WHOLE - beyond;
}

// Not limited yet.
INLINE int16_t expert_input(const Tables *tables, const Walk *w, Expert *expert) {
  uint64_t one, zero;
  if (w->phase == AT_CENTRE) {
    expert->low = mass_below(tables, expert, w->centre);
    expert->split = mass_below(tables, expert, w->centre + 1);
    one = expert->split - expert->low;
    zero = WHOLE - one;
  } else if (w->phase == AT_SIGN) {
    one = WHOLE - expert->split;
    zero = expert->low;
  } else {
    expert->split = mass_below(
        tables, expert, w->sign ? w->centre + w->split : w->centre - w->split + 1);
    const uint64_t lower = expert->split - expert->low, upper = expert->high - expert->split;
    const int one_is_upper = w->one_is_upper == w->sign;
    one = one_is_upper ? upper : lower;
    zero = one_is_upper ? lower : upper;
  }
  return log2_ratio(tables, one + LEAST_MASS, zero + LEAST_MASS);
}

// The masses that are left after a decision, before the walk has advanced.
INLINE void narrow_experts(const Walk *w, const Level *level, int decision) {
  if (w->phase == AT_SIGN || (w->phase == AT_CENTRE && (w->centre == 0 || w->centre == 255))) {
    const int sign = w->phase == AT_SIGN ? decision : w->centre == 0;
    for (int32_t k = 0; k < level->experts; k++) {
      Expert *expert = &w->site->experts[k];
      expert->high = sign ? WHOLE : expert->low;
      expert->low = sign ? expert->split : 0;
    }
  } else if (w->phase != AT_CENTRE) {
    const int is_upper = decision == (w->one_is_upper == w->sign);
    for (int32_t k = 0; k < level->experts; k++) {
      Expert *expert = &w->site->experts[k];
      if (is_upper)
        expert->low = expert->split;
      else
        expert->high = expert->split;
    }
  }
}

#endif
