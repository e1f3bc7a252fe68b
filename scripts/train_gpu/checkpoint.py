"""Checkpoints as Sources/Training/Checkpoint.swift reads and writes them."""
import os
import struct

import numpy

from .recipe import Unsupported

# Of a compact checkpoint: what the differences are multiplied by.
DIFFERENCE_SCALE = 1024


class Checkpoint:
    """A run's state: `arrays` is [4][parameters], the weights, their average, both moments."""

    def __init__(self, step, generator, seconds, moments_start, arrays):
        self.step, self.generator, self.seconds = step, generator, seconds
        self.moments_start, self.arrays = moments_start, arrays


def _bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        raise Unsupported(f"{path}: cannot be read") from None


def _header(path, data):
    words = struct.unpack("<5Q", data[4:44]) if len(data) >= 44 else (0,)
    if data[:4] != b"PRNC" or not 1 <= words[0] <= 3:
        raise Unsupported(f"{path}: damaged, or no checkpoint")
    return words


def read(path, layout):
    """The checkpoint of a network of this layout; of a compact one, the moments begin anew."""
    data = _bytes(path)
    version, step, generator, _, count = _header(path, data)
    seconds, = struct.unpack("<d", data[28:36])
    if version == 3:
        kept = numpy.flatnonzero(layout.mask)
        numbers = numpy.frombuffer(data, "<f2", offset=44).astype(numpy.float32)
        arrays = numpy.zeros((4, layout.count), numpy.float32)
        if len(numbers) == 2 * len(kept):
            arrays[0, kept] = numbers[:len(kept)]
            arrays[1, kept] = arrays[0, kept] + numbers[len(kept):] / DIFFERENCE_SCALE
            if count == layout.count:
                return Checkpoint(step, generator, seconds, step, arrays)
    else:
        start, = struct.unpack("<Q", data[44:52]) if version == 2 else (0,)
        numbers = numpy.frombuffer(data, "<f4", offset=52 if version == 2 else 44)
        if len(numbers) == 4 * count and count == layout.count:
            return Checkpoint(step, generator, seconds, start, numbers.reshape(4, count))
    raise Unsupported(f"{path}: damaged, or of another architecture")


def write(path, checkpoint):
    """Writes a whole checkpoint, or none."""
    arrays = numpy.ascontiguousarray(checkpoint.arrays, "<f4")
    head = b"PRNC" + struct.pack("<3Q", 2, checkpoint.step, checkpoint.generator)
    head += struct.pack("<d", checkpoint.seconds)
    head += struct.pack("<2Q", arrays.shape[1], checkpoint.moments_start)
    with open(f"{path}.new", "wb") as file:
        file.write(head + arrays.tobytes())
    os.replace(f"{path}.new", path)
