"""Rounding as the integer network does it, with gradients as if there were none."""
LOG2E = 1.44269504


def rounded(x, unit):
    """x to the nearest multiple of 1 / unit."""
    return x + ((x * unit).round() * (1 / unit) - x).detach()


def rounded_activations(x):
    """x to the nearest 256th of 16 bits."""
    return x + ((x * 256).round().clamp(-32768, 32767) * (1 / 256) - x).detach()
