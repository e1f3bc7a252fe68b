"""The code length of whole validation images, as `prntrain evaluate` prints it."""
import math
import pathlib

import torch

from . import checkpoint, head
from .layout import Layout
from .network import Network
from .quantizer import Quantizer
from .stream import RECORD_HEADER, read


@torch.no_grad()
def evaluate(recipe, options):
    """Prints the bits for each coded subpixel by the averaged weights, float and rounded."""
    form, data = read(options.prntrain, recipe, options.data, "--whole")
    layout = Layout(recipe, form.predictions_of_colour)
    path = pathlib.Path(options.runs) / f"{recipe.name}.checkpoint"
    state = checkpoint.read(path, layout)
    network = Network(layout, options.device)
    torch.backends.cuda.matmul.allow_tf32 = False
    average = torch.from_numpy(state.arrays[1].copy()).to(options.device) * network.mask
    quantizer = Quantizer(layout, options.device)
    quantizer.prepare(average.cpu().numpy())
    nats, values, at = [0.0, 0.0], 0, 0
    while at < len(data):
        rows, columns = data[at:at + RECORD_HEADER].view("<u4").tolist()
        size = form.sizes(rows, columns)[3]
        record = torch.from_numpy(data[at:at + size].copy()).view(1, -1).to(options.device)
        inputs, predictions, symbols = form.parts(record, rows, columns)
        for i, used in enumerate((average, quantizer.rounded(average))):
            network.quantize = i == 1
            hidden = network.hidden(used, inputs, predictions)
            nats[i] += float(head.loss(network, used, hidden, symbols))
        values += (recipe.colours - recipe.known_colours) * rows * columns
        at += size
    print(f"{recipe.name}, step {state.step}")
    for name, sum_ in zip(("float", "quantized"), nats):
        print(f"{name:13} {sum_ / math.log(2) / max(values, 1):.4f} bits/dim")
