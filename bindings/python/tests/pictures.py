"""PNG files and pixels that the tests are made of."""

import struct
import zlib

from prnzip import Pixels

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def pixels(width, height, channels=3, depth=8, seed=1):
    """A picture of flat areas and some noise."""
    samples = bytearray()
    state = seed
    for row in range(height):
        for column in range(width):
            for channel in range(channels):
                state = (state * 1103515245 + 12345) % (1 << 31)
                value = 40 * (row // 8) + 20 * (column // 8) + 60 * channel + (state >> 16) % 3
                samples += (value * 257 % 65536).to_bytes(2, "big")[:depth // 8]
    return Pixels(width, height, channels, depth, bytes(samples))


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(picture, before=b"", colour_type=None):
    """A PNG file; `before` are chunks before the image data."""
    if colour_type is None:
        colour_type = COLOUR_TYPES[picture.channels]
    row = len(picture.data) // picture.height
    rows = b"".join(
        b"\0" + picture.data[start:start + row] for start in range(0, len(picture.data), row))
    header = struct.pack(
        ">IIBBBBB", picture.width, picture.height, picture.depth, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
        + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b""))


def palette_png():
    """3 x 1 pixels of a palette, of which the last is transparent, and what viewers show."""
    indices = Pixels(3, 1, 1, 8, bytes([0, 1, 2]))
    file = png(
        indices, chunk(b"PLTE", bytes([1, 2, 3, 4, 5, 6, 7, 8, 9])) + chunk(b"tRNS", b"\xff\xff\0"),
        colour_type=3)
    shown = Pixels(3, 1, 4, 8, bytes([1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 0]))
    return file, shown


def crop(picture, x, y, width, height):
    """A part of a picture."""
    size = picture.channels * picture.depth // 8
    rows = [
        picture.data[(row * picture.width + x) * size:(row * picture.width + x + width) * size]
        for row in range(y, y + height)]
    return Pixels(width, height, picture.channels, picture.depth, b"".join(rows))
