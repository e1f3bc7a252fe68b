"""The recurrence of a Row LSTM layer as two Triton kernels: a program goes down one crop.

A row's states are read by the next one through global memory, at the columns beside, behind a
barrier of the program; its own column's stay in registers. Blocks are padded to powers of 2.
"""
import torch
import triton
import triton.language as tl

from .rounding import LOG2E

# Products are of half precision: states, which are at most 1, have as many bits as in tf32.
# Gradients, of a mean over all cells, are multiplied by the number of cells before, and clipped.
HALF_LIMIT = tl.constexpr(60000.0)
# Warps of a program.
WARPS = 8

QUARTER = tl.constexpr(256 * LOG2E)
HALF = tl.constexpr(512 * LOG2E)
# 1.5 * 2^23: a small number that it is added to and taken from becomes an integer.
ROUNDER = tl.constexpr(12582912.0)


@triton.jit
def rounded(x, UNIT: tl.constexpr, QUANTIZE: tl.constexpr):
    if QUANTIZE:
        x = ((x * UNIT + ROUNDER) - ROUNDER) / UNIT
    return x


@triton.jit
def tangent(x):
    return 2 * tl.sigmoid(2 * x) - 1


@triton.jit
def tile(weights, TAP: tl.constexpr, GATE: tl.constexpr, UNITS: tl.constexpr, U: tl.constexpr,
         TRANSPOSED: tl.constexpr):
    """Weights of a tap and a gate: [unit above][unit], or transposed."""
    down, across = tl.arange(0, U)[:, None], tl.arange(0, U)[None, :]
    inside = (down < UNITS) & (across < UNITS)
    row, column = down, across
    if TRANSPOSED:
        row, column = across, down
    at = (TAP * UNITS + row) * 4 * UNITS + GATE * UNITS + column
    return tl.load(weights + at, inside, 0.0).to(tl.float16)


@triton.jit
def sums(total, left, own, right, a, b, c):
    total = tl.dot(left, a, total)
    total = tl.dot(own, b, total)
    return tl.dot(right, c, total)


@triton.jit
def step(o, f, i, g, cell, QUANTIZE: tl.constexpr):
    """Gates, cells and states from the sums of gates and the cells before: `row_lstm.step`."""
    o = tl.sigmoid(rounded(o, QUARTER, QUANTIZE))
    f = tl.sigmoid(rounded(f, QUARTER, QUANTIZE))
    i = tl.sigmoid(rounded(i, QUARTER, QUANTIZE))
    g = tangent(rounded(g, HALF, QUANTIZE))
    cell = rounded(f * cell, 2048, QUANTIZE) + rounded(i * g, 2048, QUANTIZE)
    state = rounded(o * tangent(rounded(cell, HALF, QUANTIZE)), 4096, QUANTIZE)
    return o, f, i, g, cell, state


@triton.jit
def step_back(dh, dc, o, f, i, g, cell, before):
    """Gradients of the sums of gates and of the cells before, from those of states and cells."""
    t = tangent(cell)
    dc += dh * o * (1 - t * t)
    do = dh * t * o * (1 - o)
    df = dc * before * f * (1 - f)
    di = dc * g * i * (1 - i)
    dg = dc * i * (1 - g * g)
    return do, df, di, dg, dc * f


