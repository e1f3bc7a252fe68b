// Element-wise float kernels of the trainer: what BLAS does not offer. All arrays are row-major.
#ifndef C_TRAINING_H
#define C_TRAINING_H

#include <stddef.h>
#include <stdint.h>

/// Softmax and cross-entropy over rows of 256 logits, in place.
/// logits [n][256] become d(loss)/d(logits) * scale; returns the summed loss in nats.
/// A row whose weight is 0 costs nothing and gets a zero gradient.
double prn_softmax_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale);

/// The same without gradients: the summed loss in nats.
double prn_softmax_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n);

/// The same two for rows of 64 logits, one a class of symbols (prn_classes.h).
double prn_class_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale);
double prn_class_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n);

/// The same two for one logit a row, that the symbol is 1 and not 0.
double prn_sigmoid_cross_entropy(
    float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n, float scale);
double prn_sigmoid_loss(
    const float *logits, const uint8_t *symbols, const float *weights, ptrdiff_t n);

/// The same two for a discretized mixture of logistics over 0 ... 255 (Salimans et al. 2017,
/// section 2.1): a row has `count` numbers each of log weights, of means, (mean - 128) / 32, and of
/// log scales, log(scale / 32), which have no part in the gradient below -6.
double prn_mixture_cross_entropy(
    float *parameters, const uint8_t *symbols, const float *weights, ptrdiff_t n, ptrdiff_t count,
    float scale);
double prn_mixture_loss(
    const float *parameters, const uint8_t *symbols, const float *weights, ptrdiff_t n,
    ptrdiff_t count);

/// out = clamp(in, 0, maximum); rounded to multiples of 1/256 where quantize is set.
void prn_relu(const float *in, float *out, ptrdiff_t n, float maximum, int quantize);

/// gradient = 0 wherever out is 0 or at its maximum.
void prn_relu_backward(const float *out, float *gradient, ptrdiff_t n, float maximum);

/// x = sat16(round(x * 256)) / 256.
void prn_round_activations(float *x, ptrdiff_t n);

/// out[i][c] += bias[c] for n rows of `channels`, or = bias[c] where overwrite is set.
void prn_add_bias(float *out, const float *bias, ptrdiff_t n, ptrdiff_t channels, int overwrite);

/// gradient[c] += sum over rows of out[i][c].
void prn_sum_rows(const float *out, float *gradient, ptrdiff_t n, ptrdiff_t channels);

/// target[i] = 0 where a hash of first + i is below `threshold`, else scale * x[i]; target may
/// be x.
void prn_drop(
    const float *x, float *target, ptrdiff_t n, uint32_t first, uint32_t threshold, float scale);

/// y += x.
void prn_add(float *y, const float *x, ptrdiff_t n);

/// target[i][k] = source[i][k] for n rows of `width`, each with `stride` floats from row to row; a
/// source_stride of 0 repeats one row.
void prn_copy_columns(
    const float *source, ptrdiff_t source_stride, float *target, ptrdiff_t target_stride,
    ptrdiff_t width, ptrdiff_t n);

/// target[i][k] += source[i][k], likewise; a target_stride of 0 sums up the rows. No overlap.
void prn_add_columns(
    const float *source, ptrdiff_t source_stride, float *target, ptrdiff_t target_stride,
    ptrdiff_t width, ptrdiff_t n);

/// One step of an LSTM for n cells. gates [n][slices][o, f, i, g][units], to which the bias
/// [slices][4][units] is added, become sigmoid of o, f, i and tanh of g; cells = f * cells_before +
/// i * g; states = o * tanh(cells), both [n][slices * units]. cells_before has `before_stride`
/// floats from cell to cell, 0 for the same ones everywhere. With `quantize`, arguments, cells and
/// states are rounded as the integer network does.
void prn_lstm_forward(
    float *gates, const float *bias, const float *cells_before, ptrdiff_t before_stride,
    float *cells, float *states, ptrdiff_t n, ptrdiff_t slices, ptrdiff_t units, int quantize);

/// The gradient of a step. gates, cells and cells_before as `prn_lstm_forward` left them;
/// gate_gradient becomes that of the gates' arguments, and bias_gradient [slices * 4 * units] grows
/// by its sum. cell_gradient [n][slices * units] is that from the step behind, and becomes that for
/// the one before.
void prn_lstm_backward(
    const float *gates, const float *cells_before, ptrdiff_t before_stride, const float *cells,
    const float *state_gradient, float *gate_gradient, float *cell_gradient, float *bias_gradient,
    ptrdiff_t n, ptrdiff_t slices, ptrdiff_t units);

/// One Adam step (Kingma and Ba 2015) and the moving average of the weights.
void prn_adam(
    float *weights, float *average, const float *gradient, float *first, float *second,
    const float *mask, ptrdiff_t n, float rate, float beta1, float beta2, float correction1,
    float correction2, float epsilon, float average_decay);

/// average[i] = decay average[i] + (1 - decay) x[i].
void prn_follow(float *average, const float *x, ptrdiff_t n, float decay);

/// Sum of squares.
double prn_sum_squares(const float *x, ptrdiff_t n);

#endif
