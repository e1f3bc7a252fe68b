"""FORMAT.md, sections 5.4 and 5.5: the states of LSTM layers."""
from .basics import clamp
from .functions import squash


class Direction:
    """One LSTM of a tile: the states and cells of each pixel, and the gates they follow from."""

    def __init__(self, gates, model):
        self.gates, self.units = gates, model.bottleneck // model.colours
        self.initial_states, self.initial_cells = gates.initial
        # Those of the slices 0 ... c, while a pixel's colours are evaluated.
        self.states, self.cells = {}, {}

    def step(self, c, r, q, inputs, cells_before):
        """5.4: the states of the slices 0 ... c."""
        gates = [squash(x) for x in self.gates.run(c, inputs)]
        states = self.states.setdefault((r, q), [])
        cells = self.cells.setdefault((r, q), [])
        units = self.units
        for i in range(units):
            output_gate, forget_gate, input_gate, content = gates[i::units]
            cell = forget_gate * cells_before[c * units + i] + 2**15 >> 16
            cell = clamp(cell + (input_gate * (content - 32768) + 2**19 >> 20), -32767, 32767)
            cells.append(cell)
            state = squash(23637 * cell + 2**15 >> 16) - 32768
            states.append(output_gate * state + 2**18 >> 19)
        return states


class RowLSTM:
    """5.4: a layer."""

    def __init__(self, gates, model, dilation):
        self.direction, self.dilation = Direction(gates, model), dilation
        self.streams, self.empty = {}, model.features * [0]
        self.no_states = model.bottleneck * [0]

    def output(self, c, r, q, stream, conditioning):
        here = self.streams.setdefault((r, q), [])
        here.extend(stream)
        direction = self.direction
        inputs = self.streams.get((r, q - 1), self.empty) + here
        for dq in (-self.dilation, 0, self.dilation):
            outside = self.no_states if r else direction.initial_states
            inputs += direction.states.get((r - 1, q + dq), outside)
        before = direction.cells[r - 1, q] if r else direction.initial_cells
        return direction.step(c, r, q, inputs + conditioning, before)


class DiagonalBiLSTM:
    """5.5: a layer."""

    def __init__(self, left, right, model, columns):
        self.left, self.right = Direction(left, model), Direction(right, model)
        self.colours, self.columns = model.colours, columns
        self.features = model.features // model.colours
        self.streams, self.conditioning = {}, {}

    def output(self, c, r, q, stream, conditioning):
        self.streams.setdefault((r, q), []).extend(stream)
        self.conditioning[r, q] = conditioning
        left = self.step(self.left, c, r, q, -1)
        if r == 0:
            return left
        # The row above is complete.
        if (r - 1, 0) not in self.right.states:
            for place in reversed(range(self.columns)):
                for d in range(self.colours):
                    self.step(self.right, d, r - 1, place, 1)
        return [a + b for a, b in zip(left, self.right.states[r - 1, q])]

    def step(self, direction, c, r, q, side):
        inputs = self.streams[r, q][: (c + 1) * self.features]
        for place in ((r - 1, q), (r, q + side)):
            inputs = inputs + direction.states.get(place, direction.initial_states)
        before = direction.cells.get((r, q + side), direction.initial_cells)
        return direction.step(c, r, q, inputs + self.conditioning[r, q], before)
