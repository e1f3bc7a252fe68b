"""Whether a program gave an image back: one that keeps pixels only, and prnzip, which keeps more.

These run in a process of their own, which holds the pixels; see codecs.run.
"""
import array, ast, functools, pathlib, sys
from dataclasses import dataclass

from benchmark import kinds, png, samples


@dataclass
class Description:
    """What a file is; `bad` says why it is no valid PNG, and the rest is empty then."""
    bad: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    channels: int = 0
    depth: int = 0
    animated: bool = False


def describe(path):
    try:
        file, _ = original(path)
    except png.Bad as error:
        return Description(bad=str(error))
    return Description(
        "", kinds.of(file), file.width, file.height, file.channels, file.depth, file.animated)


def same_pixels(path, result):
    """Whether two PNG files have the same colours, at the larger one of their depths."""
    if is_same_bytes(path, result):
        return True
    try:
        file = png.read(result)
        if (file.width, file.height) != original(path)[0].size:
            return False
        return samples.planes(file, samples.image(file)) == original_planes(path)
    except png.Bad:
        return False


def same_numbers(path, result):
    """Whether a NumPy file of 32-bit floats from 0 to 1 has the colours of a PNG file.

    Its shape is 1, height, width, channels: gray, gray and alpha, RGB or RGBA.
    """
    file, data = original(path)[0], pathlib.Path(result).read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    header = ast.literal_eval(data[10:start].decode())
    channels = header["shape"][-1]
    if header["descr"] != "<f4" or header["shape"] != (1, file.height, file.width, channels):
        return False
    numbers = array.array("f", data[start:])
    if sys.byteorder == "big":
        numbers.byteswap()
    planes = []
    for c in range(channels):
        # Not a number and what is out of range are no samples.
        own = [v if 0 <= v <= 1 else -1 for v in numbers[c::channels]]
        if -1 in own:
            return False
        values = [round(65535 * v) for v in own]
        planes += [bytes(v >> 8 for v in values), bytes(v & 255 for v in values)]
    if channels < 3:
        planes = planes[:2] * 3 + planes[2:]
    if channels in (1, 3):
        planes += [b"\xff" * (file.width * file.height)] * 2
    return planes == original_planes(path)


def difference(path, result):
    """What of a file prnzip has not given back; empty if all is there.

    The header, the samples, the chunks with their order, and what follows IEND have to be the same.
    """
    if is_same_bytes(path, result):
        return ""
    before, values = original(path)
    try:
        after = png.read(result)
        if before.chunks[0] != after.chunks[0]:
            return "the header"
        if before.chunks != after.chunks:
            return "the chunks"
        if before.rest != after.rest:
            return "the bytes behind IEND"
        return "" if samples.image(after) == values else "the pixels"
    except png.Bad as error:
        return f"all: {error}"


def is_same_bytes(path, result):
    return pathlib.Path(path).read_bytes() == pathlib.Path(result).read_bytes()


@functools.lru_cache(1)
def original(path):
    """A file that stays as it is while it is compared, and its samples."""
    file = png.read(path)
    return file, samples.image(file)


@functools.lru_cache(1)
def original_planes(path):
    return samples.planes(*original(path))
