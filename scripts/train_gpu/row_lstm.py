"""A Row LSTM layer's recurrence (Sources/Training/RowLSTMBody.swift): a step is a row of all crops.

Here gates are [gate][unit], gate by gate, and not colour by colour as in a checkpoint.
"""
import torch
import torch.nn.functional as F

from .rounding import LOG2E, rounded


def by_gate(x, colours):
    """Gates of a checkpoint, [...][colour][gate][own unit], as [...][gate][colour][own unit]."""
    parts = x.view(*x.shape[:-1], colours, 4, -1)
    return parts.transpose(-3, -2).reshape(x.shape)


def states(gates, weights, initial, dilation, quantize=False, fused=False):
    """The states of all cells, [crops][rows][columns][units].

    - gates: [crops][rows][columns][4 units], without what the states above give.
    - weights: [3 units][4 units], of the states at the columns c - dilation, c and c + dilation.
    - initial: [2 units], states and cells above the first row, at every column.
    """
    units = weights.shape[1] // 4
    # Above the first row all columns have one state, also those beside the crop.
    first = initial[:units].repeat(3) @ weights
    if fused:
        from .row_lstm_kernels import Recurrence
        return Recurrence.apply(gates, first, weights, initial[units:], dilation, quantize)
    return plain(gates, first, weights, initial[units:], dilation, quantize)


def plain(gates, first, weights, cell, dilation, quantize):
    """The recurrence as PyTorch's own operations. `first`: what the first row's gates get of the
    states above."""
    crops, rows, columns, width = gates.shape
    units = width // 4
    cell = cell.expand(crops, columns, units)
    above, result = None, []
    for row in range(rows):
        sums = gates[:, row]
        if above is None:
            sums = sums + first
        else:
            around = F.pad(above, (0, 0, dilation, dilation))
            taps = torch.cat([around[:, :columns], above, around[:, 2 * dilation:]], -1)
            sums = sums + (taps.view(-1, 3 * units) @ weights).view(sums.shape)
        cell, above = step(sums, cell, quantize)
        result.append(above)
    return torch.stack(result, 1)


def step(sums, cell, quantize):
    """Cells and states of a row from the sums of its gates and the cells above."""
    o, f, i, g = sums.chunk(4, -1)
    if quantize:
        o, f, i = (rounded(x, 256 * LOG2E) for x in (o, f, i))
        g = rounded(g, 512 * LOG2E)
    kept, new = torch.sigmoid(f) * cell, torch.sigmoid(i) * torch.tanh(g)
    if quantize:
        kept, new = rounded(kept, 2048), rounded(new, 2048)
    cell = kept + new
    seen = rounded(cell, 512 * LOG2E) if quantize else cell
    state = torch.sigmoid(o) * torch.tanh(seen)
    return cell, rounded(state, 4096) if quantize else state
