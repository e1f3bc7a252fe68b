"""Several runs at once on one device, each as fast as it goes, until their end or the time's."""
import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import torch

from .recipe import Unsupported
from .run import Run, valid_crops
from .stream import Ring


# What of a recipe its crops follow from.
SEEN = ("colours", "centre", "is_binary", "inputs", "kernel_size", "train", "valid", "tile",
        "subsample", "planes", "crop", "mirror", "processing")


class Trainer:
    """Trains recipes. `options` are those of the command line, `scripts/train-gpu --help`."""

    def __init__(self, recipes, options):
        self.options, self.begin = options, time.monotonic()
        self.rings, self.runs, valid, keys = {}, [], {}, []
        pool = ThreadPoolExecutor()
        for recipe, workers in zip(recipes, options.shares(recipes)):
            # Recipes that see the same crops share them.
            key = tuple(getattr(recipe, name) for name in SEEN)
            keys.append(key)
            if key not in self.rings:
                valid[key] = pool.submit(
                    valid_crops, options.prntrain, recipe, options.data, options.valid_crops,
                    options.device)
                self.rings[key] = Ring(
                    options.prntrain, recipe, options.data, workers, options.ring, options.crops,
                    options.device)
        for ring in self.rings.values():
            ring.open()
        for recipe, key in zip(recipes, keys):
            self.runs.append(Run(recipe, self.rings[key], valid[key].result(), options))

    def spent(self):
        """Seconds since the program began."""
        return time.monotonic() - self.begin

    def say(self, text):
        print(f"{self.spent():6.1f} s  {text}", flush=True)

    def wait_for_crops(self):
        """Until each ring has some batches."""
        for run in self.runs:
            wanted = min(self.options.first_crops, run.ring.size // 2)
            while run.ring.bounds[1] < max(wanted, run.batch):
                if run.ring.failure:
                    raise Unsupported(run.ring.failure)
                time.sleep(0.05)

    def schedule(self, run, start):
        """The rate and whether weights are rounded at a run's next step; None at its end."""
        recipe, seconds = run.recipe, self.options.seconds
        if seconds and self.spent() >= seconds:
            return None
        if not self.options.by_time:
            if run.step >= recipe.steps:
                return None
            return recipe.rate(run.step), recipe.is_quantized(run.step)
        share = (self.spent() - start) / max(seconds - start, 1e-9)
        rise = min(1, (run.step - run.first + 1) / recipe.warmup) if recipe.warmup else 1
        fall = min(1, (1 - share) / recipe.decay) if recipe.decay else 1
        quantize = recipe.quantize > 0 and share >= 1 - recipe.quantize
        return recipe.learning_rate * min(rise, max(fall, 0)), quantize

    def train(self):
        """Trains, with a line every ten seconds and validation now and then."""
        for run in self.runs:
            bits = run.bits(run.optimizer.average)
            self.say(f"{run.recipe.name}: {run.layout.count} parameters, step {run.step}, "
                     f"{run.valid.shape[0]} validation crops: {bits:.4f} bits/dim")
        self.wait_for_crops()
        self.say(f"crops: {[ring.taken for ring in self.rings.values()]}")
        start = self.spent()
        with contextlib.suppress(KeyboardInterrupt):
            self.loop(start)
        self.check(self.spent() - start)
        for ring in self.rings.values():
            ring.stop()

    def loop(self, start):
        """Steps until all runs are at their end."""
        told = checked = start
        active = list(self.runs)
        while active:
            began = False
            for run in list(active):
                if not run.is_ready():
                    continue
                began = True
                plan = self.schedule(run, start)
                if plan is None:
                    active.remove(run)
                else:
                    run.train(*plan)
            if not began:
                time.sleep(0.0002)
            now = self.spent()
            if now - told >= 10:
                told = now
                failures = [ring.failure for ring in self.rings.values() if ring.failure]
                if failures:
                    self.check(now - start)
                    raise Unsupported(failures[0])
                self.say(f"crops {[ring.taken for ring in self.rings.values()]}")
                for run in self.runs:
                    self.say("  " + run.described(now - start))
            if now - checked >= self.options.validate:
                self.check(now - start)
                checked = self.spent()

    def check(self, seconds):
        """Validates and saves all runs."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        for run in self.runs:
            run.save("", seconds)
            if run.valid.shape[0]:
                self.say(f"{run.recipe.name}: step {run.step}, validation "
                         f"{run.validate(seconds):.4f} bits/dim, best {run.best}")
