#include "CTraining.h"

#include <math.h>
#include <string.h>

#include "prn_classes.h"

// Sums may be reordered here: nothing in the trainer is part of the file format.
#pragma clang fp reassociate(on) contract(fast)

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#define INLINE static inline __attribute__((always_inline))
#else
#define WIDE
#define INLINE static inline
#endif

// exp(x) for x <= 0 by range reduction and a polynomial; relative error under 3e-7, exp(-87) below
// -87.
INLINE float exp_negative(float x) {
  x = x < -87.0f ? -87.0f : x;
  float n = __builtin_rintf(x * 1.44269504f);
  float r = x - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return p * power;
}

// The largest of `count` logits, a multiple of 16: as many running maxima, which vectorize without
// -ffinite-math-only.
INLINE float largest(const float *row, int count) {
  float lanes[16];
  memcpy(lanes, row, sizeof lanes);
  for (int s = 16; s < count; s += 16)
    for (int j = 0; j < 16; j++) lanes[j] = lanes[j] > row[s + j] ? lanes[j] : row[s + j];
  float m = lanes[0];
  for (int j = 1; j < 16; j++) m = m > lanes[j] ? m : lanes[j];
  return m;
}

WIDE double prn_softmax_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    float *row = logits + i * 256;
    if (weights[i] == 0) {
      memset(row, 0, 256 * sizeof(float));
      continue;
    }
    float m = largest(row, 256);
    float target = row[symbols[i]] - m;
    float sum = 0;
    for (int s = 0; s < 256; s++) {
      float e = exp_negative(row[s] - m);
      row[s] = e;
      sum += e;
    }
    loss += (double)weights[i] * (logf(sum) - target);
    float k = scale * weights[i] / sum;
    for (int s = 0; s < 256; s++) row[s] *= k;
    row[symbols[i]] -= scale * weights[i];
  }
  return loss;
}

WIDE double prn_softmax_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    const float *row = logits + i * 256;
    if (weights[i] == 0) continue;
    float m = largest(row, 256);
    float sum = 0;
    for (int s = 0; s < 256; s++) sum += exp_negative(row[s] - m);
    loss += (double)weights[i] * (logf(sum) - (row[symbols[i]] - m));
  }
  return loss;
}

// The logarithm of the number of symbols in a class.
INLINE float log_size(int class_) { return 0.6931471806f * (float)prn_class_shift(class_); }

// Adds it, so that what is left is a softmax of classes.
INLINE void weigh_classes(const float *row, float *weighed) {
  for (int k = 0; k < PRN_CLASSES; k++) weighed[k] = row[k] + log_size(k);
}

WIDE double prn_class_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    float *row = logits + i * PRN_CLASSES;
    if (weights[i] == 0) {
      memset(row, 0, PRN_CLASSES * sizeof(float));
      continue;
    }
    const int own = prn_class_of(symbols[i]);
    weigh_classes(row, row);
    const float m = largest(row, PRN_CLASSES);
    const float target = row[own] - m;
    float sum = 0;
    for (int k = 0; k < PRN_CLASSES; k++) {
      const float e = exp_negative(row[k] - m);
      row[k] = e;
      sum += e;
    }
    loss += (double)weights[i] * (logf(sum) - target + log_size(own));
    const float factor = scale * weights[i] / sum;
    for (int k = 0; k < PRN_CLASSES; k++) row[k] *= factor;
    row[own] -= scale * weights[i];
  }
  return loss;
}

WIDE double prn_class_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    if (weights[i] == 0) continue;
    float row[PRN_CLASSES];
    weigh_classes(logits + i * PRN_CLASSES, row);
    const int own = prn_class_of(symbols[i]);
    const float m = largest(row, PRN_CLASSES);
    float sum = 0;
    for (int k = 0; k < PRN_CLASSES; k++) sum += exp_negative(row[k] - m);
    loss += (double)weights[i] * (logf(sum) - (row[own] - m) + log_size(own));
  }
  return loss;
}

// Of a symbol whose logit, against the other symbol's, is x: log(1 + exp(-x)), which overflows for
// no x.
INLINE float softplus_negative(float x) {
  const float e = exp_negative(x < 0 ? x : -x);
  return (x < 0 ? -x : 0) + log1pf(e);
}

