"""FORMAT.md, section 1.5: the PNG file of a stored file."""
import zlib

from .basics import need
from .container import CHANNELS

DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def check_stored(file, png):
    """Rules 2 to 5; `file` is the header."""
    broken = "corrupt: the stored PNG file"
    chunks = list(chunks_of(png, broken))
    kinds = [kind for kind, _ in chunks]
    data = [content for kind, content in chunks if kind == b"IDAT"]
    first = kinds.index(b"IDAT") if data else 0
    need(data and kinds[first : first + len(data)] == len(data) * [b"IDAT"], broken)
    need(kinds[0] == b"IHDR" and kinds.count(b"IHDR") == 1 and chunks[-1][1] == b"", broken)
    header = chunks[0][1]
    need(len(header) == 13, broken)
    width, height = (int.from_bytes(header[i : i + 4], "big") for i in (0, 4))
    depth, colour_type, compression, filtering, interlace = header[8:]
    need(1 <= width < 2**31 and 1 <= height < 2**31, broken)
    need(depth in DEPTHS.get(colour_type, ()), broken)
    need((compression, filtering) == (0, 0) and interlace <= 1, broken)
    need(
        (width, height, interlace) == (file.width, file.height, file.interlaced)
        and (colour_type, depth) == (file.colour_type, file.sample_depth),
        "corrupt: the header is not that of the stored PNG file")
    most = 8 * 1032 * sum(map(len, data)) // (CHANNELS[colour_type] * depth)
    need(width * height <= most, broken)


def chunks_of(png, broken):
    """Types and data of the chunks up to IEND."""
    need(png[:8] == b"\x89PNG\r\n\x1a\n", broken)
    at, kind = 8, b""
    while kind != b"IEND":
        need(at + 12 <= len(png), broken)
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        end = at + 8 + length
        need(length < 2**31 and end + 4 <= len(png), broken)
        need(kind.isalpha() and kind.isascii(), broken)
        crc = int.from_bytes(png[end : end + 4], "big")
        need(zlib.crc32(png[at + 4 : end]) == crc, broken)
        yield kind, png[at + 8 : end]
        at = end + 4
