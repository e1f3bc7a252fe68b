"""Which symbols share a logit, as Sources/CNetwork/include/prn_classes.h says.

With ln(size) added to the logit of a class, what is left is a softmax of the classes, and a symbol
costs as much as its class and ln(size) more. Each symbol of a softmax is a class of its own.
"""
import math

import torch

# Symbols of the classes 0 to 31, those of the symbols below 128. The others mirror them.
SIZES = [1] * 16 + [4] * 4 + [8] * 12


class Classes:
    """`own` [256], the class of each symbol, and `log_sizes` [logits], in nats, on a device."""

    def __init__(self, logits, device):
        sizes = SIZES + SIZES[::-1] if logits == 64 else [1] * logits
        own = [k for k, size in enumerate(sizes) for _ in range(size)]
        self.own = torch.tensor(own, device=device)
        self.log_sizes = torch.tensor([math.log(size) for size in sizes], device=device)
