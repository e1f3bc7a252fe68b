#ifndef PRN_RUNS_VALUES_H
#define PRN_RUNS_VALUES_H

#include "Runs.h"

// New colours (section 18.4): values channel by channel, or the number of a colour.

// What is known of a value.
typedef struct {
  ChannelCounters *counters;
  int32_t w, n, predicted, energy;
  // The miss of the channel before, and bits of the misses around.
  int32_t last_miss, misses;
} Value;

INLINE int32_t class_of(int32_t miss, int32_t most) {
  return least(bit_length((uint32_t)magnitude(miss)), most);
}

INLINE void predict(
    const Runs *r, const Window *o, int32_t column, int32_t c, uint32_t known, Value *v) {
  v->w = value_of(o->w, c);
  v->n = value_of(o->n, c);
  const int32_t nw = value_of(o->nw, c), ne = value_of(o->ne, c);
  if (c > r->shape.has_alpha) {
    // As far from the channel before as around.
    const int32_t b = c - 1, here = value_of(known, b);
    v->predicted = clamp(
        here + median(v->w - value_of(o->w, b), v->n - value_of(o->n, b), nw - value_of(o->nw, b)),
        0, 255);
  } else {
    v->predicted = median(v->w, v->n, nw);
  }
  const int16_t *misses = r->misses[c] + column + 1;
  const int32_t roughness = magnitude(v->w - nw) + magnitude(v->n - nw) + magnitude(v->n - ne)
                            + 2 * magnitude(v->last_miss) + magnitude(misses[-1])
                            + magnitude(misses[0]);
  v->energy = r->energies[least(roughness, ROUGHNESSES - 1)];
  v->misses = class_of(misses[0], 7) * 8 + class_of(v->last_miss, 7);
}

// Codes a distance, 1 to `most`: its highest bit, and those below.
INLINE int32_t code_distance(
    Run *run, const Value *v, int32_t most, int decodes, int32_t distance) {
  ChannelCounters *k = v->counters;
  int32_t bucket = 0;
  for (; 2 << bucket <= most; bucket++)
    if (!code_mean(
            run, &k->buckets[v->energy][bucket], &k->buckets_by_misses[v->misses][bucket], decodes,
            distance >= 2 << bucket))
      break;
  int32_t found = 1 << bucket;
  for (int32_t bit = bucket - 1; bit >= 0; bit--)
    found |= code_bit(
                 run, &k->halves[bucket][least(bucket - 1 - bit, 2)], VISITS, decodes,
                 distance >> bit & 1)
             << bit;
  return found;
}

// Codes a value that is not the one that is excluded; -1 excludes none.
INLINE int32_t code_miss(Run *run, const Value *v, int32_t excluded, int decodes, int32_t value) {
  ChannelCounters *k = v->counters;
  const int32_t p = v->predicted;
  if (p != excluded
      && code_mean(
          run, &k->right[v->energy][v->misses],
          &k->right_by_neighbours[(v->w - p) & 31][(v->n - p) & 31], decodes, value == p))
    return p;
  int is_above = p == 0;
  if (p > 0 && p < 255) {
    const int32_t around = (v->w > p ? 2 : v->w == p) * 3 + (v->n > p ? 2 : v->n == p);
    const int32_t last = v->last_miss > 0 ? 2 : v->last_miss == 0;
    is_above = code_bit(run, &k->above[around][last], VISITS, decodes, value > p);
  }
  const int32_t most = is_above ? 255 - p : p;
  const int32_t distance = code_distance(run, v, most, decodes, magnitude(value - p));
  // No encoder goes farther.
  if (decodes && distance > most) run->coder.decoder.is_corrupt = 1;
  return is_above ? p + least(distance, most) : p - least(distance, most);
}

INLINE int32_t code_value(
    Run *run, const Window *o, int32_t column, int32_t c, uint32_t known, uint32_t hash,
    int32_t *last_miss, int decodes, int32_t value) {
  Runs *r = run->r;
  Value v = {.counters = &r->channels[c], .last_miss = *last_miss};
  predict(r, o, column, c, known, &v);
  const uint32_t upper = scattered(hash);
  const uint16_t check = (uint16_t)upper;
  Guess *guess = r->guesses + (upper >> (32 - r->guess_bits));
  int32_t excluded = -1, found = -1;
  if (c > 0 && guess->seen && guess->check == check) {
    excluded = guess->value;
    Counter *counter = &v.counters->guessed[least(guess->seen, GUESS_CLASSES - 1)][v.energy];
    if (code_bit(run, counter, VISITS, decodes, value == excluded)) found = excluded;
  }
  if (found >= 0) {
    guess->seen += guess->seen < 255;
  } else {
    found = code_miss(run, &v, excluded, decodes, value);
    if (c > 0) *guess = (Guess){.check = check, .value = (uint8_t)found, .seen = 1};
    r->misses[c][column + 1] = (int16_t)(found - v.predicted);
  }
  *last_miss = found - v.predicted;
  return found;
}

// Codes a colour by its channels; `colour` is that of the encoder.
INLINE uint32_t code_values(
    Run *run, const Window *o, int32_t row, int32_t column, int decodes, uint32_t colour) {
  uint32_t known = 0, hash = 1;
  int32_t last_miss = 0;
  for (int32_t c = 0; c < run->r->shape.channels; c++) {
    const int32_t value = code_value(
        run, o, column, c, known, hash, &last_miss, decodes, value_of(colour, c));
    if (decodes) prn_decoder_note(&run->coder.decoder, c, row, column);
    known |= (uint32_t)value << (8 * c);
    hash = hashed(hash, (uint32_t)(value + 256 * c));
  }
  return known;
}

// Codes the number of a colour: its bits, from the highest.
INLINE uint32_t code_number(Run *run, const Window *o, int decodes, uint32_t number) {
  Runs *r = run->r;
  const uint32_t around = hashed(hashed(3, o->w), o->n);
  const int32_t bits = bit_length((uint32_t)r->shape.colours - 1);
  uint32_t prefix = 1;
  for (int32_t bit = bits - 1; bit >= 0; bit--) {
    Counter *by_neighbours =
        r->numbers_by_neighbours
        + (scattered(hashed(around, prefix)) >> (32 - r->index_bits));
    prefix = prefix << 1
             | (uint32_t)code_mean(
                 run, by_neighbours, &r->numbers[prefix], decodes, number >> bit & 1);
  }
  return prefix - (1u << bits);
}

#endif
