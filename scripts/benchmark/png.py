"""PNG files (ISO/IEC 15948), taken apart and written without any of the programs under test."""
import pathlib, struct, zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


class Bad(Exception):
    """What is wrong with a file that is no valid PNG."""


@dataclass(frozen=True)
class File:
    """A PNG file in its parts.

    `chunks` has the type and data of each chunk in order; one empty IDAT stands for all of them,
    whose data, joined, is in `deflated`. `rest` is what follows IEND.
    """
    width: int
    height: int
    depth: int
    colour: int
    interlaced: int
    chunks: tuple
    deflated: bytes
    rest: bytes

    @property
    def channels(self):
        """The samples of a pixel; an index into the palette is one."""
        return CHANNELS[self.colour]

    @property
    def size(self):
        return self.width, self.height

    @property
    def animated(self):
        return self.first(b"acTL") is not None

    def first(self, kind):
        """The data of the first chunk of a type; None if there is none."""
        return next((body for name, body in self.chunks if name == kind), None)


def read(path):
    """The file at a path; raises Bad. Pixels are not looked at: samples.image does that."""
    data = pathlib.Path(path).read_bytes()
    if data[:8] != SIGNATURE:
        raise Bad("no PNG signature")
    chunks, pieces, offset = [], [], 8
    while not chunks or chunks[-1][0] != b"IEND":
        if len(data) < offset + 12:
            raise Bad("the file ends early")
        length, kind = struct.unpack_from(">I4s", data, offset)
        body = data[offset + 8 : offset + 8 + length]
        offset += 12 + length
        if len(data) < offset:
            raise Bad("the file ends early")
        if zlib.crc32(kind + body) != struct.unpack_from(">I", data, offset - 4)[0]:
            raise Bad(f"wrong CRC of {kind.decode('latin-1')}")
        if kind == b"IDAT":
            pieces.append(body)
            if chunks and chunks[-1][0] == b"IDAT":
                continue
            body = b""
        chunks.append((kind, body))
    kinds = [kind for kind, _ in chunks]
    if kinds[0] != b"IHDR" or len(chunks[0][1]) != 13 or kinds.count(b"IHDR") != 1:
        raise Bad("not one IHDR")
    if kinds.count(b"IDAT") != 1:
        raise Bad("not one run of IDAT")
    header = struct.unpack(">IIBBBBB", chunks[0][1])
    width, height, depth, colour, compression, filters, interlaced = header
    if not 0 < width < 2**31 or not 0 < height < 2**31 or depth not in DEPTHS.get(colour, ()):
        raise Bad("illegal IHDR")
    if compression or filters or interlaced > 1:
        raise Bad("illegal IHDR")
    if colour == 3 and b"PLTE" not in kinds[: kinds.index(b"IDAT")]:
        raise Bad("no palette")
    return File(
        width, height, depth, colour, interlaced, tuple(chunks), b"".join(pieces), data[offset:])


def chunk(kind, body):
    length, crc = len(body), zlib.crc32(kind + body)
    return struct.pack(">I", length) + kind + body + struct.pack(">I", crc)


def strip(path, target):
    """Writes a PNG file without anything but its image; whether that has left anything out."""
    file = read(path)
    needed = [
        (kind, file.deflated if kind == b"IDAT" else body) for kind, body in file.chunks
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")]
    data = SIGNATURE + b"".join(chunk(*parts) for parts in needed)
    pathlib.Path(target).write_bytes(data)
    return len(needed) < len(file.chunks)


def write(path, width, height, lines, colour=2):
    """Writes an 8-bit RGB PNG, or with a `colour` of 0 a gray one, of lines of samples.

    Nothing but entropy coding: repeated pixels are not made use of.
    """
    deflate = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    with open(path, "wb") as file:
        header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
        file.write(SIGNATURE + chunk(b"IHDR", header))
        for line in lines:
            body = deflate.compress(b"\0" + line)
            if body:
                file.write(chunk(b"IDAT", body))
        file.write(chunk(b"IDAT", deflate.flush()) + chunk(b"IEND", b""))