@triton.jit
def forward_kernel(gates, first, weights, cell_above, states, cells, rows,
                   COLUMNS: tl.constexpr, UNITS: tl.constexpr, C: tl.constexpr, U: tl.constexpr,
                   DILATION: tl.constexpr, QUANTIZE: tl.constexpr):
    """The sums in `gates` become the gates."""
    ROW: tl.constexpr = COLUMNS * UNITS
    column, unit = tl.arange(0, C)[:, None], tl.arange(0, U)[None, :]
    inside = (column < COLUMNS) & (unit < UNITS)
    has_left = inside & (column >= DILATION)
    has_right = inside & (column < COLUMNS - DILATION)
    seen = unit < UNITS
    at = tl.program_id(0) * rows * ROW + column * UNITS + unit
    gate = 4 * (at - unit) + unit

    ao, bo, co = (tile(weights, 0, 0, UNITS, U, False), tile(weights, 1, 0, UNITS, U, False),
                  tile(weights, 2, 0, UNITS, U, False))
    af, bf, cf = (tile(weights, 0, 1, UNITS, U, False), tile(weights, 1, 1, UNITS, U, False),
                  tile(weights, 2, 1, UNITS, U, False))
    ai, bi, ci = (tile(weights, 0, 2, UNITS, U, False), tile(weights, 1, 2, UNITS, U, False),
                  tile(weights, 2, 2, UNITS, U, False))
    ag, bg, cg = (tile(weights, 0, 3, UNITS, U, False), tile(weights, 1, 3, UNITS, U, False),
                  tile(weights, 2, 3, UNITS, U, False))

    o = tl.load(gates + gate, inside, 0.0) + tl.load(first + unit, seen, 0.0)
    f = tl.load(gates + gate + UNITS, inside, 0.0) + tl.load(first + unit + UNITS, seen, 0.0)
    i = tl.load(gates + gate + 2 * UNITS, inside, 0.0) + tl.load(
        first + unit + 2 * UNITS, seen, 0.0)
    g = tl.load(gates + gate + 3 * UNITS, inside, 0.0) + tl.load(
        first + unit + 3 * UNITS, seen, 0.0)
    cell = tl.zeros((C, U), tl.float32) + tl.load(cell_above + unit, seen, 0.0)
    state = tl.zeros((C, U), tl.float32)
    for row in range(rows):
        # The next row's sums are under way while this one's are used.
        later = gate + 4 * ROW
        more = inside & (row + 1 < rows)
        next_o = tl.load(gates + later, more, 0.0)
        next_f = tl.load(gates + later + UNITS, more, 0.0)
        next_i = tl.load(gates + later + 2 * UNITS, more, 0.0)
        next_g = tl.load(gates + later + 3 * UNITS, more, 0.0)
        left = tl.load(states + at - ROW - DILATION * UNITS, has_left & (row > 0), 0.0)
        right = tl.load(states + at - ROW + DILATION * UNITS, has_right & (row > 0), 0.0)
        left, right = left.to(tl.float16), right.to(tl.float16)
        own = state.to(tl.float16)
        o = sums(o, left, own, right, ao, bo, co)
        f = sums(f, left, own, right, af, bf, cf)
        i = sums(i, left, own, right, ai, bi, ci)
        g = sums(g, left, own, right, ag, bg, cg)
        o, f, i, g, cell, state = step(o, f, i, g, cell, QUANTIZE)
        tl.store(states + at, state, inside)
        tl.store(cells + at, cell, inside)
        tl.store(gates + gate, o, inside)
        tl.store(gates + gate + UNITS, f, inside)
        tl.store(gates + gate + 2 * UNITS, i, inside)
        tl.store(gates + gate + 3 * UNITS, g, inside)
        tl.debug_barrier()
        o, f, i, g = next_o, next_f, next_i, next_g
        gate = later
        at += ROW


@triton.jit
def half(x, size):
    return tl.minimum(tl.maximum(x * size, -HALF_LIMIT), HALF_LIMIT).to(tl.float16)


@triton.jit
def sums_of_gates(do, df, di, dg, o, f, i, g):
    total = tl.dot(do, o)
    total = tl.dot(df, f, total)
    total = tl.dot(di, i, total)
    return tl.dot(dg, g, total)


