"""The float network of prntrain (Sources/Training/NetworkPass.swift) in PyTorch.

Parameters are one flat vector in the checkpoint's layout. Maps are
[crops][rows][columns][channels], and what a matrix multiplies is such a map as [cells][channels].
"""
import torch
import torch.nn.functional as F

from . import diagonal_bilstm, row_lstm
from .classes import Classes
from .rounding import rounded, rounded_activations


class Network:
    """A recipe's network. `fused`: whether the recurrences are Triton's."""

    def __init__(self, layout, device, fused=False):
        self.layout, self.recipe, self.device = layout, layout.recipe, device
        self.fused = fused
        self.reach = (self.recipe.kernel_size - 1) // 2
        self.mask = torch.from_numpy(layout.mask).to(device)
        self.classes = Classes(self.recipe.logits, device)
        # Whether activations are rounded as in the integer network.
        self.quantize = False

    def matrix(self, parameters, layer):
        """Weights [inputs][outputs] and bias [outputs] of a layer."""
        weights = parameters[layer.offset:layer.bias].view(layer.inputs, layer.outputs)
        return weights, parameters[layer.bias:layer.bias + layer.outputs]

    def apply(self, parameters, kind, which, x):
        weights, bias = self.matrix(parameters, self.layout.layer(kind, which))
        return torch.addmm(bias, x.reshape(-1, x.shape[-1]), weights).view(*x.shape[:-1], -1)

    def rectify(self, x):
        """Between 0 and the maximum, rounded if activations are."""
        if self.quantize:
            x = rounded(x, 256)
        return x.clamp(0, self.recipe.maximum)

    def stored(self, x):
        """The stream or the skips as they are stored."""
        return rounded_activations(x) if self.quantize else x

    def taps(self, inputs, predictions):
        """What the first convolution multiplies: [cells][inputs] in 256ths, as floats.

        `inputs` is [crops][rows + reach][columns + 2 reach][channels], `predictions`
        [crops][rows][columns][channels], both Int16."""
        reach = self.reach
        crops, rows, columns = predictions.shape[:3]
        channels = inputs.shape[-1]
        stride = inputs.stride()
        parts = []
        for row in range(reach + 1):
            width = (2 * reach + 1 if row < reach else reach + 1) * channels
            parts.append(inputs.as_strided(
                (crops, rows, columns, width), (stride[0], stride[1], stride[2], 1),
                inputs.storage_offset() + row * stride[1]))
        parts.append(predictions)
        taps = torch.cat(parts, -1)
        return taps.view(-1, taps.shape[-1]).float().mul_(1 / 256)

    def hidden(self, parameters, inputs, predictions, dropout=0):
        """The head's hidden features, [cells][head features]. `dropout`: the share of the features
        of each block that are dropped."""
        recipe = self.recipe
        shape = (*predictions.shape[:3], recipe.features)
        taps = self.taps(inputs, predictions)
        stream = self.stored(self.apply(parameters, "inputConvolution", None, taps).view(shape))
        skips = None
        body = {"pixelCNN": self.convolution, "rowLSTM": self.row_lstm,
                "diagonalBiLSTM": self.diagonal_bilstm}[recipe.body]
        for block in range(recipe.blocks):
            last = body(parameters, block, stream)
            if dropout:
                last = F.dropout(last, dropout)
            grown = self.apply(parameters, "expand", block, last)
            stream = self.stored(stream + grown if recipe.is_residual else grown)
            if recipe.has_skips:
                skip = self.apply(parameters, "skip", block, last)
                skips = self.stored(skip if skips is None else skips + skip)
        hidden = self.apply(parameters, "headHidden", None, self.rectify(stream))
        if skips is not None:
            hidden = hidden + skips
        return self.rectify(hidden).view(-1, recipe.head_features)

    def convolution(self, parameters, block, stream):
        """A residual block up to its 3x3 convolution."""
        rows, columns = stream.shape[1:3]
        d = self.recipe.dilation(block)
        reduced = self.rectify(self.apply(parameters, "reduce", block, self.rectify(stream)))
        around = F.pad(reduced, (0, 0, d, d, d, 0))
        above = [around[:, :rows, k * d:k * d + columns] for k in range(3)]
        gathered = torch.cat([*above, around[:, d:, :columns], reduced], -1)
        return self.rectify(self.apply(parameters, "convolve", block, gathered))

    def gates(self, parameters, kind, block):
        """Weights and bias of an LSTM's gates, gate by gate, and the initial states and cells."""
        layer = self.layout.layer(kind, block)
        weights, bias = (
            row_lstm.by_gate(x, self.recipe.colours) for x in self.matrix(parameters, layer))
        return weights, bias, parameters[layer.initial:layer.end]

    def diagonal_bilstm(self, parameters, block, stream):
        """The sum of the states of a Diagonal BiLSTM layer."""
        features = self.recipe.features
        weights, gates, initial = [], [], []
        for kind, seen in (("gatesLeft", stream), ("gatesRight", stream.flip(2))):
            matrix, bias, first = self.gates(parameters, kind, block)
            sums = torch.addmm(bias, seen.reshape(-1, features), matrix[:features])
            gates.append(sums.view(*stream.shape[:3], -1))
            weights.append(matrix[features:])
            initial.append(first)
        return diagonal_bilstm.states(
            torch.stack(gates), torch.stack(weights), torch.stack(initial), self.quantize,
            self.fused)

    def row_lstm(self, parameters, block, stream):
        """A Row LSTM layer's states."""
        features = self.recipe.features
        weights, bias, initial = self.gates(parameters, "gates", block)
        left = F.pad(stream, (0, 0, 1, 0))[:, :, :-1]
        seen = torch.cat([left, stream], -1).view(-1, 2 * features)
        gates = torch.addmm(bias, seen, weights[:2 * features]).view(*stream.shape[:3], -1)
        return row_lstm.states(
            gates, weights[2 * features:], initial, self.recipe.dilation(block), self.quantize,
            self.fused)
