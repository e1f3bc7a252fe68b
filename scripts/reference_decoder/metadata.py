"""FORMAT.md, section 1.3: the metadata, and the palette in it."""
from .basics import Reader, need
from .entries import unpacked

# 1.3: the first bytes of the type of a known chunk.
KNOWN_TYPE = b"\x01KC"
# Appendix D: the types of the known chunks. Their data are not needed to decode samples.
KNOWN = [b"iCCP", b"iCCP", b"cICP", b"cHRM", b"gAMA", b"sRGB", b"pHYs", b"iCCP", b"iCCP", b"iCCP"]


def read_metadata(payload, limit=2**31 - 1):
    """The entries before the image data, pairs of type and data; None is a known chunk's data."""
    reader = Reader(unpacked(payload, limit), "corrupt: the metadata ends too early")
    entries, before = [], None
    while reader.left:
        kind, length = reader.bytes(4), reader.varint()
        need(length < 2**31 or kind == b"IEND", "corrupt: length of a metadata entry")
        data = reader.bytes(length)
        if kind[:3] == KNOWN_TYPE:
            need(length == 0 and kind[3] < len(KNOWN), "corrupt: known chunk")
            kind, data = KNOWN[kind[3]], None
        need(kind.isalpha() and kind.isascii(), "corrupt: type of a metadata entry")
        need(kind != b"IHDR", "corrupt: type of a metadata entry")
        if kind == b"IDAT":
            need(length == 0 and before is None, "corrupt: the metadata's IDAT")
            before = entries[:]
        elif kind == b"IEND":
            need(before is not None and data and not reader.left, "corrupt: the metadata's IEND")
        entries.append((kind, data))
    need(before is not None, "corrupt: the metadata's IDAT")
    return before


def palette(entries):
    """The data of PLTE and of tRNS; None where there is no PLTE."""
    first = dict(reversed([entry for entry in entries if entry[1] is not None]))
    return (first[b"PLTE"], first.get(b"tRNS", b"")) if b"PLTE" in first else None