@triton.jit
def backward_kernel(gates, weights, cell_above, cells, d_states, d_gates, d_cell, beside, rows,
                    size, COLUMNS: tl.constexpr, UNITS: tl.constexpr, C: tl.constexpr,
                    U: tl.constexpr, DILATION: tl.constexpr):
    """From the last row up. `beside` [crops][2][2][columns][units] holds what a row's gates give
    the states to their left and right, of even and of odd rows. `size` is what gradients are
    multiplied by in products."""
    ROW: tl.constexpr = COLUMNS * UNITS
    column, unit = tl.arange(0, C)[:, None], tl.arange(0, U)[None, :]
    inside = (column < COLUMNS) & (unit < UNITS)
    has_left = inside & (column >= DILATION)
    has_right = inside & (column < COLUMNS - DILATION)
    place = column * UNITS + unit
    at = tl.program_id(0) * rows * ROW + (rows - 1) * ROW + place
    gate = 4 * (at - unit) + unit
    beside += tl.program_id(0) * 4 * ROW

    ao, bo, co = (tile(weights, 0, 0, UNITS, U, True), tile(weights, 1, 0, UNITS, U, True),
                  tile(weights, 2, 0, UNITS, U, True))
    af, bf, cf = (tile(weights, 0, 1, UNITS, U, True), tile(weights, 1, 1, UNITS, U, True),
                  tile(weights, 2, 1, UNITS, U, True))
    ai, bi, ci = (tile(weights, 0, 2, UNITS, U, True), tile(weights, 1, 2, UNITS, U, True),
                  tile(weights, 2, 2, UNITS, U, True))
    ag, bg, cg = (tile(weights, 0, 3, UNITS, U, True), tile(weights, 1, 3, UNITS, U, True),
                  tile(weights, 2, 3, UNITS, U, True))

    start = tl.zeros((C, U), tl.float32) + tl.load(cell_above + unit, unit < UNITS, 0.0)
    own = tl.zeros((C, U), tl.float32)
    dc = tl.zeros((C, U), tl.float32)
    cell = tl.load(cells + at, inside, 0.0)
    for back in range(rows):
        row = rows - 1 - back
        o = tl.load(gates + gate, inside, 0.0)
        f = tl.load(gates + gate + UNITS, inside, 0.0)
        i = tl.load(gates + gate + 2 * UNITS, inside, 0.0)
        g = tl.load(gates + gate + 3 * UNITS, inside, 0.0)
        dh = tl.load(d_states + at, inside, 0.0) + own
        above = tl.load(cells + at - ROW, inside & (row > 0), 0.0)
        above = tl.where(row > 0, above, start)
        # A state is read by the columns on both sides, one row further down.
        read = beside + ((row + 1) % 2) * 2 * ROW + place
        dh += tl.load(read + DILATION * UNITS, has_right & (back > 0), 0.0)
        dh += tl.load(read + ROW - DILATION * UNITS, has_left & (back > 0), 0.0)
        do, df, di, dg, dc = step_back(dh, dc, o, f, i, g, cell, above)
        cell = above
        eo, ef, ei, eg = half(do, size), half(df, size), half(di, size), half(dg, size)
        left = sums_of_gates(eo, ef, ei, eg, ao, af, ai, ag) / size
        own = sums_of_gates(eo, ef, ei, eg, bo, bf, bi, bg) / size
        right = sums_of_gates(eo, ef, ei, eg, co, cf, ci, cg) / size
        write = beside + (row % 2) * 2 * ROW + place
        tl.store(write, left, inside)
        tl.store(write + ROW, right, inside)
        tl.store(d_gates + gate, do, inside)
        tl.store(d_gates + gate + UNITS, df, inside)
        tl.store(d_gates + gate + 2 * UNITS, di, inside)
        tl.store(d_gates + gate + 3 * UNITS, dg, inside)
        tl.debug_barrier()
        gate -= 4 * ROW
        at -= ROW
    tl.store(d_cell + tl.program_id(0) * ROW + place, dc, inside)


class Recurrence(torch.autograd.Function):
    """`row_lstm.plain` by the kernels. The gates' memory is used again."""

    @staticmethod
    def forward(ctx, gates, first, weights, cell, dilation, quantize):
        gates, first, weights = gates.contiguous(), first.contiguous(), weights.contiguous()
        crops, rows, columns, width = gates.shape
        units = width // 4
        states = gates.new_empty(crops, rows, columns, units)
        cells = torch.empty_like(states)
        ctx.sizes = dict(
            COLUMNS=columns, UNITS=units, C=max(16, triton.next_power_of_2(columns)),
            U=max(16, triton.next_power_of_2(units)), DILATION=dilation,
            num_warps=WARPS, num_stages=1)
        forward_kernel[crops,](
            gates, first, weights, cell.contiguous(), states, cells, rows, QUANTIZE=quantize,
            **ctx.sizes)
        ctx.save_for_backward(gates, weights, cell, states, cells)
        return states

    @staticmethod
    def backward(ctx, d_states):
        gates, weights, cell, states, cells = ctx.saved_tensors
        crops, rows, columns, units = states.shape
        d_gates = torch.empty_like(gates)
        d_cell = gates.new_empty(crops, columns, units)
        beside = gates.new_empty(crops, 2, 2, columns, units)
        backward_kernel[crops,](
            gates, weights, cell.contiguous(), cells, d_states.contiguous(), d_gates, d_cell,
            beside, rows, float(crops * rows * columns), **ctx.sizes)
        d = ctx.sizes["DILATION"]
        around = torch.nn.functional.pad(states, (0, 0, d, d, 1, 0))[:, :rows]
        taps = torch.cat([around[:, :, k * d:k * d + columns] for k in range(3)], -1)
        d_weights = taps.view(-1, 3 * units).t() @ d_gates.view(-1, 4 * units)
        d_first = d_gates[:, 0].sum((0, 1))
        return d_gates, d_first, d_weights, d_cell.sum((0, 1)), None, None