WIDE double prn_sigmoid_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    const float x = symbols[i] ? logits[i] : -logits[i];
    const float e = exp_negative(x < 0 ? x : -x);
    // The probability of the other symbol.
    const float missed = (x < 0 ? 1 : e) / (1 + e);
    if (weights[i] != 0) loss += (double)weights[i] * softplus_negative(x);
    logits[i] = scale * weights[i] * (symbols[i] ? -missed : missed);
  }
  return loss;
}

WIDE double prn_sigmoid_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++)
    if (weights[i] != 0)
      loss += (double)weights[i] * softplus_negative(symbols[i] ? logits[i] : -logits[i]);
  return loss;
}

enum { MOST_LOGISTICS = 32 };

// A value's cost in nats; `gradient`, if it is not 0, becomes the row's times `scale`.
//
// With a and b the borders of the value's interval in units of the scale, and d = 1 / scale their
// distance: log(sigmoid(a) - sigmoid(b)) = log sigmoid(a) + log sigmoid(-b) + log(1 - exp(-d)), in
// which nothing cancels.
INLINE float mixture(
    const float *row, int value, ptrdiff_t count, float *gradient, float scale) {
  float joint[MOST_LOGISTICS], dmean[MOST_LOGISTICS], dscale[MOST_LOGISTICS];
  float most_weight = -INFINITY, most = -INFINITY;
  for (ptrdiff_t k = 0; k < count; k++) {
    const float raw = row[2 * count + k];
    const float d = expf(-(raw < -6 ? -6 : raw)) * (1.0f / 32);
    const float distance = value - 128 - 32 * row[count + k];
    const float a = (distance + 0.5f) * d, b = (distance - 0.5f) * d;
    // What lies beyond 0 and 255 is theirs.
    const int below = value > 0, above = value < 255;
    float cost = 0, slope = 0, stretch = 0;
    if (above) {
      const float miss = 1 / (1 + expf(a));
      cost += softplus_negative(a);
      slope += miss;
      stretch += a * miss;
    }
    if (below) {
      const float miss = 1 / (1 + expf(-b));
      cost += softplus_negative(-b);
      slope -= miss;
      stretch -= b * miss;
    }
    if (above && below) {
      cost -= logf(-expm1f(-d));
      stretch += d / expm1f(d);
    }
    joint[k] = row[k] - cost;
    dmean[k] = 32 * d * slope;
    dscale[k] = raw < -6 ? 0 : stretch;
    most_weight = most_weight > row[k] ? most_weight : row[k];
    most = most > joint[k] ? most : joint[k];
  }
  float weights = 0, all = 0;
  for (ptrdiff_t k = 0; k < count; k++) {
    weights += expf(row[k] - most_weight);
    all += expf(joint[k] - most);
  }
  const float loss = most_weight + logf(weights) - most - logf(all);
  if (gradient)
    for (ptrdiff_t k = 0; k < count; k++) {
      const float share = scale * expf(joint[k] - most) / all;
      gradient[k] = scale * expf(row[k] - most_weight) / weights - share;
      gradient[count + k] = share * dmean[k];
      gradient[2 * count + k] = share * dscale[k];
    }
  return loss;
}

WIDE double prn_mixture_cross_entropy(
    float *parameters, const uint8_t *symbols, const float *weights, ptrdiff_t n, ptrdiff_t count,
    float scale) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    float *row = parameters + i * 3 * count;
    if (weights[i] == 0) {
      memset(row, 0, (size_t)(3 * count) * sizeof *row);
      continue;
    }
    float copy[3 * MOST_LOGISTICS];
    memcpy(copy, row, (size_t)(3 * count) * sizeof *row);
    loss += (double)weights[i] * mixture(copy, symbols[i], count, row, scale * weights[i]);
  }
  return loss;
}

WIDE double prn_mixture_loss(
    const float *parameters, const uint8_t *symbols, const float *weights, ptrdiff_t n,
    ptrdiff_t count) {
  double loss = 0;
  for (ptrdiff_t i = 0; i < n; i++)
    if (weights[i] != 0)
      loss += (double)weights[i] * mixture(parameters + i * 3 * count, symbols[i], count, 0, 0);
  return loss;
}

