"""A colour's softmax, of symbols or of classes, as one Triton kernel: logits, loss and gradients of
a block of cells.

Products are of numbers with as many bits as in tf32.
"""
import torch
import triton
import triton.language as tl

# Cells of a block, and programs, each of which takes one block after the other.
BLOCK = 32
PROGRAMS = 132


@triton.jit
def kernel(hidden, weights, bias, symbols, classes, log_sizes, d_hidden, d_weights, d_bias, losses,
           cells, scale, WIDTH: tl.constexpr, INPUTS: tl.constexpr, K: tl.constexpr,
           LOGITS: tl.constexpr, BLOCK: tl.constexpr):
    """`hidden` and `d_hidden` are [cells][WIDTH], of which the colour sees INPUTS. `classes` [256]
    and `log_sizes` [LOGITS] are those of `Classes`; `bias` has the latter in it. `d_weights`
    [programs][INPUTS][LOGITS], `d_bias` [programs][LOGITS] and `losses` [programs] are each
    program's."""
    program = tl.program_id(0)
    logit = tl.arange(0, LOGITS)
    k = tl.arange(0, K)
    at = k[:, None] * LOGITS + logit[None, :]
    w = tl.load(weights + at, k[:, None] < INPUTS, 0.0).to(tl.float16)
    w_transposed = tl.trans(w)
    b = tl.load(bias + logit)
    dw = tl.zeros((K, LOGITS), tl.float32)
    db = tl.zeros((LOGITS,), tl.float32)
    total = tl.zeros((BLOCK,), tl.float32)
    for first in range(program * BLOCK, cells, tl.num_programs(0) * BLOCK):
        cell = first + tl.arange(0, BLOCK)
        is_cell = cell < cells
        inside = is_cell[:, None] & (k[None, :] < INPUTS)
        place = cell[:, None] * WIDTH + k[None, :]
        x = tl.load(hidden + place, inside, 0.0).to(tl.float16)
        symbol = tl.load(symbols + cell, is_cell, 0).to(tl.int32)
        own = tl.load(classes + symbol).to(tl.int32)
        logits = tl.dot(x, w) + b[None, :]
        logits -= tl.max(logits, 1)[:, None]
        is_own = logit[None, :] == own[:, None]
        target = tl.sum(tl.where(is_own, logits, 0.0), 1) - tl.load(log_sizes + own)
        e = tl.exp(logits)
        sums = tl.sum(e, 1)
        total += tl.where(is_cell, tl.log(sums) - target, 0.0)
        d = e / sums[:, None] - tl.where(is_own, 1.0, 0.0)
        d = tl.where(is_cell[:, None], d, 0.0)
        db += tl.sum(d, 0)
        d = d.to(tl.float16)
        before = tl.load(d_hidden + place, inside, 0.0)
        tl.store(d_hidden + place, before + scale * tl.dot(d, w_transposed), inside)
        dw = tl.dot(tl.trans(x), d, dw)
    tl.store(d_weights + program * INPUTS * LOGITS + at, scale * dw, k[:, None] < INPUTS)
    tl.store(d_bias + program * LOGITS + logit, scale * db)
    tl.store(losses + program, tl.sum(total, 0) * scale)


def cross_entropy(hidden, weights, bias, symbols, classes, scale, d_hidden, d_weights, d_bias):
    """The summed loss of a colour times `scale`; adds to the gradients."""
    cells, width = hidden.shape
    inputs, logits = weights.shape
    programs = min(PROGRAMS, triton.cdiv(cells, BLOCK))
    dw = hidden.new_empty(programs, inputs, logits)
    db, losses = hidden.new_empty(programs, logits), hidden.new_empty(programs)
    k = max(16, triton.next_power_of_2(inputs))
    kernel[programs,](
        hidden, weights.contiguous(), bias.contiguous(), symbols, classes.own, classes.log_sizes,
        d_hidden, dw, db, losses, cells, scale, WIDTH=width, INPUTS=inputs, K=k, LOGITS=logits,
        BLOCK=BLOCK, num_warps=8, num_stages=1)
    d_weights.add_(dw.sum(0))
    d_bias.add_(db.sum(0))
    return losses.sum()
