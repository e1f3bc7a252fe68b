// What differs from level to level (table 8.1), and the sizes that follow.
#ifndef PRN_MIXING_LEVELS_H
#define PRN_MIXING_LEVELS_H

#include <stdint.h>

// Kinds of decisions. A context holds a probability for each of the first CONTEXT_NODES.
#define NODES 20
#define CONTEXT_NODES 12
#define MOST_CONTEXTS 11
// Distributions around predictors: the blend and single ones, at most at two widths.
#define MOST_EXPERTS 7
// A constant, the network, the experts, two for each context; whole vectors.
#define MOST_INPUTS 32
#define MOST_SETS 5
// Classes of the local error, of the network's answer, and of the signs of neighbours.
#define ENERGIES 12
#define ANSWERS 32
#define TEXTURES 32
// The largest weight.
#define WEIGHT_LIMIT ((1 << 19) - 1)

typedef struct {
  int32_t contexts;
  // Of the largest tables.
  int32_t context_bits;
  int32_t weight_sets;
  int32_t experts;
  // Room for inputs in a weight set; those behind the last count as 0.
  int32_t inputs;
} Level;

// contexts, context bits, weight sets, experts, room for inputs
#define FOR_EACH_LEVEL(X) X(5, 14, 1, 0, 16) X(7, 15, 2, 0, 16) X(11, 16, 5, 7, 32)

#define AS_LEVEL(contexts, bits, sets, experts, inputs) {contexts, bits, sets, experts, inputs},
static const Level LEVELS[] = {FOR_EACH_LEVEL(AS_LEVEL)};

#define FITS(contexts, bits, sets, experts, inputs) \
  _Static_assert(2 + (experts) + (contexts) * 2 <= (inputs), "a level has too many inputs"); \
  _Static_assert((inputs) <= MOST_INPUTS && (contexts) <= MOST_CONTEXTS, "too large a level"); \
  _Static_assert((experts) <= MOST_EXPERTS && (sets) <= MOST_SETS, "too large a level");
FOR_EACH_LEVEL(FITS)
#undef FITS
#undef AS_LEVEL

// Inputs are kept in pairs of vectors of 8: what 8 contexts say of a probability, and what they add
// to the network's. The last pair has room for all others.
#define MOST_PAIRS (MOST_INPUTS / 16)

// Where input i of section 8.6 is, and its weight.
static inline int32_t input_place(const Level *level, int32_t i) {
  const int32_t last = level->inputs - 16, experts = i - 2, first = experts - level->experts;
  const int32_t second = first - level->contexts;
  if (i < 2) return i == 0 ? last + 15 : last + 7;
  if (first < 0) return last + (experts < 4 ? 3 : 7) + experts;
  if (second < 0) return first / 8 * 16 + first % 8;
  return second / 8 * 16 + 8 + second % 8;
}

// The weight sets, each selected by something else: kinds of sets, in the order of table 8.6. A
// level has the first few of them.
enum {
  BY_NODE = 0,
  BY_ENERGY = BY_NODE + 3 * NODES,
  BY_FRACTION = BY_ENERGY + 3 * 16 * ENERGIES,
  BY_ANSWER = BY_FRACTION + 3 * 16 * 16,
  BY_TEXTURE = BY_ANSWER + 3 * 16 * ANSWERS,
  END_OF_SETS = BY_TEXTURE + 3 * 16 * TEXTURES
};

static const int32_t SET_COUNTS[MOST_SETS + 1] = {
    0, BY_ENERGY, BY_FRACTION, BY_ANSWER, BY_TEXTURE, END_OF_SETS};

#endif
