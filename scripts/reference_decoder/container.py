"""FORMAT.md, sections 1 to 1.3: the file, its header, its sections, the metadata."""
import types, zlib

from .basics import Reader, need

MAGIC = b"\x89PRN\r\n\x1a\n"
STORED_PNG, METADATA, TILE, SMALL_TILE = 1, 2, 3, 4
LANE_PIXELS = 2**17
# Appendix D: the types of the known chunks.
KNOWN = [b"iCCP", b"iCCP", b"cICP", b"cHRM", b"gAMA", b"sRGB", b"pHYs", b"iCCP", b"iCCP", b"iCCP"]


def read_file(data):
    """1: the header, with the sections as pairs of kind and payload."""
    need(data and data[:8] == MAGIC[: len(data)], "not a prn file")
    framing = Reader(data)
    framing.bytes(8)
    version, length = framing.unsigned(1), framing.unsigned(2)
    header = Reader(framing.bytes(length), "corrupt: the header ends too early")
    need(zlib.crc32(data[: framing.at]) == framing.unsigned(4), "damaged header")
    need(version <= 4, "newer version")
    need(version == 4, "draft version")
    file = read_header(header)
    file.sections = []
    last, left = (TILE, section_count(file)) if file.kind else (STORED_PNG, 1)
    while left:
        kind, payload = read_section(framing)
        check_order(file, kind)
        file.sections.append((kind, payload))
        left -= kind == last
    need(framing.left == 0, "corrupt: bytes behind the last section")
    return file


def read_section(framing):
    start = framing.at
    kind, length = framing.unsigned(1), framing.varint()
    payload = framing.bytes(length)
    crc = zlib.crc32(framing.data[start : framing.at])
    need(crc == framing.unsigned(4), "damaged section")
    return kind, payload


def read_header(header):
    """1.1, what it demands of the header alone."""
    file = types.SimpleNamespace()
    file.kind, file.width, file.height = header.unsigned(1), header.varint(), header.varint()
    file.colour_type, file.sample_depth = header.unsigned(1), header.unsigned(1)
    file.digest = header.bytes(16)
    need(file.kind <= 1, "corrupt: kind of the content")
    need(1 <= file.width < 2**31 and 1 <= file.height < 2**31, "corrupt: size of the image")
    need(file.colour_type in (0, 2, 3, 4, 6), "corrupt: colour type")
    need(file.sample_depth in (1, 2, 4, 8, 16), "corrupt: sample depth")
    if file.kind == 1:
        kind = file.colour_type, file.sample_depth
        need(kind in ((2, 8), (0, 8), (0, 1)), "corrupt: kind of the image")
        need(file.width * file.height <= 2**40, "corrupt: size of the image")
        file.identity = header.bytes(16)
        file.tile_width, file.tile_height = header.varint(), header.varint()
        file.tiles_per_section = header.varint()
        file.mixing_level, file.adaptation = header.unsigned(1), header.unsigned(1)
        sides = file.tile_width, file.tile_height
        need(all(1 <= side <= 65535 for side in sides), "corrupt: size of the tiles")
        may_share = file.tile_width * file.tile_height < LANE_PIXELS
        most = 2**20 if may_share else 1
        need(1 <= file.tiles_per_section <= most, "corrupt: tiles of a section")
        need(file.mixing_level <= 3, "corrupt: mixing level")
        need(file.adaptation <= (2 if file.mixing_level else 0), "corrupt: adaptation")
    need(header.left == 0, "corrupt: length of the header")
    return file


def tile_grid(file, width, height):
    """Columns and rows of tiles of the image or of the small image."""
    return -(-width // file.tile_width), -(-height // file.tile_height)


def section_count(file):
    """1.2, rule 3."""
    across, down = tile_grid(file, file.width, file.height)
    return -(-across * down // file.tiles_per_section)


def check_order(file, kind):
    """1.2: whether a section may follow those before it."""
    before = file.sections[-1][0] if file.sections else None
    legal = {
        STORED_PNG: file.kind == 0, METADATA: file.kind and before is None,
        SMALL_TILE: file.kind and before != TILE, TILE: file.kind}
    need(legal.get(kind), "corrupt: kind of a section")


def check_metadata(payload):
    """1.3"""
    reader, marks = Reader(payload, "corrupt: the metadata ends too early"), 0
    while reader.left:
        kind, length = reader.bytes(4), reader.varint()
        need(kind.isalpha() and kind.isascii(), "corrupt: type of a metadata entry")
        need(kind not in (b"IHDR", b"IEND"), "corrupt: type of a metadata entry")
        if length & 1:
            known = length >> 1 < len(KNOWN) and KNOWN[length >> 1] == kind
            need(known, "corrupt: known chunk")
        else:
            need(length >> 1 < 2**31, "corrupt: length of a metadata entry")
            reader.bytes(length >> 1)
        if kind == b"IDAT":
            need(length == 0 and not marks, "corrupt: the metadata's IDAT")
            marks += 1
    need(marks == 1, "corrupt: the metadata's IDAT")
