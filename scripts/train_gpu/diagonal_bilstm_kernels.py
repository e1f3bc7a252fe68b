"""The recurrence of a Diagonal BiLSTM layer as two Triton kernels: a program goes over one crop
from one side, diagonal by diagonal.

A program's rows are those of the crop, each one column behind the row above. A diagonal's states
are read by the row below through global memory, behind a barrier of the program; those of its own
row stay in registers. Blocks are padded to powers of 2.
"""
import torch
import triton
import triton.language as tl

from .row_lstm_kernels import half, step, step_back, sums_of_gates, tile

# Warps of a program.
WARPS = 8


@triton.jit
def forward_kernel(gates, weights, initial, states, cells, crops, rows, columns,
                   UNITS: tl.constexpr, R: tl.constexpr, U: tl.constexpr, QUANTIZE: tl.constexpr):
    """The sums in `gates` [2][crops][rows][columns][4 units] become the gates."""
    direction = tl.program_id(0) // crops
    weights += direction * 8 * UNITS * UNITS
    initial += direction * 2 * UNITS
    row, unit = tl.arange(0, R)[:, None], tl.arange(0, U)[None, :]
    seen = unit < UNITS
    is_row = (row < rows) & seen
    # Where a row is at step 0: left of its first column.
    at = ((tl.program_id(0) * rows + row) * columns - row) * UNITS + unit
    gate = 4 * (at - unit) + unit

    ao, bo = tile(weights, 0, 0, UNITS, U, False), tile(weights, 1, 0, UNITS, U, False)
    af, bf = tile(weights, 0, 1, UNITS, U, False), tile(weights, 1, 1, UNITS, U, False)
    ai, bi = tile(weights, 0, 2, UNITS, U, False), tile(weights, 1, 2, UNITS, U, False)
    ag, bg = tile(weights, 0, 3, UNITS, U, False), tile(weights, 1, 3, UNITS, U, False)

    first_state = tl.zeros((R, U), tl.float32) + tl.load(initial + unit, seen, 0.0)
    first_cell = tl.zeros((R, U), tl.float32) + tl.load(initial + UNITS + unit, seen, 0.0)
    state, cell = first_state, first_cell
    inside = is_row & (row == 0)
    o = tl.load(gates + gate, inside, 0.0)
    f = tl.load(gates + gate + UNITS, inside, 0.0)
    i = tl.load(gates + gate + 2 * UNITS, inside, 0.0)
    g = tl.load(gates + gate + 3 * UNITS, inside, 0.0)
    for t in range(rows + columns - 1):
        # The next diagonal's sums are under way while this one's are used.
        later = gate + 4 * UNITS
        more = is_row & (t + 1 >= row) & (t + 1 < row + columns)
        next_o = tl.load(gates + later, more, 0.0)
        next_f = tl.load(gates + later + UNITS, more, 0.0)
        next_i = tl.load(gates + later + 2 * UNITS, more, 0.0)
        next_g = tl.load(gates + later + 3 * UNITS, more, 0.0)
        above = tl.load(states + at - columns * UNITS, inside & (row > 0), 0.0)
        above = tl.where(row > 0, above, first_state).to(tl.float16)
        own = state.to(tl.float16)
        o = tl.dot(own, bo, tl.dot(above, ao, o))
        f = tl.dot(own, bf, tl.dot(above, af, f))
        i = tl.dot(own, bi, tl.dot(above, ai, i))
        g = tl.dot(own, bg, tl.dot(above, ag, g))
        o, f, i, g, cell, state = step(o, f, i, g, cell, QUANTIZE)
        # Before a row's first column all is as outside.
        cell = tl.where(t >= row, cell, first_cell)
        state = tl.where(t >= row, state, first_state)
        tl.store(states + at, state, inside)
        tl.store(cells + at, cell, inside)
        tl.store(gates + gate, o, inside)
        tl.store(gates + gate + UNITS, f, inside)
        tl.store(gates + gate + 2 * UNITS, i, inside)
        tl.store(gates + gate + 3 * UNITS, g, inside)
        tl.debug_barrier()
        o, f, i, g = next_o, next_f, next_i, next_g
        inside = more
        gate = later
        at += UNITS