WIDE void prn_relu(const float *in, float *out, ptrdiff_t n, float maximum, int quantize) {
  if (quantize) {
    for (ptrdiff_t i = 0; i < n; i++) {
      float x = __builtin_rintf(in[i] * 256.0f) * (1.0f / 256.0f);
      x = x > 0 ? x : 0;
      out[i] = x < maximum ? x : maximum;
    }
  } else {
    for (ptrdiff_t i = 0; i < n; i++) {
      float x = in[i] > 0 ? in[i] : 0;
      out[i] = x < maximum ? x : maximum;
    }
  }
}

WIDE void prn_relu_backward(const float *out, float *gradient, ptrdiff_t n, float maximum) {
  for (ptrdiff_t i = 0; i < n; i++)
    gradient[i] = out[i] > 0 && out[i] < maximum ? gradient[i] : 0;
}

WIDE void prn_round_activations(float *x, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float y = __builtin_rintf(x[i] * 256.0f);
    y = y < -32768.0f ? -32768.0f : y;
    x[i] = (y > 32767.0f ? 32767.0f : y) * (1.0f / 256.0f);
  }
}

WIDE void prn_add_bias(
    float *out, const float *bias, ptrdiff_t n, ptrdiff_t channels, int overwrite) {
  for (ptrdiff_t i = 0; i < n; i++, out += channels) {
    if (overwrite)
      for (ptrdiff_t c = 0; c < channels; c++) out[c] = bias[c];
    else
      for (ptrdiff_t c = 0; c < channels; c++) out[c] += bias[c];
  }
}

WIDE void prn_sum_rows(const float *out, float *gradient, ptrdiff_t n, ptrdiff_t channels) {
  for (ptrdiff_t i = 0; i < n; i++, out += channels)
    for (ptrdiff_t c = 0; c < channels; c++) gradient[c] += out[c];
}

WIDE void prn_drop(
    const float *x, float *target, ptrdiff_t n, uint32_t first, uint32_t threshold, float scale) {
  for (ptrdiff_t i = 0; i < n; i++) {
    uint32_t hash = (first + (uint32_t)i) * 0x9E3779B1u;
    hash = (hash ^ hash >> 15) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    hash ^= hash >> 16;
    target[i] = hash < threshold ? 0.0f : scale * x[i];
  }
}

WIDE void prn_add(float *y, const float *x, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] += x[i];
}

WIDE void prn_adam(
    float *restrict weights, float *restrict average, const float *restrict gradient,
    float *restrict first, float *restrict second, const float *restrict mask, ptrdiff_t n,
    float rate, float beta1, float beta2, float correction1, float correction2, float epsilon,
    float average_decay) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i] * mask[i];
    float m = first[i] = beta1 * first[i] + (1 - beta1) * g;
    float v = second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    weights[i] -= rate * (m * correction1) / (__builtin_sqrtf(v * correction2) + epsilon);
    average[i] += (1 - average_decay) * (weights[i] - average[i]);
  }
}

WIDE void prn_follow(float *restrict average, const float *restrict x, ptrdiff_t n, float decay) {
  for (ptrdiff_t i = 0; i < n; i++) average[i] += (1 - decay) * (x[i] - average[i]);
}

WIDE double prn_sum_squares(const float *x, ptrdiff_t n) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
  return sum;
}

WIDE void prn_copy_columns(
    const float *source, ptrdiff_t source_stride, float *target, ptrdiff_t target_stride,
    ptrdiff_t width, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++, source += source_stride, target += target_stride)
    memcpy(target, source, (size_t)width * sizeof(float));
}

WIDE void prn_add_columns(
    const float *restrict source, ptrdiff_t source_stride, float *restrict target,
    ptrdiff_t target_stride, ptrdiff_t width, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++, source += source_stride, target += target_stride)
    for (ptrdiff_t k = 0; k < width; k++) target[k] += source[k];
}

// The range reduction is good for both signs while |x| stays below 87.
INLINE float sigmoid(float x) {
  const float most = 87.0f;
  x = x > most ? most : x;
  return 1 / (1 + exp_negative(-x < most ? -x : most));
}

INLINE float tangent(float x) { return 2 * sigmoid(2 * x) - 1; }

