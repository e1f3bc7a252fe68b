#ifndef PRN_GRAPHICS_CHANNELS_H
#define PRN_GRAPHICS_CHANNELS_H

#include "GraphicsWalk.h"

// Literals by channels (section 11.7): the centre, experts and contexts of each value.

// The values of a channel around the pixel.
typedef struct {
  int32_t w, n, nw, ne, ww, nn, nne, nee, nww, nnw;
} Values;

INLINE Values values_around(const Window *o, int32_t k) {
  return (Values){value_of(o->w, k),   value_of(o->n, k),   value_of(o->nw, k), value_of(o->ne, k),
                  value_of(o->ww, k),  value_of(o->nn, k), value_of(o->nne, k), value_of(o->nee, k),
                  value_of(o->nww, k), value_of(o->nnw, k)};
}

INLINE int32_t byte(int32_t x) { return clamp(x, 0, 255); }

// What is known of a pixel's channels so far.
typedef struct {
  uint32_t colour;
  // A hash of them.
  uint32_t hash;
  // A miss is a value less what was predicted.
  int32_t last_miss, first_miss;
} Progress;

// The least squares line of the channel over the one before, in 64ths.
INLINE int32_t line(const Values *v, const Values *before, int32_t here) {
  static const int32_t importance[10] = {3, 3, 2, 2, 1, 1, 1, 1, 1, 1};
  const int32_t x[10] = {before->w,  before->n,   before->ne,  before->nw,  before->ww,
                         before->nn, before->nee, before->nne, before->nww, before->nnw};
  const int32_t y[10] = {v->w, v->n, v->ne, v->nw, v->ww, v->nn, v->nee, v->nne, v->nww, v->nnw};
  int32_t sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (int i = 0; i < 10; i++) {
    const int32_t wx = importance[i] * x[i];
    sx += wx;
    sy += importance[i] * y[i];
    sxx += wx * x[i];
    sxy += wx * y[i];
  }
  const int64_t variance = 16 * (int64_t)sxx - (int64_t)sx * sx;
  const int64_t covariance = 16 * (int64_t)sxy - (int64_t)sx * sy;
  const int64_t ascent = covariance * (16 * here - sx) * 4;
  // Rounded towards minus infinity.
  const int64_t divisor = variance + 64;
  const int64_t quotient =
      ascent >= 0 ? ascent / divisor : -((-ascent + divisor - 1) / divisor);
  return clamp((int32_t)(4 * sy + quotient), 0, 255 * 64);
}

// The predictions of a value, in 64ths.
INLINE void first_predictions(const Values *v, int32_t p[PREDICTORS]) {
  p[0] = median(v->w, v->n, v->nw);
  p[1] = v->w;
  p[2] = v->n;
  p[3] = byte(v->w + v->ne - v->n);
  p[4] = byte(v->n + v->ne - v->nne);
  p[5] = byte(2 * v->n - v->nn);
  p[6] = byte(2 * v->w - v->ww);
  p[7] = byte(v->w + ((v->n - v->nn + v->ne - v->nne) >> 1));
  for (int i = 0; i < PREDICTORS; i++) p[i] *= 64;
}

INLINE void later_predictions(
    const Values *v, const Values *b, int32_t here, int32_t fitted, int32_t p[PREDICTORS]) {
  const int32_t w = v->w + here - b->w, n = v->n + here - b->n;
  const int32_t nw = v->nw + here - b->nw, ne = v->ne + here - b->ne;
  p[0] = byte(median(w, n, nw));
  p[1] = byte(w);
  p[2] = byte(n);
  p[3] = byte((w + n) >> 1);
  p[4] = median(v->w, v->n, v->nw);
  p[5] = byte(ne);
  p[7] = byte(v->n + ((here - b->n) >> 1));
  for (int i = 0; i < PREDICTORS; i++) p[i] *= 64;
  p[6] = fitted;
}

// The blend of the predictions, by their errors at the columns around. `least_error` becomes the
// smallest of these.
INLINE int32_t blended(
    const Errors *at, const int32_t p[PREDICTORS], int32_t *least_error) {
  uint64_t weights = 0, sum = 0;
  int32_t smallest = INT32_MAX;
  for (int i = 0; i < PREDICTORS; i++) {
    const int32_t error = ((2 * at[-1].of[i] + at[0].of[i] + at[1].of[i]) >> 2) + 12;
    smallest = least(smallest, error);
    const uint64_t weight = (1u << 30) / (uint32_t)(error * error) + 1;
    weights += weight;
    sum += weight * (uint32_t)p[i];
  }
  *least_error = smallest;
  return (int32_t)(sum / weights);
}

