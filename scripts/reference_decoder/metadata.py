"""FORMAT.md, section 1.3: the metadata, and the palette in it."""
import functools, pathlib, re, zlib

from .basics import Reader, need
from .container import DEFLATED_METADATA, METADATA, PLAIN_METADATA
from .entries import unpacked

# 1.3: the first bytes of the type of a known chunk.
KNOWN_TYPE = b"\x01KC"
# Appendix D: the types of the known chunks.
KNOWN = [b"iCCP", b"iCCP", b"cICP", b"cHRM", b"gAMA", b"sRGB", b"pHYs", b"iCCP", b"iCCP", b"iCCP"]


@functools.cache
def known_data():
    """Appendix D: the data of the known chunks, from the text."""
    text = (pathlib.Path(__file__).parents[2] / "FORMAT.md").read_text()
    section = text.split("## Appendix D", 1)[1]
    chunks = re.findall(r"^Known chunk \d+, \w{4}:\n\n((?:    [0-9a-f]+\n)+)", section, re.M)
    return [bytes.fromhex(chunk) for chunk in chunks]


def inflated(payload):
    """The bytes of `deflatedMetadata`."""
    reader = Reader(payload, "corrupt: the metadata ends too early")
    size = reader.varint()
    need(size <= 2**26, "over the limit: deflated metadata")
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(payload[reader.at :], size + 1)
    except zlib.error:
        need(False, "corrupt: deflated metadata")
    is_whole = inflater.eof and not inflater.unused_data and len(data) == size
    need(is_whole, "corrupt: deflated metadata")
    return data


def read_metadata(payload, kind=METADATA, limit=2**20):
    """All entries, pairs of type and data."""
    if kind == DEFLATED_METADATA:
        data = inflated(payload)
    else:
        data = payload if kind == PLAIN_METADATA else unpacked(payload, limit)
    reader = Reader(data, "corrupt: the metadata ends too early")
    has_image, entries = False, []
    while reader.left:
        kind, length = reader.bytes(4), reader.varint()
        need(length < 2**31 or kind == b"IEND", "corrupt: length of a metadata entry")
        data = reader.bytes(length)
        if kind[:3] == KNOWN_TYPE:
            need(length == 0 and kind[3] < len(KNOWN), "corrupt: known chunk")
            kind, data = KNOWN[kind[3]], known_data()[kind[3]]
        need(kind.isalpha() and kind.isascii(), "corrupt: type of a metadata entry")
        need(kind != b"IHDR", "corrupt: type of a metadata entry")
        if kind == b"IDAT":
            need(length == 0 and not has_image, "corrupt: the metadata's IDAT")
            has_image = True
        elif kind == b"IEND":
            need(has_image and data and not reader.left, "corrupt: the metadata's IEND")
        entries.append((kind, data))
    need(has_image, "corrupt: the metadata's IDAT")
    return entries


def palette(entries):
    """The data of PLTE and of tRNS before the image data; None where there is no PLTE there."""
    before = entries[: [kind for kind, _ in entries].index(b"IDAT")] if entries else []
    first = dict(reversed(before))
    return (first[b"PLTE"], first.get(b"tRNS", b"")) if b"PLTE" in first else None
