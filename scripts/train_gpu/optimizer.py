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
        self.matrices = [
            layer for layer in layout.layers if recipe.optimizer == "muon"
            and layer.kind not in ("inputConvolution", "headOutput")]

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
        before = [self.momentum(layer, gradient) for layer in self.matrices]
        self.adam(gradient)
        for layer, (weights, moments) in zip(self.matrices, before):
            self.weights[layer.offset:layer.bias] = weights
            self.first[layer.offset:layer.bias] = moments
            self.second[layer.offset:layer.bias] = 0
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

    def momentum(self, layer, gradient):
        """Muon's weights and moving sum of a layer, flat. The gates are matrices of their own."""
        place = slice(layer.offset, layer.bias)
        shape, own = (layer.inputs, layer.outputs), layer.matrix_outputs

        def apart(values):
            return values.view(shape).view(layer.inputs, -1, own).transpose(0, 1)

        g = gradient[place]
        moments = MUON * self.first[place] + g
        update = apart(g + MUON * moments)
        update = orthogonalized(update / update.norm(dim=(1, 2), keepdim=True).clamp(min=1e-30))
        size = self.rate * 0.2 * max(layer.inputs, own) ** 0.5
        update = update.transpose(0, 1).reshape(-1)
        return self.weights[place] - size * update * self.mask[place], moments


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
