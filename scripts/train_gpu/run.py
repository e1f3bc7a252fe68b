"""The run of one recipe: its steps, on the device each one a graph, validation and checkpoints."""
import contextlib
import math
import pathlib

import torch

from . import checkpoint, head
from .layout import Layout
from .network import Network
from .optimizer import Optimizer
from .quantizer import Quantizer
from .stream import Ring

# Steps that are done one by one before the graph is made of one, and those under way at most.
EAGER, AHEAD = 3, 4


class Run:
    """A recipe that is trained. `options`: what the command line says for all runs."""

    def __init__(self, recipe, ring, valid, options):
        self.recipe, self.ring, self.valid, self.options = recipe, ring, valid, options
        self.device, self.path = options.device, pathlib.Path(options.runs) / recipe.name
        self.layout = Layout(recipe, ring.format.predictions_of_colour)
        start = checkpoint.read(f"{self.path}.checkpoint", self.layout)
        self.first = self.step = start.step
        self.generator, self.seconds = start.generator, start.seconds
        self.optimizer = Optimizer(self.layout, start, self.device)
        self.network = Network(self.layout, self.device, options.fused)
        self.quantizer = Quantizer(self.layout, self.device)
        self.used = self.optimizer.weights.clone().requires_grad_(True)
        self.batch = options.batch or recipe.batch
        self.records = torch.zeros(
            self.batch, ring.bytes, dtype=torch.uint8, device=self.device)
        self.loss = torch.zeros((), device=self.device)
        self.norm = torch.zeros((), device=self.device)
        self.graph, self.eager, self.events = None, EAGER, []
        self.best = (math.inf, None)
        is_cuda = self.device.type == "cuda"
        self.stream = torch.cuda.Stream(priority=options.priority(recipe)) if is_cuda else None

    def here(self):
        """Work goes into the run's own stream."""
        return torch.cuda.stream(self.stream) if self.stream else contextlib.nullcontext()

    def compute(self):
        """One step, from the records to the update."""
        side = self.recipe.crop
        with torch.no_grad():
            weights = self.optimizer.weights
            self.used.copy_(self.quantizer.rounded(weights) if self.network.quantize else weights)
        inputs, predictions, symbols = self.ring.format.parts(self.records, side, side)
        hidden = self.network.hidden(self.used, inputs, predictions, self.recipe.dropout)
        colours = self.recipe.colours - self.recipe.known_colours
        scale = 1 / (colours * self.batch * side * side)
        gradient = torch.zeros_like(self.used)
        loss, d_hidden = head.loss_and_gradient(
            self.network, self.used.detach(), hidden.detach(), symbols, gradient, scale,
            self.options.fused_head)
        body, = torch.autograd.grad(hidden, self.used, d_hidden)
        self.norm.copy_(self.optimizer.update(gradient + body))
        self.loss.copy_(loss / math.log(2))

    def capture(self):
        """Makes a graph of a step. The step itself is not done by it."""
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with Ring.copying, torch.cuda.graph(
                graph, stream=self.stream, capture_error_mode="thread_local"):
            self.compute()
        self.graph = graph

    def set_quantize(self, wanted):
        """Begins or ends the rounded steps."""
        if wanted and (not self.network.quantize or self.step % 200 == 0):
            self.quantizer.prepare(self.optimizer.weights.cpu().numpy())
        if wanted != self.network.quantize:
            self.network.quantize, self.graph, self.eager = wanted, None, EAGER

    def is_ready(self):
        """Whether few enough steps are under way that another may begin."""
        while self.events and self.events[0].query():
            self.events.pop(0)
        return len(self.events) < AHEAD

    def train(self, rate, quantize):
        """Begins a step at this learning rate."""
        with self.here():
            self.set_quantize(quantize)
            self.optimizer.rate.fill_(rate)
            torch.index_select(self.ring.records, 0, self.ring.draw(self.batch), out=self.records)
            if self.stream and self.options.graphs and not self.graph and not self.eager:
                self.capture()
            if self.graph:
                self.graph.replay()
            else:
                self.compute()
                self.eager = max(self.eager - 1, 0)
            if self.stream:
                event = torch.cuda.Event()
                event.record()
                self.events.append(event)
        self.step += 1

    @torch.no_grad()
    def bits(self, parameters):
        """Bits for each coded subpixel of the validation crops; nan if there are none."""
        side, total = self.recipe.crop, 0.0
        quantize, self.network.quantize = self.network.quantize, False
        with self.here():
            count = max(32, (1 << 17) // side ** 2)
            for first in range(0, self.valid.shape[0], count):
                # A copy: the parts are views of the memory from its beginning.
                records = self.valid[first:first + count].clone()
                inputs, predictions, symbols = self.ring.format.parts(records, side, side)
                hidden = self.network.hidden(parameters, inputs, predictions)
                total += float(head.loss(self.network, parameters, hidden, symbols))
        self.network.quantize = quantize
        colours = self.recipe.colours - self.recipe.known_colours
        values = self.valid.shape[0] * colours * side * side
        return total / math.log(2) / values if values else math.nan

    def validate(self, seconds):
        """Measures the averaged weights, notes the best ones, and writes the log."""
        average = self.optimizer.average
        bits = self.bits(average)
        if bits < self.best[0]:
            self.best = (bits, self.step)
            self.save(".best", seconds)
        log = pathlib.Path(f"{self.path}.csv")
        if not log.exists():
            nats = ",crops_nats" if self.recipe.tile else ""
            log.write_text(f"step,pixels,seconds,crops_bits_per_dim{nats}\n")
        # Of this trainer's own steps.
        pixels = (self.step - self.first) * self.batch * self.recipe.crop ** 2
        with log.open("a") as file:
            nats = f",{self.nats(bits):.3f}" if self.recipe.tile else ""
            file.write(f"{self.step},{pixels},{round(self.seconds + seconds)},{bits:.4f}{nats}\n")
        return bits

    def nats(self, bits):
        """Nats of a tile that has so many bits for each subpixel."""
        return bits * math.log(2) * self.recipe.colours * self.recipe.tile ** 2

    def save(self, suffix, seconds):
        """Writes the checkpoint."""
        if self.stream:
            self.stream.synchronize()
        arrays = torch.stack(self.optimizer.state[:4]).cpu().numpy()
        checkpoint.write(f"{self.path}{suffix}.checkpoint", checkpoint.Checkpoint(
            self.step, self.generator, self.seconds + seconds, self.optimizer.moments_start,
            arrays))

    def described(self, seconds):
        """A line on how it goes."""
        steps = self.step - self.first
        speed = steps * self.batch * self.recipe.crop ** 2 / max(seconds, 1e-9) / 1e6
        return (f"{self.recipe.name} step {self.step} {float(self.loss):.4f} bits/dim "
                f"|g| {float(self.norm):.3f} lr {1000 * float(self.optimizer.rate):.4f}e-3 "
                f"{steps / max(seconds, 1e-9):.1f} steps/s {speed:.2f} megapixels/s")


def valid_crops(program, recipe, data, crops, device):
    """The validation crops, [crops][bytes]."""
    from .stream import read
    if not recipe.valid:
        return torch.zeros(0, 4, dtype=torch.uint8, device=device)
    form, bytes_ = read(program, recipe, data, "--valid", "--crops", crops)
    size = form.sizes(recipe.crop, recipe.crop)[3]
    return torch.from_numpy(bytes_.copy()).view(-1, size).to(device)
