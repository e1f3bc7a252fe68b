"""The rules of the updates (Sources/Training/Optimizer.swift and Orthogonalizer.swift)."""
import torch

# The polynomial of Muon's rounds (Jordan et al. 2024), and how many there are.
POLYNOMIAL = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
# Decay of Muon's moving sum.
MUON = 0.95


class Optimizer:
    """Weights, average and moments, [parameters] each, on the device.

    `rate` and `step`, updates done before, are on the device, too, so that a graph of an update
    can be replayed."""

    def __init__(self, layout, checkpoint, device):
        self.layout, recipe = layout, layout.recipe
        arrays = torch.from_numpy(checkpoint.arrays.copy()).to(device)
        self.mask = torch.from_numpy(layout.mask).to(device)
        self.weights, self.average = arrays[0] * self.mask, arrays[1] * self.mask
        self.first, self.second = arrays[2].clone(), arrays[3].clone()
        self.rate = torch.zeros((), device=device)
        self.step = torch.full((), float(checkpoint.step), dtype=torch.float64, device=device)
        self.moments_start = checkpoint.moments_start
        self.beta1, self.beta2 = (0.0, 0.95) if recipe.optimizer == "rmsprop" else (0.9, 0.99)
        self.corrects = recipe.optimizer != "rmsprop"
        self.clip, self.decay = recipe.clip, recipe.average
        # The places of Muon's matrices, [count][inputs][outputs] for each size.
        self.matrices = []
        if recipe.optimizer == "muon":
            self.matrices = [places.to(device) for places in muon_places(layout)]

    @property
    def state(self):
        """All that an update changes."""
        return self.weights, self.average, self.first, self.second, self.step

    @torch.no_grad()
    def update(self, gradient):
        """One update; the norm of the gradient before it was clipped."""
        gradient = gradient * self.mask
        norm = gradient.norm()
        # A step that overflowed moves nothing.
        gradient = torch.where(norm.isfinite(), gradient, 0)
        if self.clip:
            gradient = gradient * (self.clip / norm).nan_to_num(0).clamp(max=1)
        self.step += 1
        before = [self.momentum(places, gradient) for places in self.matrices]
        self.adam(gradient)
        for places, (weights, moments) in zip(self.matrices, before):
            self.weights[places] = weights
            self.first[places] = moments
            self.second[places] = torch.zeros_like(moments)
        # The average follows fast at first, so that it forgets the starting weights.
        decay = ((1 + self.step) / (10 + self.step)).clamp(max=self.decay)
        self.average.add_((self.weights - self.average) * (1 - decay).float())
        return norm

    def adam(self, gradient):
        self.first.mul_(self.beta1).add_(gradient, alpha=1 - self.beta1)
        self.second.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        first, second = 1.0, 1.0
        if self.corrects:
            seen = self.step - self.moments_start
            first = (1 / (1 - self.beta1 ** seen)).float()
            second = (1 / (1 - self.beta2 ** seen)).float()
        step = self.first * first / ((self.second * second).sqrt() + 1e-8)
        self.weights.sub_(self.rate * step * self.mask)

    def momentum(self, places, gradient):
        """Muon's weights and moving sum of matrices of one size."""
        g = gradient[places]
        moments = MUON * self.first[places] + g
        update = g + MUON * moments
        update = orthogonalized(update / update.norm(dim=(1, 2), keepdim=True).clamp(min=1e-30))
        size = self.rate * 0.2 * max(places.shape[1:]) ** 0.5
        return self.weights[places] - size * update * self.mask[places], moments


def muon_places(layout):
    """Where Muon's matrices are in the parameters, by size. The gates are matrices of their own."""
    sizes = {}
    for layer in layout.layers:
        if layer.kind not in ("inputConvolution", "headOutput"):
            places = torch.arange(layer.offset, layer.bias).view(
                layer.inputs, -1, layer.matrix_outputs).transpose(0, 1)
            sizes.setdefault(places.shape[1:], []).append(places)
    return [torch.cat(places).contiguous() for places in sizes.values()]


def orthogonalized(x):
    """Matrices [count][rows][columns], of a norm of 1, with singular values of about 1."""
    a, b, c = POLYNOMIAL
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:
        x = x.transpose(1, 2)
    for _ in range(ROUNDS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.transpose(1, 2) if is_tall else x
