#include "Fuzz.h"

// What an adversary decides. It has two tempers, which take turns: each says how often of 256 it
// is contrary, and else it decides as the model expects.

int is_contrary;
static uint32_t often[2], turn, decisions;
static Random choices;
// It wants weights to grow, large ones most: to this power. 0: it wants the unlikely decision.
static int power;
// The decision that does so.
static int growing;

void begin_contrary(Random *r) {
  static const uint32_t levels[8] = {0, 4, 32, 256, 100, 128, 200, 250};
  is_contrary = 1;
  power = one_in(r, 2) ? 0 : 1 + 2 * (int)below(r, 4);
  for (int i = 0; i < 2; i++) often[i] = levels[power > 0 ? 4 + below(r, 4) : below(r, 8)];
  turn = 1 + below(r, one_in(r, 3) ? 20 : 3000);
  decisions = 0;
  choices.state = next(r);
}

void end_contrary(void) { is_contrary = 0; }

void watch_mixing(const int32_t *inputs, int32_t count, int32_t *const *weights, int32_t sets) {
  // How the sum of the weights' powers changes with a 1.
  double change = 0;
  for (int32_t s = 0; s < sets && power > 0; s++)
    for (int32_t i = 0; i < count; i++) {
      const double weight = weights[s][i] / 65536.0;
      double slope = weight;
      for (int k = 1; k < power; k += 2) slope *= weight * weight;
      change += slope * inputs[i];
    }
  growing = change > 0;
}

int contrary_decision(uint32_t p) {
  const int likely = p >= 1u << 21;
  if (below(&choices, 256) < often[decisions++ / turn % 2]) return power > 0 ? growing : !likely;
  return below(&choices, 1u << 22) < p;
}
