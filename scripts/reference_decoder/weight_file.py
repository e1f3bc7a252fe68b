"""FORMAT.md, section 4: the weight file."""
import struct, types, zlib
from operator import mul

from .basics import Reader, need
from .code_order import ADAPTIVE_WIDEST, DIAGONAL_BILSTM, RAW, ROW_LSTM, is_adaptive
from .code_order import largest_dilation
from .layers import CLASSES, GATES, SIGMOID, VALUE, layers

FIELDS = (
    ("colours", 1), ("body", 1), ("head", 1), ("symbolCentre", 1), ("inputKinds", 1),
    ("kernelSize", 1), ("features", 2), ("bottleneck", 2), ("blocks", 1), ("dilationCycle", 1),
    ("connections", 1), ("headFeatures", 2), ("activationMaximum", 2), ("scale", 1),
    ("conditioningChannels", 2))
NAME = b"abcdefghijklmnopqrstuvwxyz0123456789-."


class Layer:
    """A layer's integers: its shift, and for each slice pairs of a bias and its weights."""

    def __init__(self, shift):
        self.shift, self.slices, self.initial = shift, [], None

    def run(self, c, inputs):
        """5.3: the outputs of the slice of colour c."""
        half, shift, slice = 1 << self.shift - 1, self.shift, self.slices[c]
        assert not slice or len(slice[0][1]) == len(inputs)
        return [bias + sum(map(mul, weights, inputs)) + half >> shift for bias, weights in slice]


def read_weights(data, is_small=False):
    file = Reader(data[:-4], "corrupt weight file: length")
    need(file.bytes(4) == b"PRNW", "not a weight file")
    version = file.unsigned(1)
    need(version <= 3, "weight file of a newer version")
    need(version == 3, "weight file of a draft version")
    crc = int.from_bytes(data[-4:], "little")
    need(zlib.crc32(data[:-4]) == crc, "damaged weight file")
    name = file.bytes(file.unsigned(1))
    need(1 <= len(name) <= 32 and all(c in NAME for c in name), "corrupt weight file: name")
    model = types.SimpleNamespace()
    for field, size in FIELDS:
        setattr(model, field, file.unsigned(size))
    check_fields(model, is_small)
    model.layers = [read_layer(file, model, *shape) for shape in layers(model)]
    if model.scale > 1:
        model.small = read_weights(file.bytes(file.unsigned(4)), is_small=True)
        same = model.small.colours == model.colours and model.small.head == model.head
        need(same, "corrupt weight file: small")
    need(file.left == 0, "corrupt weight file: length")
    return model


def check_fields(model, is_small):
    def check(is_legal, field):
        need(is_legal, "corrupt weight file: " + field)

    check(model.colours in (1, 3), "colours")
    check(model.body <= 2, "body")
    check(model.symbolCentre <= ADAPTIVE_WIDEST, "symbolCentre")
    check(model.body != DIAGONAL_BILSTM or not is_adaptive(model), "symbolCentre")
    binary = (model.colours, model.symbolCentre, model.inputKinds) == (1, RAW, VALUE)
    check(model.head <= CLASSES, "head")
    check(model.head != SIGMOID or binary, "head")
    check(model.head != CLASSES or model.symbolCentre != RAW, "head")
    check(model.inputKinds < 8 and model.inputKinds & 3, "inputKinds")
    check(model.kernelSize in (3, 5, 7), "kernelSize")
    for field in ("features", "bottleneck", "headFeatures"):
        width = getattr(model, field)
        check(1 <= width <= 1536 and width % (8 * model.colours) == 0, field)
    check(model.blocks <= 64, "blocks")
    most = 1 if model.body == DIAGONAL_BILSTM else 5
    check(1 <= model.dilationCycle <= most, "dilationCycle")
    if model.body == ROW_LSTM and is_adaptive(model):
        check(largest_dilation(model) < 4, "dilationCycle")
    check(model.connections < 4, "connections")
    check(255 <= model.activationMaximum <= 32767, "activationMaximum")
    check(model.scale in ((1,) if is_small else (1, 2, 4)), "scale")
    channels = model.conditioningChannels
    legal = channels == 0 if model.scale == 1 else 8 <= channels <= 256 and channels % 8 == 0
    check(legal, "conditioningChannels")


def read_layer(file, model, name, slices, outputs, bounds):
    """4.1, with the inequality of 5.3."""
    layer = Layer(file.unsigned(1))
    need(1 <= layer.shift <= 24, "corrupt weight file: shift of " + name)
    for c in range(slices):
        of_inputs = bounds(c)
        biases = numbers(file, outputs, "i")
        rows = [numbers(file, len(of_inputs), "h") for _ in biases]
        for bias, weights in zip(biases, rows):
            most = abs(bias) + sum(map(mul, map(abs, weights), of_inputs))
            need(most + (1 << layer.shift - 1) < 2**31, "corrupt weight file: bound of " + name)
        layer.slices.append(list(zip(biases, rows)))
    if name in GATES:
        states, cells = (numbers(file, model.bottleneck, "h") for _ in range(2))
        need(all(-4096 <= x <= 4096 for x in states), "corrupt weight file: initial states")
        need(all(-32767 <= x for x in cells), "corrupt weight file: initial cells")
        layer.initial = list(states), list(cells)
    return layer


def numbers(file, count, kind):
    return struct.unpack(f"<{count}{kind}", file.bytes(count * struct.calcsize("<" + kind)))
