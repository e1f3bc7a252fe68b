"""Where each layer lies in the flat array of parameters, and what the masks keep.

The same as Sources/Training/ParameterLayout.swift: layer after layer in the order of the weight
file, each as weights [inputs][outputs], bias [outputs] and, of an LSTM's gates, the states and the
cells before the first step. `headOutput` is a matrix for each colour.
"""
import numpy


class Layer:
    """A dense matrix. `kept` is [inputs][outputs]: what the mask keeps."""

    def __init__(self, kind, block, taps, colours, outputs, offset, only=None):
        """`taps`: (channels, how many of them a colour sees); `only`: the colour of `headOutput`"""
        self.kind, self.block, self.colour = kind, block, only
        self.outputs, self.offset = outputs, offset
        slices = [only] if only is not None else range(colours)
        rows = []
        for channels, seen in taps:
            width = seen(only) if only is not None else channels
            rows.append(numpy.array(
                [[channel < seen(colour) for colour in slices] for channel in range(width)]))
        kept = numpy.concatenate(rows)
        self.kept = numpy.repeat(kept, outputs // len(slices), axis=1)
        self.inputs = self.kept.shape[0]
        self.bias = offset + self.inputs * outputs
        self.units = outputs // 4 if self.is_gates else 0
        self.initial = self.bias + outputs
        self.end = self.initial + 2 * self.units
        self.colours = colours

    @property
    def is_gates(self):
        """Whether it has the gates of an LSTM, or of one direction of it."""
        return self.kind.startswith("gates")

    @property
    def matrix_outputs(self):
        """Outputs that are a matrix of their own to Muon: those of a gate of a colour."""
        return self.outputs // self.colours // 4 if self.is_gates else self.outputs


class Layout:
    """All layers of a recipe's network. `predictions`: its channels of a colour's prediction."""

    def __init__(self, recipe, predictions):
        self.recipe, self.layers, self.count = recipe, [], 0
        colours, features, units = recipe.colours, recipe.features, recipe.bottleneck
        head = recipe.head_features

        def place(kind, block, taps, outputs, only=None):
            layer = Layer(kind, block, taps, colours, outputs, self.count, only)
            self.layers.append(layer)
            self.count = layer.end

        def all_of(channels):
            return channels, lambda colour: channels

        def here(channels, extra=1):
            return channels, lambda colour: (colour + extra) * channels // colours

        reach = (recipe.kernel_size - 1) // 2
        inputs = colours * recipe.input_channels
        taps = [all_of(inputs)] * (reach * recipe.kernel_size + reach) + [here(inputs, 0)]
        if predictions:
            taps.append(here(colours * predictions))
        place("inputConvolution", None, taps, features)
        for block in range(recipe.blocks):
            if recipe.body == "pixelCNN":
                place("reduce", block, [here(features)], units)
                place("convolve", block, [all_of(units)] * 4 + [here(units)], units)
            elif recipe.body == "rowLSTM":
                place("gates", block,
                      [all_of(features), here(features)] + [all_of(units)] * 3, 4 * units)
            else:
                for kind in ("gatesLeft", "gatesRight"):
                    place(kind, block, [here(features)] + [all_of(units)] * 2, 4 * units)
            place("expand", block, [here(units)], features)
            if recipe.has_skips:
                place("skip", block, [here(units)], head)
        place("headHidden", None, [here(features)], head)
        for colour in range(colours):
            place("headOutput", None, [here(head)], recipe.logits, colour)
        self.by_name = {(l.kind, l.block if l.colour is None else l.colour): l
                        for l in self.layers}
        self.mask = numpy.ones(self.count, numpy.float32)
        for layer in self.layers:
            self.mask[layer.offset:layer.bias] = layer.kept.reshape(-1)

    def layer(self, kind, which=None):
        """The layer of a block, or the `headOutput` of a colour."""
        return self.by_name[kind, which]
