"""What the command line leaves open: the device, and what it can do."""
import pathlib

import torch

from .recipe import Unsupported


def has_triton():
    try:
        import triton  # noqa: F401
    except ImportError:
        return False
    return True


def settle(options, recipes):
    """Adds the device, whether kernels are Triton's, whether steps are graphs, and the shares of
    the workers and of the GPU."""
    is_cuda = torch.cuda.is_available()
    options.device = torch.device("cuda" if is_cuda else "cpu")
    options.fused = is_cuda and has_triton() and not options.plain
    options.fused_head = options.fused and not options.plain_head
    options.graphs = is_cuda and not options.no_graphs
    if not options.check and not pathlib.Path(options.prntrain).is_file():
        raise Unsupported(f"{options.prntrain}: no such program")
    if options.by_time and not options.seconds:
        raise Unsupported("--by-time: of how many --seconds?")
    if not recipes and not options.check:
        raise Unsupported("no recipe")
    pathlib.Path(options.runs).mkdir(parents=True, exist_ok=True)
    torch.backends.cuda.matmul.allow_tf32 = True

    def shares(recipes):
        """Workers of each recipe: more of the first ones."""
        if options.share:
            return [int(word) for word in options.share.split(",")]
        return [max(1, round(options.workers / len(recipes)))] * len(recipes)

    options.shares = shares
    first = recipes[0].name if recipes else None
    # The lowest number goes first.
    options.priority = lambda recipe: -1 if recipe.name == first else 0
