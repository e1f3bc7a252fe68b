"""Training recipes, as docs/Training.md describes them."""
import pathlib

DEFAULTS = {
    "centre": "colourMED", "inputs": "value residual prediction", "kernel-size": "7",
    "connections": "residual skip", "dilation-cycle": "1", "activation-maximum": "16383",
    "valid": "", "crop": "64", "batch": "8", "optimizer": "adam", "learning-rate": "0.002",
    "warmup": "300", "decay": "0.4", "dropout": "0", "quantize": "0.1", "clip": "1",
    "average": "0.999", "colours": "3", "body": "pixelCNN", "head": "softmax", "tile": "0",
    "mixture": "0", "seed": "1", "scale": "1", "planes": "samples", "subsample": "1",
    "mirror": "horizontal", "processing": "0", "reuse": "16", "start": "", "start-shape": "",
    "small": "", "conditioning-channels": "24",
}
REQUIRED = ("name", "features", "bottleneck", "blocks", "head-features", "train", "steps")
INTEGERS = ("features", "bottleneck", "blocks", "head-features", "kernel-size", "dilation-cycle",
            "activation-maximum", "crop", "batch", "warmup", "steps", "colours", "tile", "mixture",
            "seed", "scale")
NUMBERS = ("learning-rate", "decay", "quantize", "dropout", "clip", "average")
BODIES = ("pixelCNN", "rowLSTM", "diagonalBiLSTM")
# Of each kind of head, for a colour.
LOGITS = {"softmax": 256, "classes": 64, "sigmoid": 1}


class Unsupported(Exception):
    """A recipe, a checkpoint or a stream that this trainer cannot use; one line."""


class Recipe:
    """What a recipe says. The keys are attributes, with _ in place of -."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        values, last = dict(DEFAULTS), None
        for line in self.path.read_text().splitlines():
            content = line.split("#", 1)[0].rstrip()
            if not content:
                continue
            if last and content[0] == " " and "=" not in content:
                values[last] += " " + " ".join(content.split())
                continue
            key, _, value = content.partition("=")
            last = key.strip()
            if last not in DEFAULTS and last not in REQUIRED:
                raise Unsupported(f"{path}: unknown key {last}")
            values[last] = " ".join(value.split())
        missing = [key for key in REQUIRED if key not in values]
        if missing:
            raise Unsupported(f"{path}: {missing[0]} is missing")
        for key, value in values.items():
            kind = int if key in INTEGERS else float if key in NUMBERS else str
            try:
                setattr(self, key.replace("-", "_"), kind(value))
            except ValueError:
                raise Unsupported(f"{path}: {key} = {value} is no number") from None
        if self.tile:
            self.crop = self.tile
        for key, legal in (("head", LOGITS), ("body", BODIES)):
            if getattr(self, key) not in legal:
                raise Unsupported(
                    f"{path}: {key} = {getattr(self, key)} is none of {' '.join(legal)}")
        self.has_value = "value" in self.inputs.split()
        self.has_residual = "residual" in self.inputs.split()
        self.is_residual = "residual" in self.connections.split()
        self.has_skips = "skip" in self.connections.split()
        self.refuse()

    def refuse(self):
        """Raises `Unsupported` of a kind of network that prntrain alone can train."""
        kind = None
        if self.scale > 1:
            kind = "multi-scale"
        elif self.mixture:
            kind = "mixture"
        if kind:
            raise Unsupported(f"{self.path}: {kind} networks are trained by prntrain alone")

    @property
    def input_channels(self):
        """Of each colour: value, residual or both."""
        return self.has_value + self.has_residual

    @property
    def logits(self):
        """Of each colour: 256 of a softmax, 64 of classes, 1 of a sigmoid."""
        return LOGITS[self.head]

    @property
    def is_binary(self):
        """Whether values are 0 and 1."""
        return self.head == "sigmoid"

    @property
    def known_colours(self):
        """Colours, from the first on, that cost nothing."""
        return 1 if self.planes == "chroma" else 0

    @property
    def maximum(self):
        """Where activations are clipped."""
        return self.activation_maximum / 256

    def dilation(self, block):
        return 1 << block % self.dilation_cycle

    def rate(self, step):
        """The learning rate at a step: a linear rise, a plateau, a linear fall to 0."""
        rise = min(1, (step + 1) / self.warmup) if self.warmup else 1
        falling = self.decay * self.steps
        fall = min(1, (self.steps - step) / falling) if falling else 1
        return self.learning_rate * min(rise, max(fall, 0))

    def is_quantized(self, step):
        """Whether a step runs with rounded weights and activations."""
        return step >= self.steps * (1 - self.quantize)