#define LOG2E 1.44269504f
INLINE float rounded(float x, float unit, int quantize) {
  return quantize ? __builtin_rintf(x * unit) / unit : x;
}

// One cell and one slice. Inlined with a constant `quantize`, so that the loop has no branches.
INLINE void lstm_units_forward(
    float *restrict o, const float *restrict bias, const float *restrict before, float *restrict c,
    float *restrict h, ptrdiff_t units, int quantize) {
  float *restrict f = o + units, *restrict in = o + 2 * units, *restrict g = o + 3 * units;
  for (ptrdiff_t k = 0; k < units; k++) {
    const float output = sigmoid(rounded(o[k] + bias[k], 256 * LOG2E, quantize));
    const float forget = sigmoid(rounded(f[k] + bias[units + k], 256 * LOG2E, quantize));
    const float input = sigmoid(rounded(in[k] + bias[2 * units + k], 256 * LOG2E, quantize));
    const float content = tangent(rounded(g[k] + bias[3 * units + k], 512 * LOG2E, quantize));
    const float cell =
        rounded(forget * before[k], 2048, quantize) + rounded(input * content, 2048, quantize);
    o[k] = output;
    f[k] = forget;
    in[k] = input;
    g[k] = content;
    c[k] = cell;
    h[k] = rounded(output * tangent(rounded(cell, 512 * LOG2E, quantize)), 4096, quantize);
  }
}

WIDE void prn_lstm_forward(
    float *gates, const float *bias, const float *cells_before, ptrdiff_t before_stride,
    float *cells, float *states, ptrdiff_t n, ptrdiff_t slices, ptrdiff_t units, int quantize) {
  for (ptrdiff_t i = 0; i < n; i++, cells_before += before_stride) {
    for (ptrdiff_t slice = 0; slice < slices; slice++) {
      const ptrdiff_t first = slice * units;
      if (quantize)
        lstm_units_forward(
            gates, bias + 4 * first, cells_before + first, cells, states, units, 1);
      else
        lstm_units_forward(
            gates, bias + 4 * first, cells_before + first, cells, states, units, 0);
      gates += 4 * units;
      cells += units;
      states += units;
    }
  }
}

INLINE void lstm_units_backward(
    const float *restrict o, const float *restrict before, const float *restrict cells,
    const float *restrict state_gradient, float *restrict d_o, float *restrict cell_gradient,
    float *restrict d_bias, ptrdiff_t units) {
  const float *f = o + units, *in = o + 2 * units, *g = o + 3 * units;
  float *restrict d_f = d_o + units, *restrict d_in = d_o + 2 * units;
  float *restrict d_g = d_o + 3 * units;
  for (ptrdiff_t k = 0; k < units; k++) {
    const float t = tangent(cells[k]);
    const float dh = state_gradient[k];
    const float dc = cell_gradient[k] + dh * o[k] * (1 - t * t);
    const float output = dh * t * o[k] * (1 - o[k]);
    const float forget = dc * before[k] * f[k] * (1 - f[k]);
    const float input = dc * g[k] * in[k] * (1 - in[k]);
    const float content = dc * in[k] * (1 - g[k] * g[k]);
    cell_gradient[k] = dc * f[k];
    d_o[k] = output;
    d_f[k] = forget;
    d_in[k] = input;
    d_g[k] = content;
    d_bias[k] += output;
    d_bias[units + k] += forget;
    d_bias[2 * units + k] += input;
    d_bias[3 * units + k] += content;
  }
}

WIDE void prn_lstm_backward(
    const float *gates, const float *cells_before, ptrdiff_t before_stride, const float *cells,
    const float *state_gradient, float *gate_gradient, float *cell_gradient, float *bias_gradient,
    ptrdiff_t n, ptrdiff_t slices, ptrdiff_t units) {
  for (ptrdiff_t i = 0; i < n; i++, cells_before += before_stride) {
    for (ptrdiff_t slice = 0; slice < slices; slice++) {
      const ptrdiff_t first = slice * units;
      lstm_units_backward(
          gates, cells_before + first, cells, state_gradient, gate_gradient, cell_gradient,
          bias_gradient + 4 * first, units);
      gates += 4 * units;
      gate_gradient += 4 * units;
      cells += units;
      state_gradient += units;
      cell_gradient += units;
    }
  }
}