// Guesses of the value that came with these channels before.
typedef struct {
  Guess *of[GUESSES];
  uint16_t checks[GUESSES];
} Guessing;

// Finds the guesses of a channel behind the first; returns which one to trust and how sure it is,
// 0 for none.
INLINE int32_t find_guess(
    const prn_graphics *g, const Window *o, uint32_t hash, Guessing *guessing, int32_t *centre) {
  const uint32_t keys[GUESSES] = {
      hashed(hashed(hashed(77, hash), o->w), o->n),
      hashed(hashed(78, hash), o->w == o->n ? o->ne : o->w), hashed(79, hash)};
  int32_t trusted = 0;
  for (int k = GUESSES - 1; k >= 0; k--) {
    const uint32_t upper = scattered(keys[k]);
    guessing->checks[k] = (uint16_t)upper;
    Guess *guess = g->guesses[k] + (upper >> (32 - g->guess_bits));
    guessing->of[k] = guess;
    if (guess->check != guessing->checks[k] || guess->seen == 0) continue;
    const int32_t sure = guess->seen > 4 ? 3 : guess->seen > 2 ? 2 : guess->seen > 1;
    trusted = 1 + 4 * k + sure;
    *centre = guess->value;
  }
  return trusted;
}

INLINE void learn_guesses(const Guessing *guessing, int32_t value) {
  for (int k = 0; k < GUESSES; k++) {
    Guess *guess = guessing->of[k];
    if (guess->check == guessing->checks[k] && guess->value == value) {
      if (guess->seen < 255) guess->seen++;
    } else {
      *guess = (Guess){.check = guessing->checks[k], .value = (uint8_t)value, .seen = 1};
    }
  }
}

// Where the values around lie between the lowest and the highest of them: a digit of base 3 each.
INLINE uint32_t ternary(const Values *v, int32_t *range) {
  const int32_t x[10] = {v->w, v->n, v->nw, v->ne, v->ww, v->nn, v->nee, v->nne, v->nww, v->nnw};
  int32_t low = 255, high = 0;
  for (int i = 0; i < 8; i++) {
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
  }
  *range = high - low;
  uint32_t digits = 0;
  for (int i = 0; i < 10; i++) {
    const uint32_t digit = *range < 8 ? 1
                           : (x[i] - low) * 8 < *range ? 0
                           : (high - x[i]) * 8 < *range ? 2 : 1;
    digits = digits * 3 + digit;
  }
  return digits;
}

INLINE void find_slots(
    prn_graphics *g, const Window *o, const Values *v, const Progress *now, int32_t column,
    int32_t predicted, int32_t fitted, int32_t step_w, Literal *l) {
  const int32_t c = l->channel, p = predicted;
  const uint32_t off = (uint32_t)(l->centre - p);
  const uint32_t trusted =
      (uint32_t)l->centre | (uint32_t)(l->guess ? (l->guess - 1) / 4 + 1 : 0) << 8;
  const int8_t *half_misses = g->half_misses[c] + column;
  int32_t range;
  const uint32_t digits = ternary(v, &range);
  const uint32_t last = (uint32_t)now->last_miss;
#define KEY(a, b, c) {(uint32_t)(a), (uint32_t)(b), (uint32_t)(c)}
  const uint32_t keys[LITERAL_CONTEXTS][3] = {
      KEY(now->hash, trusted, 0),
      KEY(now->hash, o->w, trusted),
      KEY(off, l->energy, l->guess),
      KEY(last, l->energy, off),
      KEY((v->w - p) >> 1, (v->n - p) >> 1, off),
      KEY(((fitted + 32) >> 6) - p, last, off),
      KEY(step_w, v->w - p, off),
      KEY(half_misses[0], half_misses[1], (uint32_t)now->first_miss + 512 * off),
      KEY(p >> 4, v->w >> 5 | (v->n >> 5) << 3 | (v->nw >> 5) << 6 | (v->ne >> 5) << 9,
          (now->last_miss + 16) >> 5),
      KEY(p >> 3, v->w >> 4 | (v->n >> 4) << 4,
          c > 0 ? off : (uint32_t)(v->ww >> 6 | (v->nn >> 6) << 2)),
      KEY(p >> 4, digits, c > 0 ? off : (uint32_t)(range >> 5))};
#undef KEY
  for (uint32_t k = 0; k < LITERAL_CONTEXTS; k++) {
    uint32_t hash = hashed(0x51 + 77 * k + 13 * (uint32_t)c, keys[k][0]);
    hash = hashed(hashed(hash, keys[k][1]), keys[k][2]);
    uint32_t *number = g->literal_numbers[k] + (scattered(hash) >> (32 - g->literal_bits));
    LiteralSlot *slot = g->literal_slots + numbered(number, &g->last_literal_slot);
    l->slots[k] = slot;
    __builtin_prefetch(slot);
    __builtin_prefetch((const char *)slot + 64);
  }
}

