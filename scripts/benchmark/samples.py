"""The samples of a PNG file of any kind: as they are in the file, and as RGBA of 16 bits."""
import zlib
from itertools import accumulate

from benchmark import png

# First column and row, and the steps between columns and rows, of each pass of Adam7.
ADAM7 = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2)]


def image(file):
    """The samples in the order of pixels: 2 bytes for one of 16 bits, else 1; raises png.Bad.

    Samples of fewer than 8 bits keep their values. Bits that fill up a line are left out.
    """
    width, height, bits = file.width, file.height, file.channels * file.depth
    unit = file.channels * (2 if file.depth == 16 else 1)
    passes = []
    for x, y, dx, dy in ADAM7 if file.interlaced else [(0, 0, 1, 1)]:
        columns, rows = -((x - width) // dx), -((y - height) // dy)
        if columns > 0 and rows > 0:
            passes.append((x, y, dx, dy, columns, rows, (columns * bits + 7) // 8))
    raw = inflated(file.deflated, sum(rows * (size + 1) for *_, rows, size in passes))
    out, offset = bytearray(width * height * unit), 0
    for x, y, dx, dy, columns, rows, size in passes:
        lines = unfiltered(raw, offset, size, rows, max(1, bits // 8))
        offset += rows * (size + 1)
        for r, line in enumerate(lines):
            if file.depth < 8:
                line = unpacked(line, file.depth)[:columns]
            start = ((y + r * dy) * width + x) * unit
            if dx == 1:
                out[start : start + columns * unit] = line
                continue
            for k in range(unit):
                end = start + k + (columns - 1) * dx * unit + 1
                out[start + k : end : dx * unit] = line[k::unit]
    return bytes(out)


def planes(file, samples):
    """The high bytes of red, the low ones, and so on to alpha: 8 planes, of image(file).

    Samples of fewer than 16 bits are scaled up, so two files of different kinds can be compared.
    """
    depth, colour, channels = file.depth, file.colour, file.channels
    transparency = file.first(b"tRNS")
    if colour == 3:
        palette = file.first(b"PLTE")
        alpha = (transparency or b"").ljust(256, b"\xff")
        tables = [palette[c::3].ljust(256, b"\0")[:256] for c in range(3)] + [alpha[:256]]
        return [samples.translate(table) for table in tables for _ in range(2)]
    if depth == 16:
        own = [samples[k :: 2 * channels] for k in range(2 * channels)]
    else:
        own = [samples[c::channels] for c in range(channels) for _ in range(2)]
    opaque = b"\xff" * (file.width * file.height)
    if transparency and colour in (0, 2):
        alpha = keyed(own, transparency[: 2 * channels], depth)
    else:
        alpha = opaque
    if depth < 8:
        shades = bytes(v * 255 // (2**depth - 1) for v in range(2**depth)).ljust(256, b"\0")
        own = [plane.translate(shades) for plane in own]
    if colour in (0, 4):
        own = own[:2] * 3 + own[2:]
    return own if colour in (4, 6) else own + [alpha, alpha]


def keyed(own, key, depth):
    """The plane of alpha, where pixels of the colour `key`, of 16 bits a sample, are transparent.

    Only the low bits of the key count that the samples have.
    """
    if depth < 16:
        key = bytes(byte & 2**depth - 1 for low in key[1::2] for byte in (low, low))
    both = -1
    for plane, byte in zip(own, key):
        equal = bytes(255 * (v == byte) for v in range(256))
        both &= int.from_bytes(plane.translate(equal), "little")
    return both.to_bytes(len(own[0]), "little").translate(bytes(range(255, -1, -1)))


def rgb(path):
    """Width, height, and the red, green and blue bytes of each pixel, in turn."""
    file = png.read(path)
    high = planes(file, image(file))[0:6:2]
    out = bytearray(3 * file.width * file.height)
    for c, plane in enumerate(high):
        out[c::3] = plane
    return file.width, file.height, bytes(out)


def inflated(data, size):
    """`size` bytes or one more; raises png.Bad where there are fewer, or the checksum is wrong."""
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise png.Bad(f"image data: {error}") from None
    if len(raw) < size or len(raw) == size and not inflater.eof:
        raise png.Bad("the image data ends early")
    return raw


def unfiltered(raw, offset, size, rows, step):
    """The lines, of `size` bytes, with their filters undone.

    `step` bytes lie between a sample and the sample on its left.
    """
    before = bytes(size)
    low = int.from_bytes(b"\x7f" * size, "little")
    for start in range(offset, offset + rows * (size + 1), size + 1):
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + size])
        if kind > 4:
            raise png.Bad(f"filter {kind}")
        if kind == 2:
            # All bytes are added at once; what would be carried out of a byte is left out.
            a, b = int.from_bytes(line, "little"), int.from_bytes(before, "little")
            line = (((a & low) + (b & low)) ^ ((a ^ b) & ~low)).to_bytes(size, "little")
        elif kind:
            for c in range(min(step, size)):
                line[c::step] = FILTERS[kind](line[c::step], before[c::step])
        before = bytes(line)
        yield before


def sub(values, above):
    return bytes([v & 255 for v in accumulate(values)])


def average(values, above):
    left, out = 0, bytearray()
    for value, up in zip(values, above):
        left = (value + (left + up) // 2) & 255
        out.append(left)
    return out


def paeth(values, above):
    left = corner = 0
    out = bytearray()
    for value, up in zip(values, above):
        by_left, by_up = up - corner, left - corner
        by_corner = abs(by_left + by_up)
        by_left, by_up = abs(by_left), abs(by_up)
        if by_left <= by_up and by_left <= by_corner:
            left = (value + left) & 255
        else:
            left = (value + (up if by_up <= by_corner else corner)) & 255
        corner = up
        out.append(left)
    return out


# What undoes a filter in the bytes of one channel, given those of the line above.
FILTERS = {1: sub, 3: average, 4: paeth}


def unpacked(line, depth):
    """The values of 1, 2 or 4 bits that lie in bytes, the high ones first."""
    shifts = range(8 - depth, -1, -depth)
    values = [bytes(byte >> shift & 2**depth - 1 for shift in shifts) for byte in range(256)]
    return b"".join(map(values.__getitem__, line))