@triton.jit
def backward_kernel(gates, weights, initial, cells, d_states, d_gates, d_cell, below, crops, rows,
                    columns, size, UNITS: tl.constexpr, R: tl.constexpr, U: tl.constexpr):
    """From the last diagonal back. `below` [2][crops][2][rows][units] holds what a row's gates give
    the states above, of even and of odd diagonals; `d_cell` [2][crops][rows][units] becomes the
    gradient of the cells left of the first column. `size` is what gradients are multiplied by in
    products."""
    direction = tl.program_id(0) // crops
    weights += direction * 8 * UNITS * UNITS
    initial += direction * 2 * UNITS
    row, unit = tl.arange(0, R)[:, None], tl.arange(0, U)[None, :]
    seen = unit < UNITS
    is_row = (row < rows) & seen
    place = row * UNITS + unit
    last = rows + columns - 2
    at = ((tl.program_id(0) * rows + row) * columns + last - row) * UNITS + unit
    gate = 4 * (at - unit) + unit
    below += tl.program_id(0) * 2 * rows * UNITS
    d_cell += tl.program_id(0) * rows * UNITS

    ao, bo = tile(weights, 0, 0, UNITS, U, True), tile(weights, 1, 0, UNITS, U, True)
    af, bf = tile(weights, 0, 1, UNITS, U, True), tile(weights, 1, 1, UNITS, U, True)
    ai, bi = tile(weights, 0, 2, UNITS, U, True), tile(weights, 1, 2, UNITS, U, True)
    ag, bg = tile(weights, 0, 3, UNITS, U, True), tile(weights, 1, 3, UNITS, U, True)

    start = tl.zeros((R, U), tl.float32) + tl.load(initial + UNITS + unit, seen, 0.0)
    own = tl.zeros((R, U), tl.float32)
    dc = tl.zeros((R, U), tl.float32)
    for back in range(rows + columns - 1):
        t = last - back
        inside = is_row & (t >= row) & (t < row + columns)
        o = tl.load(gates + gate, inside, 0.0)
        f = tl.load(gates + gate + UNITS, inside, 0.0)
        i = tl.load(gates + gate + 2 * UNITS, inside, 0.0)
        g = tl.load(gates + gate + 3 * UNITS, inside, 0.0)
        cell = tl.load(cells + at, inside, 0.0)
        before = tl.load(cells + at - UNITS, inside & (t > row), 0.0)
        before = tl.where(t > row, before, start)
        dh = tl.load(d_states + at, inside, 0.0) + own
        # A state is read by the row below, one step later.
        read = below + ((t + 1) % 2) * rows * UNITS + place
        dh += tl.load(read + UNITS, inside & (row + 1 < rows) & (back > 0), 0.0)
        # Gates outside are 0, and so is all that comes of them.
        do, df, di, dg, dc = step_back(dh, dc, o, f, i, g, cell, before)
        tl.store(d_cell + place, dc, inside & (t == row))
        eo, ef, ei, eg = half(do, size), half(df, size), half(di, size), half(dg, size)
        upward = sums_of_gates(eo, ef, ei, eg, ao, af, ai, ag) / size
        own = sums_of_gates(eo, ef, ei, eg, bo, bf, bi, bg) / size
        tl.store(below + (t % 2) * rows * UNITS + place, upward, is_row)
        tl.store(d_gates + gate, do, inside)
        tl.store(d_gates + gate + UNITS, df, inside)
        tl.store(d_gates + gate + 2 * UNITS, di, inside)
        tl.store(d_gates + gate + 3 * UNITS, dg, inside)
        tl.debug_barrier()
        gate -= 4 * UNITS
        at -= UNITS


class Recurrence(torch.autograd.Function):
    """Both directions' states by the kernels: `diagonal_bilstm.plain`. The gates' memory is used
    again."""

    @staticmethod
    def forward(ctx, gates, weights, initial, quantize):
        gates, weights, initial = gates.contiguous(), weights.contiguous(), initial.contiguous()
        _, crops, rows, columns, width = gates.shape
        units = width // 4
        states = gates.new_empty(2, crops, rows, columns, units)
        cells = torch.empty_like(states)
        ctx.sizes = dict(
            UNITS=units, R=max(16, triton.next_power_of_2(rows)),
            U=max(16, triton.next_power_of_2(units)), num_warps=WARPS, num_stages=1)
        forward_kernel[2 * crops,](
            gates, weights, initial, states, cells, crops, rows, columns, QUANTIZE=quantize,
            **ctx.sizes)
        ctx.save_for_backward(gates, weights, initial, states, cells)
        return states

    @staticmethod
    def backward(ctx, d_states):
        gates, weights, initial, states, cells = ctx.saved_tensors
        _, crops, rows, columns, units = states.shape
        d_gates = torch.empty_like(gates)
        d_cell = gates.new_empty(2, crops, rows, units)
        below = gates.new_empty(2, crops, 2, rows, units)
        backward_kernel[2 * crops,](
            gates, weights, initial, cells, d_states.contiguous(), d_gates, d_cell, below, crops,
            rows, columns, float(crops * rows * columns), **ctx.sizes)
        outside = initial[:, :units].view(2, 1, 1, 1, units)
        above = torch.cat(
            [outside.expand(2, crops, 1, columns, units), states[:, :, :-1]], 2)
        beside = torch.cat(
            [outside.expand(2, crops, rows, 1, units), states[:, :, :, :-1]], 3)
        seen = torch.cat([above, beside], -1).view(2, -1, 2 * units)
        d_weights = seen.transpose(1, 2) @ d_gates.view(2, -1, 4 * units)
        # What is seen outside: above the first row, and left of the first column.
        top = d_gates[:, :, 0].sum((1, 2))[:, None] @ weights[:, :units].transpose(1, 2)
        side = d_gates[:, :, :, 0].sum((1, 2))[:, None] @ weights[:, units:].transpose(1, 2)
        d_initial = torch.cat([(top + side)[:, 0], d_cell.sum((1, 2))], -1)
        return d_gates, d_weights, d_initial, None
