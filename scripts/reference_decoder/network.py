"""FORMAT.md, section 5: the network, evaluated for one value at a time."""
from .basics import clamp, floor_log2, sat16
from .code_order import DIAGONAL_BILSTM, ROW_LSTM, dilation
from .layers import CLASSES, PREDICTION, RESIDUAL, SIGMOID, VALUE, causal_taps
from .lstm import DiagonalBiLSTM, RowLSTM


class Convolutions:
    """A pixelCNN's block, up to its output: `reduce` and `convolve`."""

    def __init__(self, reduce, convolve, model, dilation, relu):
        self.reduce, self.convolve, self.relu = reduce, convolve, relu
        self.taps, self.empty = causal_taps(3, dilation), model.bottleneck * [0]
        # Of each pixel relu(stream), the outputs of `reduce` and those of `convolve`.
        self.streams, self.reduced, self.outputs = {}, {}, {}

    def output(self, c, r, q, stream, conditioning):
        seen = self.streams.setdefault((r, q), [])
        seen.extend(self.relu(stream))
        here = self.reduced.setdefault((r, q), [])
        here.extend(self.relu(self.reduce.run(c, seen)))
        inputs = []
        for dr, dq in self.taps:
            inputs += self.reduced.get((r + dr, q + dq), self.empty)
        output = self.outputs.setdefault((r, q), [])
        output.extend(self.relu(self.convolve.run(c, inputs + here + conditioning)))
        return output


class Network:
    """The network on a tile. What is known of a pixel grows colour by colour."""

    def __init__(self, model, rows, columns, small):
        self.model, self.columns = model, columns
        self.reads_values = model.inputKinds & VALUE
        self.reads_residuals = model.inputKinds & RESIDUAL
        self.value_scale = 255 if model.head == SIGMOID else 1
        self.taps = causal_taps(model.kernelSize)
        rest = iter(model.layers)
        self.upsample = [next(rest) for _ in range({1: 0, 2: 1, 4: 2}[model.scale])]
        self.map = self.conditioning_map(small) if small else None
        self.input_convolution = next(rest)
        self.blocks = [self.block(rest, i) for i in range(model.blocks)]
        self.head_hidden, self.head_output = rest
        # Of each pixel the input planes, and of the value's pixel the prediction channels.
        planes = (self.reads_values > 0) + (self.reads_residuals > 0)
        self.planes, self.empty = {}, model.colours * planes * [0]
        self.channels, self.streams, self.hidden = {}, {}, {}

    def block(self, rest, i):
        """A block's output, and its layers `expand` and `skip`."""
        model = self.model
        if model.body == ROW_LSTM:
            output = RowLSTM(next(rest), model, dilation(model, i))
        elif model.body == DIAGONAL_BILSTM:
            output = DiagonalBiLSTM(next(rest), next(rest), model, self.columns)
        else:
            output = Convolutions(next(rest), next(rest), model, dilation(model, i), self.relu)
        return output, next(rest), next(rest) if model.connections & 2 else None

    def relu(self, numbers):
        return [clamp(x, 0, self.model.activationMaximum) for x in numbers]

    def value_channel(self, value):
        return 16 * (self.value_scale * value - 128)

    def conditioning_map(self, small):
        """5.6"""
        elements = [[list(map(self.value_channel, pixel)) for pixel in row] for row in small]
        for layer in self.upsample:
            elements = self.finer_map(layer, elements)
        return elements

    def finer_map(self, layer, coarse):
        rows, columns, none = len(coarse), len(coarse[0]), len(coarse[0][0]) * [0]

        def element(r, q):
            (i, down), (j, right) = divmod(r, 2), divmod(q, 2)
            inputs = []
            for row in (i - 1 + down, i + down):
                for column in (j - 1 + right, j + right):
                    inside = 0 <= row < rows and 0 <= column < columns
                    inputs += coarse[row][column] if inside else none
            return self.relu(layer.run(2 * down + right, inputs))

        return [[element(r, q) for q in range(2 * columns)] for r in range(2 * rows)]

    def set_prediction(self, r, q, prediction):
        """The prediction channels of a colour, with a fixed `symbolCentre`."""
        self.channels.setdefault((r, q), []).append(16 * (prediction - 128))

    def set_adaptive_prediction(self, r, q, adaptive):
        logarithm = lambda x: 256 * floor_log2(x) + ((x << 8) >> floor_log2(x)) - 256
        blend = adaptive.blend
        channels = self.channels.setdefault((r, q), [])
        channels += [(blend >> 2) - 2048, 32 * (blend - 64 * adaptive.centre)]
        channels += [clamp(mu - blend, -2047, 2047) for mu in adaptive.mu]
        channels += [logarithm(e) - 1536 for e in adaptive.local_errors]

    def record(self, r, q, value, residual):
        planes = self.planes.setdefault((r, q), [])
        if self.reads_values:
            planes.append(self.value_channel(value))
        if self.reads_residuals:
            planes.append(residual)

    def logits(self, c, r, q):
        """5.3"""
        model, inputs = self.model, []
        for dr, dq in self.taps:
            inputs += self.planes.get((r + dr, q + dq), self.empty)
        inputs += self.planes.get((r, q), [])
        if model.inputKinds & PREDICTION:
            inputs += self.channels[r, q]
        stream = [sat16(x) for x in self.input_convolution.run(c, inputs)]
        skip_sum = model.headFeatures // model.colours * [0]
        conditioning = self.map[r][q] if self.map else []
        for block, expand, skip in self.blocks:
            output = block.output(c, r, q, stream, conditioning)
            before = stream if model.connections & 1 else len(stream) * [0]
            stream = [sat16(x + y) for x, y in zip(expand.run(c, output), before)]
            if skip:
                skip_sum = [sat16(x + y) for x, y in zip(skip_sum, skip.run(c, output))]
        streams = self.streams.setdefault((r, q), [])
        streams.extend(self.relu(stream))
        numbers = zip(self.head_hidden.run(c, streams), skip_sum)
        hidden = self.hidden.setdefault((r, q), [])
        hidden.extend(self.relu([sat16(x) + y for x, y in numbers]))
        logits = self.head_output.run(c, hidden)
        if model.head == CLASSES:
            return [logits[class_of(symbol)] for symbol in range(256)]
        return [0] + logits if model.head == SIGMOID else logits


def class_of(symbol):
    """5.3"""
    if symbol >= 128:
        return 63 - class_of(255 - symbol)
    if symbol < 16:
        return symbol
    return 16 + (symbol - 16 >> 2) if symbol < 32 else 20 + (symbol - 32 >> 3)