// Codes a channel of a literal; `value` is that of the encoder.
INLINE int32_t code_channel(
    Run *run, const Window *o, int32_t column, int32_t c, Progress *now, int decodes,
    int32_t value) {
  prn_graphics *g = run->g;
  const Values v = values_around(o, c);
  const Values b = values_around(o, c > 0 ? c - 1 : 0);
  const int32_t here = c > 0 ? value_of(now->colour, c - 1) : 0;
  // Alpha tells little of the colour.
  const int is_later = c > g->shape.has_alpha;
  const int32_t fitted = c > 0 ? line(&v, &b, here) : (v.w + v.ne) * 32;
  int32_t p[PREDICTORS];
  if (is_later)
    later_predictions(&v, &b, here, fitted, p);
  else
    first_predictions(&v, p);
  Errors *errors = g->errors[c] + column + 1;
  int32_t least_error;
  const int32_t blend = blended(errors, p, &least_error);
  const int32_t predicted = (blend + 32) >> 6;
  Literal l = {.channel = c, .centre = predicted};
  l.energy = clamp((lg(g->f, (uint64_t)least_error) - 768) >> 7, 0, ENERGIES - 1);
  const int32_t roughness = magnitude(v.w - v.nw) + magnitude(v.n - v.nw) + magnitude(v.n - v.ne)
                            + 2 * magnitude(now->last_miss);
  const int32_t class = least(bit_length((uint32_t)roughness), ENERGIES - 1);
  const int32_t peaks[LITERAL_EXPERTS] = {blend, c > 0 ? fitted : p[0], is_later ? p[0] : p[1]};
  for (int k = 0; k < LITERAL_EXPERTS; k++) {
    const int32_t spread = g->spreads[c][k][class];
    const int32_t width = k == 0 ? (spread + least_error) >> 1 : spread;
    l.experts[k] = (Expert){peaks[k], (205u << 16) / (uint32_t)(width + 16)};
  }
  Guessing guessing;
  if (c > 0) l.guess = find_guess(g, o, now->hash, &guessing, &l.centre);
  l.fraction = (blend & 63) >> 2;
  l.texture = (v.w > l.centre) | (v.n > l.centre) << 1 | (v.nw > l.centre) << 2
              | (v.ne > l.centre) << 3 | (v.ww > l.centre) << 4;
  find_slots(g, o, &v, now, column, predicted, fitted, c > 0 ? here - b.w : 0, &l);
  value = walk(run, &l, decodes, value);
  for (int k = 0; k < LITERAL_EXPERTS; k++) {
    int32_t *spread = &g->spreads[c][k][class];
    *spread += ((magnitude(value * 64 - peaks[k]) - *spread) * 43) >> 10;
  }
  for (int k = 0; k < PREDICTORS; k++)
    errors->of[k] = (errors->of[k] + 3 * magnitude(value * 64 - p[k])) >> 2;
  if (c > 0) learn_guesses(&guessing, value);
  now->last_miss = value - predicted;
  if (c == 0) now->first_miss = clamp(now->last_miss, -128, 127);
  g->half_misses[c][column + 1] = (int8_t)clamp(now->last_miss >> 1, -100, 100);
  now->hash = hashed(now->hash, (uint32_t)(value + 256 * c));
  now->colour |= (uint32_t)value << (8 * c);
  return value;
}

// Codes a colour that no candidate has; `colour` is that of the encoder.
INLINE uint32_t code_channels(
    Run *run, const Window *o, int32_t row, int32_t column, int decodes, uint32_t colour) {
  prn_graphics *g = run->g;
  Progress now = {.hash = 1};
  for (int32_t c = 0; c < g->shape.channels; c++) {
    run->mixer.rate = mixing_rate(g->literals, 1400, 200);
    if (g->literals < UINT32_MAX) g->literals++;
    code_channel(run, o, column, c, &now, decodes, value_of(colour, c));
    if (decodes) prn_decoder_note(&run->coder.decoder, c, row, column);
  }
  return now.colour;
}

#endif
