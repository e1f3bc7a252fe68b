"""The Triton kernels beside PyTorch's own operations, on random numbers: how far they are apart."""
import os
import time
import types

import torch

from . import diagonal_bilstm, head, row_lstm
from .classes import Classes


def relative(a, b):
    """The norm of the difference over the norm."""
    return float((a - b).norm() / b.norm().clamp(min=1e-30))


def timed(work, device, rounds):
    """Milliseconds of a call."""
    if device.type != "cuda":
        rounds = 1
    for measured in (False, True):
        if device.type == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(rounds if measured else 1):
            work()
        if device.type == "cuda":
            torch.cuda.synchronize()
    return 1000 * (time.perf_counter() - start) / rounds


def check_row_lstm(device, crops, side, units, dilation, quantize):
    sizes = ((crops, side, side, 4 * units), (3 * units, 4 * units), (2 * units,))
    return check_recurrence(
        device, f"Row LSTM, dilation {dilation}", sizes, quantize,
        lambda gates, weights, initial, fused: row_lstm.states(
            gates, weights, initial, dilation, quantize, fused))


def check_diagonal_bilstm(device, crops, side, units, quantize):
    sizes = ((2, crops, side, side, 4 * units), (2, 2 * units, 4 * units), (2, 2 * units))
    return check_recurrence(
        device, "Diagonal BiLSTM", sizes, quantize,
        lambda gates, weights, initial, fused: diagonal_bilstm.states(
            gates, weights, initial, quantize, fused))


def check_recurrence(device, name, sizes, quantize, states):
    """How far `states` of gates, weights and initial values of these sizes, and gradients, are
    apart."""
    *_, crops, side, _, gates = sizes[0]
    units = gates // 4
    given = [torch.randn(size, device=device) * scale
             for size, scale in zip(sizes, (1, 0.7 / units ** 0.5, 0.5))]
    # Gradients as of a mean over all cells.
    slope = torch.randn(crops, side, side, units, device=device) / (crops * side * side)
    results, times = [], []
    for fused in (True, False):
        def work():
            used = [x.clone().requires_grad_(True) for x in given]
            # `* 1`: the kernel writes to its argument.
            found = states(used[0] * 1, *used[1:], fused)
            results.append(
                [found.detach(), *torch.autograd.grad((found * slope).sum(), used)])
        times.append(timed(work, device, 3))
    apart = [relative(a, b) for a, b in zip(results[0], results[-1])]
    print(f"{name}, {crops} x {side} x {side}, {units} units"
          f"{', rounded' if quantize else ''}: {max(apart):.1e} apart, "
          f"{times[0]:.2f} ms, PyTorch {times[1]:.2f} ms", flush=True)
    return max(apart)


def check_head(device, crops, side, inputs, colours, logits):
    layers, end = [], 0
    for colour in range(colours):
        layer = types.SimpleNamespace(
            inputs=inputs * (colour + 1) // colours, outputs=logits, offset=end)
        layer.bias = end + layer.inputs * logits
        end = layer.bias + logits
        layers.append(layer)
    network = types.SimpleNamespace(
        recipe=types.SimpleNamespace(known_colours=0, colours=colours, logits=logits),
        layout=types.SimpleNamespace(layer=lambda kind, colour: layers[colour]),
        classes=Classes(logits, device),
        matrix=lambda p, l: (
            p[l.offset:l.bias].view(l.inputs, logits), p[l.bias:l.bias + logits]))
    parameters = torch.randn(end, device=device) * 0.3
    hidden = torch.rand(crops * side * side, inputs, device=device) * 3
    symbols = torch.randint(
        0, 256, (crops, colours, side * side), dtype=torch.uint8, device=device)
    scale, results, times = 1 / hidden.numel(), [], []
    for fused in (True, False):
        def work():
            gradient = torch.zeros_like(parameters)
            results.append([*head.loss_and_gradient(
                network, parameters, hidden, symbols, gradient, scale, fused),
                gradient])
        times.append(timed(work, device, 10))
    used = [x.clone().requires_grad_(True) for x in (hidden, parameters)]
    loss = scale * head.loss(network, used[1], used[0], symbols)
    own = [loss.detach(), *torch.autograd.grad(loss, used)]
    apart = [relative(a, b) for result in (results[0], results[-1]) for a, b in zip(result, own)]
    print(f"head of {inputs} features, {colours} colours, {logits} logits: {max(apart):.1e} apart, "
          f"{times[0]:.2f} ms, PyTorch {times[1]:.2f} ms", flush=True)
    return max(apart)


def check(options):
    """Prints all, and returns whether they agree. With TRITON_INTERPRET=1 it needs no GPU."""
    device = options.device
    torch.manual_seed(1)
    is_small = bool(os.environ.get("TRITON_INTERPRET"))
    crops, side = (1, 12) if is_small else (16, 64)
    # Of tiles, whose columns are no power of 2.
    tiles, tile = 4 * crops, 12 if is_small else 28
    apart = [check_row_lstm(device, crops, side, 24, 1, False),
             check_row_lstm(device, crops, side, 48, 2, False),
             check_row_lstm(device, tiles, tile, 32, 8, False),
             check_row_lstm(device, tiles, 12 if is_small else 32, 64, 2, False),
             check_diagonal_bilstm(device, tiles, tile, 32, False),
             check_diagonal_bilstm(device, tiles, 12 if is_small else 32, 64, False),
             check_head(device, crops, side, 48, 3, 256),
             check_head(device, crops, side, 32, 1, 256),
             check_head(device, crops, side, 48, 3, 64),
             check_head(device, crops, side, 24, 3, 64),
             check_head(device, crops, side, 24, 1, 64)]
    # Rounded, a difference in the last bit becomes one of a step.
    rounded = [check_row_lstm(device, crops, side, 24, 1, True),
               check_diagonal_bilstm(device, tiles, tile, 24, True)]
    return max(apart) < 3e-3 and max(rounded) < 0.05
