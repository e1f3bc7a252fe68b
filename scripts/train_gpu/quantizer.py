"""The weights as the integer network sees them (Sources/Training/Quantizer.swift)."""
import numpy
import torch

from .rounding import LOG2E

# Largest magnitudes of what a layer reads, in integers; the stream and states.
STREAM, STATE = 32768, 4096


def _inputs(layout, layer):
    """For each input of a layer: its factor (states have 4 more fraction bits) and magnitude."""
    recipe = layout.recipe
    count = layer.inputs
    factors = numpy.ones(count)
    if layer.kind == "inputConvolution":
        per = recipe.input_channels
        own = numpy.arange(count)
        values = numpy.where((own % per == 0) & recipe.has_value, 2048, 4080)
        predictions = count - (recipe.kernel_size ** 2 // 2 + 1) * recipe.colours * per
        if predictions:
            each = predictions // recipe.colours
            predictors = (each - 2) // 2
            one = [2048] if each == 1 else (
                [2048, 1024] + [2047] * predictors + [1536] * predictors)
            values[count - predictions:] = numpy.tile(one, recipe.colours)
        return factors, values
    magnitudes = numpy.full(count, recipe.activation_maximum)
    if layer.is_gates:
        # Of the stream, before the states.
        seen = (2 if recipe.body == "rowLSTM" else 1) * recipe.features
        magnitudes[:seen], magnitudes[seen:] = STREAM, STATE
        factors[seen:] = 1 / 16
    elif layer.kind in ("expand", "skip") and recipe.body != "pixelCNN":
        magnitudes[:] = STATE if recipe.body == "rowLSTM" else 2 * STATE
        factors[:] = 1 / 16
    return factors, magnitudes


def _outputs(layer):
    """What each output is multiplied by, besides 2^shift."""
    if layer.kind == "headOutput":
        return numpy.full(layer.outputs, LOG2E / 4)
    if not layer.is_gates:
        return numpy.ones(layer.outputs)
    is_content = numpy.arange(layer.outputs) // layer.matrix_outputs % 4 == 3
    return numpy.where(is_content, 2, 1) * LOG2E


class Quantizer:
    """Rounds weights on the device, by scales that follow from them on the host."""

    def __init__(self, layout, device):
        self.layout = layout
        self.scales = torch.ones(layout.count, device=device)
        limits = numpy.full(layout.count, numpy.float32(numpy.inf))
        for layer in layout.layers:
            if layer.units:
                limits[layer.initial:layer.initial + layer.units] = STATE
                limits[layer.initial + layer.units:layer.end] = 32767
        self.limits = torch.from_numpy(limits).to(device)
        self.sides = [(_inputs(layout, layer), _outputs(layer)) for layer in layout.layers]

    def fits(self, weights, layer, side, shift):
        """Whether a layer's weights fit 16 bits and its sums 32."""
        (factors, magnitudes), outputs = side
        scale = 2.0 ** shift * outputs
        w = numpy.abs(weights[layer.offset:layer.bias].reshape(layer.inputs, -1))
        w = w * scale * factors[:, None]
        is_there = w > 0
        bound = numpy.abs(weights[layer.bias:layer.bias + layer.outputs]) * scale * 256
        bound = bound + 1 + 2.0 ** (shift - 1)
        bound += ((w + 0.5) * is_there * magnitudes[:, None]).sum(0)
        return (w + 0.5).max() < 32767 and bound.max() < 2147483000

    def prepare(self, weights):
        """Sets the scales for these weights, a NumPy array [parameters]."""
        weights = weights.astype(numpy.float64)
        scales = numpy.ones(self.layout.count, numpy.float32)
        layers = list(zip(self.layout.layers, self.sides))
        for layer, side in layers:
            # The last layer's matrices share their shift.
            family = [(l, s) for l, s in layers if l.kind == "headOutput"]
            if layer.kind != "headOutput":
                family = [(layer, side)]
            shift = next((s for s in range(16, 0, -1)
                          if all(self.fits(weights, l, x, s) for l, x in family)), 1)
            (factors, _), outputs = side
            scale = 2.0 ** shift * outputs
            scales[layer.offset:layer.bias] = (scale * factors[:, None]).reshape(-1)
            scales[layer.bias:layer.bias + layer.outputs] = scale * 256
            if layer.units:
                scales[layer.initial:layer.initial + layer.units] = 4096
                scales[layer.initial + layer.units:layer.end] = 2048
        self.scales.copy_(torch.from_numpy(scales))

    def rounded(self, weights):
        """The weights, rounded: [parameters] on the device."""
        integers = (weights * self.scales).round()
        return torch.clamp(integers, -self.limits, self.limits) / self.scales
