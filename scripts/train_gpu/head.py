"""The last layer: logits exist only as a chunk of one colour, and become a loss and its
gradient."""
import torch
import torch.nn.functional as F

CHUNK = 65536
# Of wider heads, the kernel's sums of gradients would not fit in registers.
FUSED_WEIGHTS = 64 * 256


def loss(network, parameters, hidden, symbols):
    """The summed cross-entropy in nats.

    - hidden: [cells][head features].
    - symbols: [crops][colours][cells of a crop], UInt8.
    """
    total = torch.zeros((), device=hidden.device)
    for layer, targets in _colours(network, symbols):
        weights, bias = _matrix(network, parameters, layer)
        for first in range(0, hidden.shape[0], CHUNK):
            x, target = hidden[first:first + CHUNK, :layer.inputs], targets[first:first + CHUNK]
            logits = torch.addmm(bias, x, weights)
            total += _cross_entropy(network.classes, logits, target)
    return total


def _colours(network, symbols):
    """Each colour that costs something: its layer, and its symbols [cells]."""
    for colour in range(network.recipe.known_colours, network.recipe.colours):
        yield network.layout.layer("headOutput", colour), symbols[:, colour].reshape(-1)


def _matrix(network, parameters, layer):
    """Weights and bias of a layer, of which ln(size) of each class makes a softmax of classes."""
    weights, bias = network.matrix(parameters, layer)
    return weights, bias + network.classes.log_sizes


def _cross_entropy(classes, logits, target):
    if logits.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(logits[:, 0], target.float(), reduction="sum")
    own = classes.own[target.long()]
    return F.cross_entropy(logits, own, reduction="sum") + classes.log_sizes[own].sum()


@torch.no_grad()
def loss_and_gradient(network, parameters, hidden, symbols, gradient, scale, fused=False):
    """The summed loss, and the gradient of `hidden`, both times `scale`; adds that of the layer's
    own parameters to `gradient`."""
    total = torch.zeros((), device=hidden.device)
    d_hidden = torch.zeros_like(hidden)
    classes = network.classes
    for layer, targets in _colours(network, symbols):
        weights, bias = _matrix(network, parameters, layer)
        own = network.matrix(gradient, layer)
        if fused and 1 < layer.outputs and layer.inputs * layer.outputs <= FUSED_WEIGHTS:
            from .head_kernel import cross_entropy
            total += cross_entropy(
                hidden, weights, bias, targets, classes, scale, d_hidden, *own)
            continue
        for first in range(0, hidden.shape[0], CHUNK):
            x, target = hidden[first:first + CHUNK, :layer.inputs], targets[first:first + CHUNK]
            logits = torch.addmm(bias, x, weights)
            total += scale * _cross_entropy(classes, logits, target)
            if logits.shape[1] == 1:
                d = (torch.sigmoid(logits) - target[:, None].float()) * scale
            else:
                d = torch.softmax(logits, 1)
                at = classes.own[target.long()][:, None]
                d.scatter_add_(1, at, d.new_full(at.shape, -1))
                d *= scale
            d_hidden[first:first + CHUNK, :layer.inputs] += d @ weights.t()
            own[0].addmm_(x.t(), d)
            own[1].add_(d.sum(0))
    return total, d_hidden
