"""A Diagonal BiLSTM layer's recurrence (Sources/Training/DiagonalBiLSTMBody.swift): a step is a
diagonal of all crops, from the left and, on the mirrored map, from the right at once.

Gates are [gate][unit], gate by gate, as in row_lstm.
"""
import torch

from .row_lstm import step


def skewed(maps):
    """[..., rows, columns, channels] with row r moved r columns to the right: a diagonal is a
    column. Behind a row are zeros."""
    *others, rows, columns, channels = maps.shape
    wide = torch.cat([maps, maps.new_zeros(*others, rows, rows, channels)], -2)
    flat = wide.view(*others, rows * (columns + rows), channels)
    steps = columns + rows - 1
    return flat[..., :rows * steps, :].reshape(*others, rows, steps, channels)


def unskewed(maps, columns):
    """The map of such a one."""
    *others, rows, steps, channels = maps.shape
    flat = maps.reshape(*others, rows * steps, channels)
    flat = torch.cat([flat, flat.new_zeros(*others, rows, channels)], -2)
    return flat.view(*others, rows, steps + 1, channels)[..., :columns, :]


def states(gates, weights, initial, quantize=False, fused=False):
    """The sum of both directions' states, [crops][rows][columns][units]: from the right, those of
    the row above.

    - gates: [2][crops][rows][columns][4 units], without what states give; that of the direction
      from the right is mirrored.
    - weights: [2][2 units][4 units], of the states at N and at W.
    - initial: [2][2 units], states and cells outside of the crop.
    """
    if fused:
        from .diagonal_bilstm_kernels import Recurrence
        left, right = Recurrence.apply(gates, weights, initial, quantize)
    else:
        left, right = plain(gates, weights, initial, quantize)
    above = torch.cat([torch.zeros_like(right[:, :1]), right.flip(2)[:, :-1]], 1)
    return left + above


def plain(gates, weights, initial, quantize):
    """Both directions' states, [2][crops][rows][columns][units], as PyTorch's own operations."""
    columns, units = gates.shape[3], weights.shape[2] // 4
    gates = skewed(gates)
    _, crops, rows, steps = gates.shape[:4]
    outside = initial.view(2, 1, 1, 2 * units).expand(2, crops, rows, 2 * units)
    first_state, first_cell = outside[..., :units], outside[..., units:]
    state, cell, result = first_state, first_cell, []
    row = torch.arange(rows, device=gates.device).view(rows, 1)
    for t in range(steps):
        above = torch.cat([first_state[:, :, :1], state[:, :, :-1]], 2)
        seen = torch.cat([above, state], -1).view(2, crops * rows, 2 * units)
        sums = gates[:, :, :, t] + torch.bmm(seen, weights).view(2, crops, rows, 4 * units)
        new_cell, new_state = step(sums, cell, quantize)
        # A row begins with its first column; before, all is as outside.
        if t < rows - 1:
            has_begun = row <= t
            new_cell = torch.where(has_begun, new_cell, first_cell)
            new_state = torch.where(has_begun, new_state, first_state)
        cell, state = new_cell, new_state
        result.append(state)
    return unskewed(torch.stack(result, 3), columns)
