"""PNG files (ISO/IEC 15948), read and written without any of the programs under test."""
import functools, pathlib, struct, zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def geometry(path):
    """Width, height and samples of a pixel."""
    with open(path, "rb") as file:
        width, height, _, colour = struct.unpack(">IIBB", file.read(26)[16:26])
    return width, height, CHANNELS[colour]


def same(original, result):
    """Whether two files hold the same pixels; None if that cannot be told.

    The original has to be of 8-bit RGB or gray, as programs differ in what they make of the other
    kinds. The result may be of any kind that can be read here.
    """
    if pathlib.Path(original).read_bytes() == pathlib.Path(result).read_bytes():
        return True
    _, _, depth, colour, _, _, interlaced = read(original)[0]
    if depth != 8 or colour not in (0, 2) or interlaced:
        return None
    pixels = pixels_of(result)
    return None if pixels is None else pixels == pixels_of_original(original)


@functools.lru_cache(1)
def pixels_of_original(path):
    """The same as pixels_of, for files that stay as they are."""
    return pixels_of(path)


def pixels_of(path):
    """Size and RGB samples of a PNG of gray, palette or RGB, 8 bits at most; None of another."""
    header, palette, data = read(path)
    width, height, depth, colour, _, _, interlaced = header
    if depth > 8 or colour not in (0, 2, 3) or interlaced:
        return None
    channels = CHANNELS[colour]
    lines = unfiltered(zlib.decompress(data), (width * channels * depth + 7) // 8, height, channels)
    if colour == 2:
        return width, height, b"".join(lines)
    if depth < 8:
        lines = (unpacked(line, depth)[:width] for line in lines)
    values = b"".join(lines)
    shades = [v * 255 // (2**depth - 1) for v in range(2**depth)]
    samples = bytearray(3 * len(values))
    for c in range(3):
        shade = palette[c::3] if colour == 3 else shades
        samples[c::3] = values.translate(bytes(shade).ljust(256, b"\0"))
    return width, height, bytes(samples)


def read(path):
    """The fields of IHDR, the palette, and the deflated image data."""
    data = pathlib.Path(path).read_bytes()
    offset, header, palette, idat = 8, None, b"", []
    while offset < len(data):
        length, kind = struct.unpack(">I4s", data[offset : offset + 8])
        body = data[offset + 8 : offset + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            idat.append(body)
        offset += 12 + length
    return header, palette, b"".join(idat)


def unfiltered(raw, size, height, step):
    """The lines, of `size` bytes, with their filters undone.

    `step` bytes lie between a sample and the sample on its left.
    """
    before = bytearray(size)
    for r in range(height):
        start = r * (size + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + size])
        if kind == 1:
            for i in range(step, size):
                line[i] = (line[i] + line[i - step]) & 255
        elif kind == 2:
            for i in range(size):
                line[i] = (line[i] + before[i]) & 255
        elif kind == 3:
            for i in range(size):
                line[i] = (line[i] + ((line[i - step] if i >= step else 0) + before[i]) // 2) & 255
        elif kind == 4:
            for i in range(size):
                a, b, c = 0, before[i], 0
                if i >= step:
                    a, c = line[i - step], before[i - step]
                p = a + b - c
                pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
                line[i] = (line[i] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
        yield bytes(line)
        before = line


def unpacked(line, depth):
    """The values of 1, 2 or 4 bits that lie in bytes, the high ones first."""
    shifts = range(8 - depth, -1, -depth)
    return bytes(byte >> shift & 2**depth - 1 for byte in line for shift in shifts)


def write(path, width, height, lines, colour=2):
    """Writes an 8-bit RGB PNG, or with a `colour` of 0 a gray one, of lines of samples.

    Nothing but entropy coding: repeated pixels are not made use of.
    """
    def chunk(kind, body):
        length, crc = len(body), zlib.crc32(kind + body)
        return struct.pack(">I", length) + kind + body + struct.pack(">I", crc)

    deflate = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    with open(path, "wb") as file:
        header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
        file.write(SIGNATURE + chunk(b"IHDR", header))
        for line in lines:
            body = deflate.compress(b"\0" + line)
            if body:
                file.write(chunk(b"IDAT", body))
        file.write(chunk(b"IDAT", deflate.flush()) + chunk(b"IEND", b""))
